import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

const AMOUNT_MICRO = 5_000_000n
const OLD_VOTES = 64

describe('a replay', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('replayed')
  })
  after(() => network[Symbol.asyncDispose]())

  it('of a transaction moves its amount once, whoever sends it again and whichever way', async () => {
    await using author = await OutsidePeer.start(network)
    await using other = await OutsidePeer.start(network, { forgets: true })
    await author.join(...network.nodes)
    await other.join(...network.nodes)
    const to = network.stranger.agent
    const initial = network.account(network.outsider.agent)
    const transfer = network.transaction({ kind: 'transfer', to, amountMicro: AMOUNT_MICRO })
    await author.publish('transactions', transfer.envelope)
    for (const node of network.nodes) {
      await until('it is final', () => node.store.receipt(transfer.id)?.code === 'ok')
    }

    // Under the same nonce another one: sent behind the replays, it shows when they have been read.
    const last = network.transaction(
      { kind: 'transfer', to, amountMicro: AMOUNT_MICRO + 1n },
      { nonce: initial.nonce },
    )
    for (let times = 0; times < 3; times += 1) {
      await other.publish('transactions', transfer.envelope)
    }
    for (const node of network.nodes) {
      const frames = [transfer, transfer, transfer, last].map(({ envelope }) =>
        envelopeFrame(envelope),
      )
      await other.send(node, ...frames)
      await until('the used nonce is refused', () => network.refusals('nonce-used', node) === 1)
    }
    await network.checkHealth()
    for (const node of network.nodes) {
      const { balanceMicro, nonce } = network.account(network.outsider.agent, node)
      assert.deepEqual(
        [balanceMicro, nonce],
        [initial.balanceMicro - AMOUNT_MICRO - 20_000n, initial.nonce + 1],
      )
      assert.equal(network.account(to, node).balanceMicro, AMOUNT_MICRO)
      assert.equal(node.store.receipt(last.id), undefined)
      // Honest peers send what others have seen, too.
      assert.equal(network.reputation(other.peerId, node), 0)
    }
  })

  it('of votes of an epoch that is over is ignored, and counts in no other', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const { epoch } = network.node(0).status()
    await until('the epoch is over', () =>
      network.nodes.every((node) => node.status().epoch > epoch),
    )
    const author = network.outsider.agent
    const votes = Array.from({ length: OLD_VOTES }, (_, view) =>
      network.sign({ kind: 'nullify', author, epoch, view }, network.outsider),
    )
    for (const node of network.nodes) {
      const count = network.refusals('old-epoch', node)
      await peer.send(node, ...votes.map(({ envelope }) => envelopeFrame(envelope)))
      await until('all are refused', () => network.refusals('old-epoch', node) >= count + OLD_VOTES)
      assert.equal(network.reputation(peer.peerId, node), 0)
    }
    await network.checkHealth()
  })

  it('of what honest validators said stops nobody: every word of an epoch, three times over', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    await until('it has heard enough', () => peer.heard.length >= 100)
    const frames = peer.heard.map(({ bytes }) => envelopeFrame(bytes))
    for (const node of network.nodes) await peer.send(node, ...frames, ...frames, ...frames)
    await network.grow(10)
    for (const node of network.nodes) assert.equal(network.reputation(peer.peerId, node), 0)
    await network.checkHealth()
  })
})
