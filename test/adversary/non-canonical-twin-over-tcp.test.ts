import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { TWINS } from '@commonweal/node/adversary'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

const AMOUNT_MICRO = 3_000_000n

describe('a twin of a valid message', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('twin')
  })
  after(() => network[Symbol.asyncDispose]())

  for (const twin of TWINS) {
    it(`is refused as ${twin.code}: ${twin.name}`, async () => {
      await using peer = await OutsidePeer.start(network)
      await peer.join(...network.nodes)
      const to = network.stranger.agent
      const transfer = network.transaction({ kind: 'transfer', to, amountMicro: AMOUNT_MICRO })
      const initial = network.account(to).balanceMicro
      const { networkId, outsider: signer } = network
      const bytes = twin.of(transfer, { networkId, signer })
      assert.notDeepEqual(bytes, transfer.envelope)
      const counts = network.nodes.map((node) => network.refusals(twin.code, node))
      await peer.publish('transactions', bytes)
      for (const [at, node] of network.nodes.entries()) {
        const count = (counts[at] ?? 0) + 1
        await until('by gossip', () => network.refusals(twin.code, node) === count)
        await peer.send(node, envelopeFrame(bytes))
        await until('directly', () => network.refusals(twin.code, node) === count + 1)
        await until('it costs both times', () => network.hasLost(10, peer.peerId, node))
      }
      // The original is as good as before, and has its effect once.
      await peer.publish('transactions', transfer.envelope)
      for (const node of network.nodes) {
        await until('the original is final', () => node.store.receipt(transfer.id)?.code === 'ok')
        assert.equal(network.account(to, node).balanceMicro, initial + AMOUNT_MICRO)
      }
    })
  }

  it('has left no trace', () => network.checkHealth())
})
