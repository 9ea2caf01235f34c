import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TopicValidatorResult } from '@chainsafe/libp2p-gossipsub'
import { peerIdFromString } from '@libp2p/peer-id'
import type { GossipInboxOptions } from './gossip-inbox.ts'
import { GossipInbox } from './gossip-inbox.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { GossipValidator } from './port.ts'
import { bytes } from './test-network.ts'

const PEER = peerIdFromString('12D3KooWCu2sMmJtNdzJcTkvUPDmbYjzRNeGqzaAmBUmzpRqR9NU')

interface Desk {
  readonly judge: (data: Uint8Array) => Promise<TopicValidatorResult>
  readonly penalties: string[]
  readonly bugs: unknown[]
}

function createDesk(validator: GossipValidator, change: Partial<GossipInboxOptions> = {}): Desk {
  const penalties: string[] = []
  const bugs: unknown[] = []
  const inbox = new GossipInbox({
    limits: DEFAULT_LIMITS,
    nowMs: () => 0,
    isAdmitted: () => true,
    penalise: (_peerId, points, code) => penalties.push(`${code} ${points}`),
    onBug: (error) => bugs.push(error),
    ...change,
  })
  inbox.set('negotiation', validator)
  const judge = async (data: Uint8Array): Promise<TopicValidatorResult> =>
    inbox.topicValidator('negotiation')(PEER, { type: 'unsigned', topic: '', data })
  return { judge, penalties, bugs }
}

test('verdicts are handed on, whether they come at once or later', async () => {
  const desk = createDesk((message) =>
    message.length === 0 ? 'accept' : Promise.resolve(message.length === 1 ? 'ignore' : 'reject'),
  )
  assert.equal(await desk.judge(bytes('')), TopicValidatorResult.Accept)
  assert.equal(await desk.judge(bytes('1')), TopicValidatorResult.Ignore)
  assert.deepEqual(desk.penalties, [])
  assert.equal(await desk.judge(bytes('12')), TopicValidatorResult.Reject)
  assert.deepEqual(desk.penalties, ['rejected-message 5'])
})

test('a validator never runs inside the call that brought the message', async () => {
  let isCalled = false
  const desk = createDesk(() => {
    isCalled = true
    return 'accept'
  })
  const verdict = desk.judge(bytes('x'))
  await Promise.resolve()
  assert.equal(isCalled, false)
  await verdict
  assert.equal(isCalled, true)
})

test('a peer that is not admitted is not heard', async () => {
  const desk = createDesk(() => assert.fail('heard'), { isAdmitted: () => false })
  assert.equal(await desk.judge(bytes('x')), TopicValidatorResult.Ignore)
})

test('a message above the size limit is rejected unread, one at it is judged', async () => {
  const desk = createDesk((message) => (message.length === 10 ? 'accept' : 'ignore'), {
    limits: { ...DEFAULT_LIMITS, gossipBytesMax: 10 },
  })
  assert.equal(await desk.judge(new Uint8Array(10)), TopicValidatorResult.Accept)
  assert.equal(await desk.judge(new Uint8Array(11)), TopicValidatorResult.Reject)
  assert.deepEqual(desk.penalties, ['too-large 5'])
})

test('messages that wait for their verdict are bounded for each peer', async () => {
  const gate = Promise.withResolvers<'accept'>()
  const desk = createDesk(() => gate.promise, {
    limits: { ...DEFAULT_LIMITS, gossipPendingMax: 2 },
  })
  const waiting = [desk.judge(bytes('1')), desk.judge(bytes('2'))]
  assert.equal(await desk.judge(bytes('3')), TopicValidatorResult.Ignore)
  assert.deepEqual(desk.penalties, ['gossip-flood 0.05'])
  gate.resolve('accept')
  assert.deepEqual(await Promise.all(waiting), ['accept', 'accept'])
  assert.equal(await desk.judge(bytes('4')), TopicValidatorResult.Accept)
})

test('a validator that throws is our bug, not the verdict on its sender', async () => {
  const desk = createDesk((message) => {
    if (message.length === 1) throw new Error('one')
    return Promise.reject(new Error('two'))
  })
  assert.equal(await desk.judge(bytes('1')), TopicValidatorResult.Ignore)
  assert.equal(await desk.judge(bytes('12')), TopicValidatorResult.Ignore)
  assert.deepEqual([desk.bugs.length, desk.penalties], [2, []])
})
