import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  FRAME_BYTES_ABOVE,
  GOSSIP_BYTES_ABOVE,
  sealTalk,
  TALK_BYTES_ABOVE,
} from '@commonweal/node/adversary'
import { encode } from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { CONSENSUS, OutsidePeer, SYNC } from './outside-peer.ts'

const KIB = 1024
/** [WIRE-10] A gossip frame. */
const GOSSIP_FRAME_BYTES_MAX = 256 * KIB
/** [WIRE-18] A request as a frame. */
const REQUEST_BYTES_MAX = 64 * KIB

describe('an oversized message', () => {
  let network: NetworkUnderTest
  before(async () => {
    // A watchdog that need not be waited for long.
    network = await NetworkUnderTest.start('oversized', {
      limits: { watchdogTickMs: 100, negotiationTimeoutMs: 500 },
    })
  })
  after(() => network[Symbol.asyncDispose]())
  const talkOf = (size: number): Uint8Array => sealTalk(network.networkId, network.outsider, size)

  it('is refused above the limit of its kind, well signed as it may be', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    await peer.publish('negotiation', talkOf(4 * KIB))
    await peer.publish('negotiation', talkOf(TALK_BYTES_ABOVE))
    for (const node of network.nodes) {
      await until('the larger is refused', () => network.refusals('too-large', node) === 1)
      await until(
        'the smaller is heard',
        () => network.refusals('unknown-conversation', node) === 1,
      )
      await until('it costs', () => network.hasLost(5, peer.peerId, node))
    }
    await network.checkHealth()
  })

  it('is refused unread above the limit of gossip, and read at it', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const initial = network.nodes.map((node) => network.refusals('too-large', node))
    await peer.publish('transactions', new Uint8Array(GOSSIP_BYTES_ABOVE - 1))
    await peer.publish('transactions', new Uint8Array(GOSSIP_BYTES_ABOVE))
    for (const [index, node] of network.nodes.entries()) {
      await until('the smaller is no message', () => network.refusals('malformed', node) === 1)
      const count = (initial[index] ?? 0) + 1
      await until('the larger is refused', () => network.refusals('too-large', node) === count)
      await until('both cost', () => network.hasLost(10, peer.peerId, node))
    }
    await network.checkHealth()
  })

  it('in a frame above the limit ends the gossip stream, and the pair does not stay deaf', async () => {
    await using peer = await OutsidePeer.start(network)
    const [node] = network.nodes
    assert.ok(node !== undefined)
    await peer.join(node)
    const first = peer.connectionTo(node)
    await peer.publish('transactions', new Uint8Array(GOSSIP_FRAME_BYTES_MAX))
    await until('the link is cut', () => first.status !== 'open')
    // The node dials it again: it did nothing itself.
    await peer.untilLinked(node)
    const transfer = network.transaction({
      kind: 'transfer',
      to: network.stranger.agent,
      amountMicro: 1n,
    })
    await peer.publish('transactions', transfer.envelope)
    await until('it is heard', () => node.store.receipt(transfer.id)?.code === 'ok')
    await network.checkHealth()
  })

  it('on a lasting stream ends that stream and costs, and the next stream is served', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    for (const node of network.nodes) {
      const tooLarge = network.refusals('too-large', node)
      await peer.send(node, new Uint8Array(FRAME_BYTES_ABOVE - 1))
      await until('at the limit it is read', () => network.refusals('too-large', node) > tooLarge)
      const stream = await peer.open(node, CONSENSUS)
      stream.send(Uint8Array.of(...varint(FRAME_BYTES_ABOVE), 0))
      await until('above it, it is not', () => network.refusals('frame-too-large', node) === 1)
      await until('the stream is reset', () => stream.status !== 'open')
      await until('both cost', () => network.hasLost(10, peer.peerId, node))
      const unknown = network.refusals('unknown-conversation', node)
      await peer.send(node, envelopeFrame(talkOf(2 * KIB)))
      await until('a good one is heard', () => {
        return network.refusals('unknown-conversation', node) > unknown
      })
    }
    await network.checkHealth()
  })

  it('as a request is not answered: costly where it could be read, cut off where it could not', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    for (const node of network.nodes) {
      const answer = await peer.ask(node, encode({ kind: 'head', padding: 'x'.repeat(2 * KIB) }))
      assert.deepEqual(answer, [Uint8Array.of(1)])
      assert.equal(network.refusals('bad-sync-request', node), 1)
      const stream = await peer.open(node, SYNC)
      stream.send(Uint8Array.of(...varint(REQUEST_BYTES_MAX + 1), 0))
      await until('the stream is reset', () => stream.status !== 'open')
      const [part, end] = await peer.ask(node, encode({ kind: 'head' }))
      assert.deepEqual([part?.[0], end?.[0]], [0, 1])
    }
    await network.checkHealth()
  })
})

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
