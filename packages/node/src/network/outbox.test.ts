import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { Outbox } from './outbox.ts'
import { bytes, text } from './test-network.ts'

async function takeAll(outbox: Outbox): Promise<string[]> {
  const taken: string[] = []
  const controller = new AbortController()
  for await (const frame of outbox.take(controller.signal)) {
    taken.push(text(frame))
    if (outbox.size === 0) controller.abort()
  }
  return taken
}

test('frames come out in the order in which they went in', async () => {
  const outbox = new Outbox(10, 1_000)
  for (const word of ['one', 'two', 'three']) outbox.push(bytes(word))
  assert.deepEqual(await takeAll(outbox), ['one', 'two', 'three'])
})

test('a full outbox drops its oldest frame, by count', async () => {
  const outbox = new Outbox(2, 1_000)
  for (const word of ['one', 'two']) outbox.push(bytes(word))
  assert.equal(outbox.droppedCount, 0)
  outbox.push(bytes('three'))
  assert.equal(outbox.droppedCount, 1)
  assert.deepEqual(await takeAll(outbox), ['two', 'three'])
})

test('a full outbox drops its oldest frames, by bytes, but never the newest', async () => {
  const outbox = new Outbox(10, 6)
  for (const word of ['aaa', 'bbb']) outbox.push(bytes(word))
  assert.equal(outbox.droppedCount, 0)
  outbox.push(bytes('c'))
  assert.equal(outbox.droppedCount, 1)
  outbox.push(bytes('larger than all of it'))
  assert.deepEqual([outbox.size, outbox.droppedCount], [1, 3])
  assert.deepEqual(await takeAll(outbox), ['larger than all of it'])
})

test('a reader that waits gets what comes later; the close ends it', async () => {
  const outbox = new Outbox(10, 1_000)
  const frames = outbox.take(new AbortController().signal)
  const first = frames.next()
  outbox.push(bytes('late'))
  const next = await first
  assert.equal(next.done === true ? '' : text(next.value), 'late')
  const last = frames.next()
  outbox.close()
  assert.equal((await last).done, true)
  outbox.push(bytes('too late'))
  assert.equal(outbox.size, 0)
})

test('the abort ends a waiting reader and leaves what waits to the next one', async () => {
  const outbox = new Outbox(10, 1_000)
  const controller = new AbortController()
  const waiting = outbox.take(controller.signal).next()
  controller.abort()
  assert.equal((await waiting).done, true)
  outbox.push(bytes('kept'))
  assert.deepEqual(await takeAll(outbox), ['kept'])
})

test('a wait leaves nothing behind on the signal of its stream', async () => {
  const outbox = new Outbox(10, 1_000)
  const { signal } = new AbortController()
  for (let count = 0; count < 20; count += 1) {
    const waited = outbox.untilWaiting(signal)
    outbox.push(bytes('frame'))
    await waited
    assert.equal((await outbox.take(signal).next()).done, false)
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})
