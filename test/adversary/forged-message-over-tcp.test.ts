import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { changeSignature, forgeNullification } from '@commonweal/node/adversary'
import { encode } from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

/** Points that a rejected message costs. [WIRE-20] */
const REJECT_POINTS = 5
/** A few more than it takes to be banned. [WIRE-25] */
const FORGERIES = 24

describe('a forger', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('forged', { limits: { watchdogTickMs: 100 } })
  })
  after(() => network[Symbol.asyncDispose]())

  it('pays with its reputation for a message whose signature is wrong, and nothing comes of it', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const victim = network.node(1).agent
    const loot = { kind: 'transfer', to: network.outsider.agent, amountMicro: 1_000_000n } as const
    const initial = network.account(network.outsider.agent)
    // Signed by another than it names, and signed well but changed since.
    const forged = network.sign(
      { ...loot, author: victim, nonce: network.account(victim).nonce, feeMicro: 20_000n },
      network.outsider,
    )
    const changed = changeSignature(network.transaction(loot).envelope)
    await peer.publish('transactions', forged.envelope)
    await peer.publish('transactions', changed)
    for (const node of network.nodes) {
      await until('both are refused', () => network.refusals('bad-signature', node) >= 2)
      await until('both cost the sender', () =>
        network.hasLost(2 * REJECT_POINTS, peer.peerId, node),
      )
    }
    await network.checkHealth()
    assert.deepEqual(network.account(network.outsider.agent), initial)
  })

  it('is banned and cut off for a score of them, and cannot come back under the same key', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    for (let index = 0; index < FORGERIES; index += 1) {
      await peer.publish('negotiation', forgeTalk(network, index))
    }
    for (const node of network.nodes) {
      await until('it is cut off', () => !peer.isConnectedTo(node))
      await until('it is banned', async () => !(await peer.isLetIn(node)))
      assert.equal(network.reputation(peer.peerId, node), undefined)
    }
    await network.checkHealth()
  })

  it('is cut off again and again, and banned in the end, if it forges no faster than gossip forgives', async () => {
    await using peer = await OutsidePeer.start(network)
    const node = network.node(0)
    let links = 0
    let index = FORGERIES
    // Gossip stops to listen after a few, and the link is cut; what the node itself remembers grows.
    while (await peer.isLetIn(node)) {
      links += 1
      await until('it is cut off', async () => {
        await peer.publish('negotiation', forgeTalk(network, index))
        index += 1
        return !peer.isConnectedTo(node)
      })
    }
    assert.ok(links > 1, `${links} links`)
    await network.checkHealth()
  })

  it('pays for votes and certificates that it forges, on the direct stream', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const victim = network.node(1).agent
    const { epoch, view } = network.node(0).status()
    const vote = network.sign({ kind: 'nullify', author: victim, epoch, view }, network.stranger)
    for (const node of network.nodes) {
      const votes = network.refusals('bad-signature', node)
      await peer.send(node, envelopeFrame(vote.envelope))
      await until('the vote is refused', () => network.refusals('bad-signature', node) > votes)
      let sentIn = 0
      await until('the certificate is refused', async () => {
        const place = node.status()
        // Of an epoch that is over when it comes it is ignored.
        if (place.epoch !== sentIn) await peer.send(node, forgedFrame(network, place))
        sentIn = place.epoch
        return network.refusals('certificate-bad-signature', node) > 0
      })
      const left = network.reputation(peer.peerId, node) ?? 0
      assert.ok(left <= -2 * REJECT_POINTS + 0.1, `${left}`)
    }
    await network.checkHealth()
  })

  it('convicts nobody with evidence that it made up: the fee is all that is spent', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    const victim = network.node(2).agent
    const bondMicro = network.account(victim).bondMicro
    const initial = network.account(network.outsider.agent)
    const says = (text: string): Uint8Array =>
      network.sign({ ...inform(network), author: victim, text }, network.outsider).envelope
    const report = network.transaction({ kind: 'evidence', first: says('yes'), second: says('no') })
    await peer.publish('transactions', report.envelope)
    for (const node of network.nodes) {
      await until('the report has a receipt', () => node.store.receipt(report.id) !== undefined)
      assert.equal(node.store.receipt(report.id)?.code, 'bad-evidence')
    }
    assert.equal(network.account(victim).bondMicro, bondMicro)
    const { nonce, balanceMicro } = network.account(network.outsider.agent)
    assert.deepEqual([nonce, balanceMicro], [initial.nonce + 1, initial.balanceMicro - 20_000n])
    await network.checkHealth()
  })
})

/** Free talk in a conversation that nobody opened. */
function inform({ networkId, outsider }: NetworkUnderTest) {
  const author = outsider.agent
  return { kind: 'inform', author, conversation: networkId, sequence: 0, text: '' } as const
}

/** One that is different for every index, as if the outsider had signed it. */
function forgeTalk(network: NetworkUnderTest, index: number): Uint8Array {
  return network.sign({ ...inform(network), sequence: index }, network.stranger).envelope
}

function forgedFrame(
  { nodes }: NetworkUnderTest,
  place: { readonly epoch: number; readonly view: number },
): Uint8Array {
  return encode({ kind: 'certificate', certificate: forgeNullification(place, nodes.length) })
}
