import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { encode } from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

/** Far below the defaults, so that the test is short. */
const LIMITS = {
  gossipBurst: 100,
  gossipRatePerSecond: 20,
  floodPoints: 0.5,
  requestBurst: 10,
  requestRatePerSecond: 1,
}
/** Messages above the rate that ban their sender, or a few more for what is forgiven meanwhile. [WIRE-21] */
const FLOOD_TO_BAN = 200
/** What one author may have stepped at once. */
const AUTHOR_BURST = 1_000
/** Far more requests than are answered. [WIRE-19] */
const REQUESTS_MAX = 500

describe('a flood', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('flood', { limits: LIMITS })
  })
  after(() => network[Symbol.asyncDispose]())

  it('of good messages is ignored above the rate, costs more and more, and ends in a ban', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    let index = 0
    while (network.nodes.some((node) => peer.isConnectedTo(node))) {
      assert.ok(index < 100 * FLOOD_TO_BAN, 'it should be banned by now')
      for (let batch = 0; batch < 50; batch += 1) {
        await peer.publish('negotiation', talk(network, index))
        index += 1
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.ok(index > LIMITS.gossipBurst + FLOOD_TO_BAN, `${index}`)
    for (const node of network.nodes) {
      assert.ok(network.refusals('gossip-flood', node) >= FLOOD_TO_BAN)
      assert.equal(await peer.isLetIn(node), false)
    }
    await network.checkHealth()
  })

  it('of one author is ignored above its rate, whoever brings it, and costs the messenger nothing', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const node = network.node(0)
    let index = 1_000_000
    // On a busy machine one burst may take as long as the rate allows for it: then it is sent another.
    await until('the rate is passed', async () => {
      const frames = Array.from({ length: 2 * AUTHOR_BURST }, () => {
        index += 1
        return envelopeFrame(talk(network, index))
      })
      await peer.send(node, ...frames)
      return network.refusals('author-rate') > 0
    })
    assert.equal(network.reputation(peer.peerId), 0)
    // Another author is heard all the same.
    const { agent } = network.stranger
    const { networkId: conversation } = network
    const said = { kind: 'inform', author: agent, conversation, sequence: 0, text: '' } as const
    const count = network.refusals('unknown-conversation')
    await peer.send(node, envelopeFrame(network.sign(said, network.stranger).envelope))
    await until('it is', () => network.refusals('unknown-conversation') > count)
    await network.checkHealth()
  })

  it('of requests is told so, and other peers are answered', async () => {
    await using peer = await OutsidePeer.start(network)
    await using other = await OutsidePeer.start(network)
    const node = network.node(1)
    await peer.join(node)
    await other.join(node)
    const request = encode({ kind: 'blocks', fromHeight: 1 })
    let answer = ''
    for (let count = 0; answer !== 'rate-limited'; count += 1) {
      assert.ok(count < REQUESTS_MAX, 'it should be limited by now')
      const last = (await peer.ask(node, request)).at(-1)
      answer = last?.[0] === 2 ? Buffer.from(last.subarray(1)).toString() : 'answered'
    }
    const parts = await other.ask(node, request)
    assert.deepEqual([parts[0]?.[0], parts.at(-1)?.[0]], [0, 1])
    await network.checkHealth()
  })
})

/** Free talk in a conversation that nobody opened: well signed, and nothing that a node would hold against anybody. */
function talk(network: NetworkUnderTest, sequence: number): Uint8Array {
  const { outsider, networkId: conversation } = network
  const author = outsider.agent
  const said = { kind: 'inform', author, conversation, sequence, text: '' } as const
  return network.sign(said, outsider).envelope
}
