import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { until } from '../e2e/until.ts'
import { NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

describe('a peer of another protocol version', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('version', { nodes: 2 })
  })
  after(() => network[Symbol.asyncDispose]())

  for (const protocolVersion of [0, 2, 65_535]) {
    it(`is refused at the handshake, and both sides know why: ${protocolVersion}`, async () => {
      await using peer = await OutsidePeer.start(network, { greeting: { protocolVersion } })
      for (const node of network.nodes) {
        const count = network.refusals('protocol-version', node)
        await peer.dial(node)
        const answer = await peer.greet(node)
        assert.deepEqual([answer.refusal, answer.hello?.protocolVersion], ['protocol-version', 1])
        await until('it is hung up on', () => !peer.isConnectedTo(node))
        assert.equal(network.refusals('protocol-version', node), count + 1)
      }
      await network.checkHealth()
    })
  }

  it('that is none is refused as malformed', async () => {
    for (const protocolVersion of [-1, 65_536, 1.5]) {
      await using peer = await OutsidePeer.start(network, { greeting: { protocolVersion } })
      const node = network.node(0)
      await peer.dial(node)
      assert.equal((await peer.greet(node)).refusal, 'malformed-hello')
      await until('it is hung up on', () => !peer.isConnectedTo(node))
    }
    assert.equal(network.refusals('malformed-hello'), 3)
    await network.checkHealth()
  })
})
