import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromHex, toHex } from '@commonweal/protocol'
import { z } from 'zod'
import { checkHello, decodeHelloFrame } from '../../packages/node/src/network/hello.ts'
import { decodeResponseFrame } from '../../packages/node/src/network/response-frame.ts'
import { computeGossipId, formatTopic } from '../../packages/node/src/network/topics.ts'
import { loadVectors } from './vector.ts'

const text = z.string()
const topicName = z.enum(['consensus', 'transactions', 'negotiation'])

const inputSchema = z.union([
  z.strictObject({ topic: z.strictObject({ networkId: text, name: topicName }) }),
  z.strictObject({ hello: text }),
  z.strictObject({ gossipId: z.strictObject({ topic: text, data: text }) }),
  z.strictObject({ response: text }),
])

const OURS = { networkId: 'demo', protocolVersion: 1, name: 'demo', height: 0 }

describe('the wire vectors', () => {
  for (const vector of loadVectors('wire', inputSchema, z.record(text, z.unknown()))) {
    it(`${vector.id} ${vector.comment}`, () => {
      assert.deepEqual(answer(vector.input), vector.expect)
    })
  }
})

function answer(input: z.infer<typeof inputSchema>): object {
  if ('topic' in input) return { topic: formatTopic(input.topic.networkId, input.topic.name) }
  if ('gossipId' in input) {
    const { topic, data } = input.gossipId
    return { id: toHex(computeGossipId(topic, fromHex(data))) }
  }
  if ('hello' in input) {
    const frame = decodeHelloFrame(new TextEncoder().encode(input.hello))
    const code = checkHello(OURS, frame?.hello)
    return code === undefined ? { passes: true } : { code }
  }
  return answerResponse(fromHex(input.response))
}

function answerResponse(bytes: Uint8Array): object {
  const frame = decodeResponseFrame(bytes)
  switch (frame?.kind) {
    case 'body':
      return { body: toHex(frame.bytes) }
    case 'end':
      return { end: true }
    case 'refusal':
      return { code: frame.code }
    case undefined:
      return { code: 'no-frame' }
  }
}
