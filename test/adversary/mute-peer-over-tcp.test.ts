import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { until } from '../e2e/until.ts'
import { NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

describe('a peer that never answers', () => {
  let network: NetworkUnderTest
  before(async () => {
    // Patience that need not be waited for long.
    network = await NetworkUnderTest.start('mute', {
      limits: { watchdogTickMs: 100, negotiationTimeoutMs: 500, helloTimeoutMs: 1_000 },
    })
  })
  after(() => network[Symbol.asyncDispose]())

  it('to what protocol a stream speaks holds up nobody, and is hung up on', async () => {
    await using peer = await OutsidePeer.start(network, {
      isMute: true,
      // Whom to ask first, if one believed it.
      greeting: { height: 1_000_000 },
    })
    await peer.join(...network.nodes)
    await network.grow()
    for (const node of network.nodes) {
      await until('it is hung up on', () => wasUpAndDown(network, peer.peerId, node))
    }
    await network.checkHealth()
  })

  it('to a newcomer does not keep it from joining, though it claims to know the most', async () => {
    await until('an epoch is over', () => network.node(0).store.epochEnd(1) !== undefined)
    await using peer = await OutsidePeer.start(network, {
      isMute: true,
      greeting: { height: 1_000_000 },
    })
    const newcomer = await network.startNode(4, {
      bootNodes: [...peer.addresses(), ...network.nodes.flatMap((node) => node.addresses())],
      join: { checkpoint: null, headCountMin: 3, patienceMs: 10_000 },
      votes: false,
    })
    assert.ok(newcomer.status().finalHeight > 0)
    await until('it has given the mute one up', () => {
      return network.refusals('handshake-timeout', newcomer) > 0
    })
    await network.checkHealth()
  })

  it('with a word of greeting is refused, and the node says why', async () => {
    await using peer = await OutsidePeer.start(network)
    const counts = network.nodes.map((node) => network.refusals('handshake-timeout', node))
    for (const node of network.nodes) await peer.dial(node)
    for (const [index, node] of network.nodes.entries()) {
      await until('it is refused', () => {
        return network.refusals('handshake-timeout', node) > (counts[index] ?? 0)
      })
      await until('it is hung up on', () => !peer.isConnectedTo(node))
      assert.equal(network.reputation(peer.peerId, node), undefined)
    }
    await network.checkHealth()
  })
})

function wasUpAndDown(
  { events }: NetworkUnderTest,
  peerId: string,
  by: NetworkUnderTest['nodes'][number],
): boolean {
  const told = events.flatMap(({ node, event }) =>
    node === by && event.kind === 'peer' && event.peerId === peerId ? [event.status] : [],
  )
  return told.indexOf('up') >= 0 && told.lastIndexOf('down') > told.indexOf('up')
}
