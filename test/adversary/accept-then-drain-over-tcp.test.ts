import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createNodeVerify } from '@commonweal/node'
import {
  agreements,
  type Message,
  open,
  present,
  termsCid,
  type Verified,
} from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { COLLATERAL_MICRO, createHaggler } from './haggler.ts'
import { NetworkUnderTest, OUTSIDER_BOND_MICRO } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

/** [AGR-6] Of the bond, burned. */
const PENALTY_MICRO = OUTSIDER_BOND_MICRO / 1_000n
const FEE_MICRO = 20_000n
/** The outsider's own. */
const SEAT = 4
/** Opens, accepts, keeps silent, accepts behind the outsider. */
const [FIRST, SECOND, LAST] = [1, 2, 0]

describe('a party that accepts, and empties its account before the last one has', () => {
  it('is named and charged by the ledger, once, and nobody is bound', async () => {
    const joined = Promise.withResolvers<void>()
    const drained = Promise.withResolvers<void>()
    await using network = await NetworkUnderTest.start('drain', {
      isOutsiderSeated: true,
      local: { contract: 'law', values: 'equal' },
      // Time enough for a turn in which somebody waits for something.
      shape: (genesis) => ({ ...genesis, turnHeightsMax: 200 }),
      agent: createHaggler({
        accepting: [SECOND, LAST],
        mayI: (seat) => {
          if (seat === FIRST) return joined.promise
          return seat === LAST ? drained.promise : Promise.resolve()
        },
      }),
    })
    const { outsider, stranger } = network
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    joined.resolve()

    await until('terms are on the table', () => heard(network, peer, 'propose').length > 0)
    const { id: proposal, message } = present(heard(network, peer, 'propose')[0], 'there are')
    const terms = termsCid(message.terms)
    const acceptance = network.sign(
      {
        kind: 'accept-proposal',
        author: outsider.agent,
        conversation: message.conversation,
        sequence: 0,
        proposal,
        terms,
        expiresAtHeight: network.node(0).status().finalHeight + 1_000,
      },
      outsider,
    )
    await peer.publish('negotiation', acceptance.envelope)
    await until('its turn was taken', () => hasAccepted(network, SEAT))
    const { balanceMicro } = network.account(outsider.agent)
    const drain = network.transaction({
      kind: 'transfer',
      to: stranger.agent,
      amountMicro: balanceMicro - FEE_MICRO,
    })
    await peer.publish('transactions', drain.envelope)
    await until('the account is empty', () =>
      network.nodes.every((node) => network.account(outsider.agent, node).balanceMicro === 0n),
    )
    drained.resolve()

    for (const node of network.nodes) {
      await until('it is charged', () => network.chainEvents('slashed', node).length > 0)
      assert.deepEqual(network.chainEvents('slashed', node), [
        {
          kind: 'slashed',
          agent: outsider.agent,
          offence: 'unfunded-agreement',
          amountMicro: PENALTY_MICRO,
        },
      ])
    }
    const [agreement] = posted(network)
    assert.equal(agreement?.code, 'cannot-fund-agreement')
    assert.deepEqual(network.node(0).store.receipt(agreement.id)?.facts, {
      agent: outsider.agent,
      asked: String(COLLATERAL_MICRO),
      balance: '0',
    })

    // Its accomplice posts the same agreement again: there is no second charge in it for anybody.
    await until(
      'it has all acceptances',
      () => heard(network, peer, 'accept-proposal').length === 3,
    )
    const others = heard(network, peer, 'accept-proposal').map(({ envelope }) => envelope)
    const acceptances = [acceptance.envelope, ...others]
    const again = network.transaction(
      { kind: 'agreement', terms: message.terms, acceptances },
      { signer: stranger, feeMicro: 10n * FEE_MICRO },
    )
    await peer.publish('transactions', again.envelope)
    for (const node of network.nodes) {
      await until('it is refused', () => node.store.receipt(again.id) !== undefined)
      assert.equal(node.store.receipt(again.id)?.code, 'cannot-fund-agreement')
    }
    await network.checkHealth()
    assert.equal(network.chainEvents('slashed').length, 1)
    assert.equal(network.burnedMicro(), PENALTY_MICRO)
    for (const node of network.nodes) {
      const { bondMicro } = network.account(outsider.agent, node)
      assert.equal(bondMicro, OUTSIDER_BOND_MICRO - PENALTY_MICRO)
      assert.deepEqual([...agreements.entries(node.ledger())], [])
    }
  })
})

const VERIFY = createNodeVerify(16)

/** Messages of one kind about the first terms that were heard by gossip, each once. */
function heard<K extends Message['kind']>(
  { networkId }: NetworkUnderTest,
  { heard: all }: OutsidePeer,
  kind: K,
): readonly Verified<Extract<Message, { readonly kind: K }>>[] {
  return all.flatMap(({ bytes }) => {
    const opened = open(bytes, { networkId, verify: VERIFY })
    return opened.ok && isKind(opened.value, kind) ? [opened.value] : []
  })
}

function isKind<K extends Message['kind']>(
  verified: Verified,
  kind: K,
): verified is Verified<Extract<Message, { readonly kind: K }>> {
  return verified.message.kind === kind
}

function hasAccepted({ events, nodes }: NetworkUnderTest, seat: number): boolean {
  const who = events.flatMap(({ node, event }) => {
    const isIt = event.kind === 'turn' && event.turn.seat === seat && event.turn.move === 'accept'
    return isIt ? [node] : []
  })
  return new Set(who).size === nodes.length
}

function posted(network: NetworkUnderTest) {
  return network.ordered().filter(({ transaction }) => transaction.kind === 'agreement')
}
