import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutput, formatJson, type Sink } from './output.ts'

function createSink(isTTY: boolean): Sink & { text: string } {
  return {
    text: '',
    isTTY,
    columns: 40,
    write(part: string) {
      this.text += part
    },
  }
}

test('without a terminal there are plain lines and no status', () => {
  const sink = createSink(false)
  const output = createOutput({ json: false }, sink, sink)
  output.status('height 1')
  output.line('one')
  assert.equal(sink.text, 'one\n')
})

test('on a terminal the status is erased before a line and drawn again below it', () => {
  const sink = createSink(true)
  const output = createOutput({ json: false, color: false }, sink, sink)
  output.status('height 1')
  output.line('one')
  assert.equal(sink.text, 'height 1\r\u001b[2Kone\nheight 1')
})

test('a status that is cleared leaves an empty line behind', () => {
  const sink = createSink(true)
  const output = createOutput({ json: false, color: false }, sink, sink)
  output.status('height 1')
  output.clearStatus()
  output.line('end')
  assert.equal(sink.text, 'height 1\r\u001b[2Kend\n')
})

test('a status never fills the last cell, where a terminal would wrap it', () => {
  const sink = createSink(true)
  createOutput({ json: false, color: false }, sink, sink).status('x'.repeat(60))
  assert.equal(sink.text, `${'x'.repeat(38)}…`)
})

test('with json only json reaches standard output, and warnings the other stream', () => {
  const [out, err] = [createSink(true), createSink(true)]
  const output = createOutput({ json: true }, out, err)
  output.line('one')
  output.status('height 1')
  output.warn('careful')
  output.json({ amount: 2n ** 60n })
  assert.equal(out.text, '{"amount":"1152921504606846976"}\n')
  assert.equal(err.text, 'careful\n')
})

test('json is not written unless asked for', () => {
  const sink = createSink(false)
  createOutput({ json: false }, sink, sink).json({})
  assert.equal(sink.text, '')
})

test('amounts in json are decimal text', () => {
  assert.equal(formatJson([1n, { a: 2 }]), '["1",{"a":2}]')
})
