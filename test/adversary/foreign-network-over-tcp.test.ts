import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ELSEWHERE, sealElsewhere } from '@commonweal/node/adversary'
import { lpStream } from '@libp2p/utils'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { CONSENSUS, HELLO, OutsidePeer } from './outside-peer.ts'

describe('a peer of another network', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('foreign')
  })
  after(() => network[Symbol.asyncDispose]())

  it('is refused at the handshake, both sides know why, and nothing else is spoken with it', async () => {
    await using peer = await OutsidePeer.start({ networkId: ELSEWHERE })
    for (const node of network.nodes) {
      await peer.dial(node)
      const stream = await peer.open(node, CONSENSUS)
      stream.send(new Uint8Array([1, 0]))
      const answer = await peer.greet(node)
      assert.equal(answer.refusal, 'foreign-network')
      assert.equal(answer.hello?.networkId, network.networkId)
      await until('it is hung up on', () => !peer.isConnectedTo(node))
      assert.deepEqual(refusalsTold(network, peer.peerId), ['foreign-network by us'])
      assert.equal(network.refusals('foreign-network', node), 1)
      assert.equal(network.refusals('malformed', node), 0, 'what it sent is not read')
      network.events.length = 0
    }
    await network.checkHealth()
  })

  it('that refuses the node is left alone, and the node knows why', async () => {
    await using peer = await OutsidePeer.start(network)
    const node = network.node(0)
    await peer.dial(node)
    const frames = lpStream(await peer.open(node, HELLO))
    const hello = { networkId: network.networkId, protocolVersion: 1, name: '', height: 0 }
    await frames.write(toBytes({ hello }))
    await frames.read()
    await frames.write(toBytes({ refusal: 'foreign-network' }))
    await until('it is hung up on', () => !peer.isConnectedTo(node))
    assert.deepEqual(refusalsTold(network, peer.peerId), ['foreign-network by them'])
    await network.checkHealth()
  })

  it('cannot bring a message of that network into this one: the signature is of another domain', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const { agent } = network.outsider
    const initial = network.account(agent)
    const there = sealElsewhere(
      {
        kind: 'transfer',
        to: network.stranger.agent,
        amountMicro: 1_000_000n,
        author: agent,
        nonce: initial.nonce,
        feeMicro: 20_000n,
      },
      network.outsider,
    )
    await peer.publish('transactions', there)
    for (const node of network.nodes) {
      await until('by gossip', () => network.refusals('bad-signature', node) === 1)
      await peer.send(node, envelopeFrame(there))
      await until('directly', () => network.refusals('bad-signature', node) === 2)
      await until('it costs', () => network.hasLost(10, peer.peerId, node))
    }
    await network.checkHealth()
    assert.deepEqual(network.account(agent), initial)
  })
})

/** Of the handshakes with this peer, as the nodes told them. */
function refusalsTold({ events }: NetworkUnderTest, peerId: string): readonly string[] {
  return events.flatMap(({ event }) =>
    event.kind === 'peer' && event.status === 'refused' && event.peerId === peerId
      ? [`${event.code} by ${event.by}`]
      : [],
  )
}

function toBytes(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(value)))
}
