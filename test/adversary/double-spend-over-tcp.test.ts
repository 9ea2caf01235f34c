import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { agentIdOf, type TransactionBody } from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

const FEE_MICRO = 20_000n

describe('a double spend', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('double-spend')
  })
  after(() => network[Symbol.asyncDispose]())

  it('by one nonce, told differently to two halves of the network, has one effect', async () => {
    const [left, right] = [network.nodes.slice(0, 2), network.nodes.slice(2)]
    await using one = await OutsidePeer.start(network)
    await using other = await OutsidePeer.start(network)
    await one.join(...left)
    await other.join(...right)
    const { agent } = network.outsider
    const initial = network.account(agent)
    const half = initial.balanceMicro / 2n
    const shops = [accomplice(1), accomplice(2)]
    const [first, second] = shops.map((to) =>
      network.transaction({ kind: 'transfer', to, amountMicro: half }),
    )
    assert.ok(first !== undefined && second !== undefined)
    await Promise.all([
      one.publish('transactions', first.envelope),
      other.publish('transactions', second.envelope),
    ])
    await until('the nonce is spent everywhere', () =>
      network.nodes.every((node) => network.account(agent, node).nonce > initial.nonce),
    )
    await network.checkHealth()
    const outcomes = network.nodes.map((node) =>
      [first, second].map(({ id }) => node.store.receipt(id)?.code ?? 'none').join(),
    )
    assert.ok(['ok,none', 'none,ok'].includes(outcomes[0] ?? ''), outcomes[0])
    for (const [index, node] of network.nodes.entries()) {
      assert.equal(outcomes[index], outcomes[0])
      assert.equal(network.account(agent, node).nonce, initial.nonce + 1)
      assert.equal(
        network.account(agent, node).balanceMicro,
        initial.balanceMicro - half - FEE_MICRO,
      )
      const received = shops.map((shop) => network.account(shop, node).balanceMicro)
      assert.deepEqual(new Set(received), new Set([0n, half]))
    }
    // Whoever had the one first has refused the other, and thinks no worse of the messenger.
    const refused = network.nodes.map(
      (node) => network.refusals('underpriced', node) + network.refusals('nonce-used', node),
    )
    assert.ok(
      refused.some((count) => count > 0),
      refused.join(),
    )
    for (const [peer, nodes] of [
      [one, left],
      [other, right],
    ] as const) {
      for (const node of nodes) assert.equal(network.reputation(peer.peerId, node), 0)
    }
  })

  it('by two nonces that spend the same balance pays once; the second has a receipt that says why', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const { agent } = network.outsider
    const initial = network.account(agent)
    const all: TransactionBody = {
      kind: 'transfer',
      to: accomplice(3),
      amountMicro: initial.balanceMicro - 2n * FEE_MICRO,
    }
    const first = network.transaction(all)
    const second = network.transaction({ ...all, to: accomplice(4) }, { nonce: initial.nonce + 1 })
    // The later nonce first: it waits for the one before it.
    await peer.publish('transactions', second.envelope)
    await peer.publish('transactions', first.envelope)
    for (const node of network.nodes) {
      await until('both are final', () => node.store.receipt(second.id) !== undefined)
      assert.equal(node.store.receipt(first.id)?.code, 'ok')
      assert.equal(node.store.receipt(second.id)?.code, 'insufficient-balance')
      assert.equal(network.account(agent, node).balanceMicro, 0n)
      assert.equal(network.account(agent, node).nonce, initial.nonce + 2)
      assert.equal(network.account(accomplice(3), node).balanceMicro, all.amountMicro)
      assert.equal(network.account(accomplice(4), node).balanceMicro, 0n)
    }
    await network.checkHealth()
  })

  it('of fees that the balance cannot pay does not get into the pool', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const broke = network.transaction({ kind: 'transfer', to: accomplice(5), amountMicro: 0n })
    await peer.publish('transactions', broke.envelope)
    for (const node of network.nodes) {
      await until('it is refused', () => network.refusals('cannot-pay-fee', node) === 1)
    }
    await network.checkHealth()
    const ordered = network.ordered().map(({ id }) => id)
    assert.ok(!ordered.includes(broke.id))
  })
})

/** An account that only these tests pay into. */
function accomplice(index: number) {
  return agentIdOf(new Uint8Array(32).fill(index))
}
