import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamPair } from '@libp2p/utils'
import { readFrames, writeFrames } from './frames.ts'
import { bytes, text } from './test-network.ts'

function limits(frameBytesMax: number): { frameBytesMax: number; signal: AbortSignal } {
  return { frameBytesMax, signal: AbortSignal.timeout(10_000) }
}

test('frames arrive as they were written, the empty one too, and the end is the end', async () => {
  const [writer, reader] = await streamPair()
  const sent = ['one', '', 'three']
  await writeFrames(writer, sent.map(bytes), limits(10))
  await writer.close()
  const received: string[] = []
  for await (const frame of readFrames(reader, limits(10))) received.push(text(frame))
  assert.deepEqual(received, sent)
})

test('a frame at the limit is read, one above it breaks the stream', async () => {
  const [writer, reader] = await streamPair()
  await writeFrames(writer, [new Uint8Array(100), new Uint8Array(101)], limits(200))
  const frames = readFrames(reader, limits(100))
  const first = await frames.next()
  assert.equal(first.done === true ? 0 : first.value.length, 100)
  await assert.rejects(frames.next(), { name: 'InvalidDataLengthError' })
})

test('a frame above the limit is not written', async () => {
  const [writer] = await streamPair()
  await assert.rejects(writeFrames(writer, [new Uint8Array(11)], limits(10)))
})

test('a reader that waits too long, or is called off, is told so', async () => {
  const [, reader] = await streamPair()
  const pause = readFrames(reader, { ...limits(10), pauseMs: 5 }).next()
  await assert.rejects(pause, { name: /^(AbortError|TimeoutError)$/ })
  const controller = new AbortController()
  const [, other] = await streamPair()
  const waiting = readFrames(other, { frameBytesMax: 10, signal: controller.signal }).next()
  controller.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
})
