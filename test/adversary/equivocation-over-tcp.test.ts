import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Cid, Verified } from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { createHaggler } from './haggler.ts'
import { NetworkUnderTest, OUTSIDER_BOND_MICRO } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

/** [SLA-1] [SLA-2] Of the bond; a tenth of it goes to whoever reports. */
const PENALTY_MICRO = OUTSIDER_BOND_MICRO / 100n
const REWARD_MICRO = PENALTY_MICRO / 10n
/** As many as would get an honest messenger banned, if it were punished for what it passes on. */
const REPEATS = 30

describe('a party that says one thing to one half of the network and another to the other', () => {
  let network: NetworkUnderTest
  let conversation: Cid
  let left: OutsidePeer
  let right: OutsidePeer
  before(async () => {
    network = await NetworkUnderTest.start('equivocation', {
      isOutsiderSeated: true,
      local: { contract: 'law', values: 'equal' },
      agent: createHaggler({}),
    })
    left = await OutsidePeer.start(network)
    right = await OutsidePeer.start(network)
    await left.join(...network.nodes.slice(0, 2))
    await right.join(...network.nodes.slice(2))
    await until('somebody opened a conversation', () => findConversation(network) !== undefined)
    conversation = findConversation(network) ?? network.networkId
  })
  after(async () => {
    await left[Symbol.asyncDispose]()
    await right[Symbol.asyncDispose]()
    await network[Symbol.asyncDispose]()
  })

  it('is slashed on every node, and whoever reports it first is rewarded', async () => {
    await left.publish('negotiation', say(0, 'I keep to ten.').envelope)
    await right.publish('negotiation', say(0, 'I take it all.').envelope)
    for (const node of network.nodes) {
      await until('it is slashed', () => network.chainEvents('slashed', node).length > 0)
      assert.deepEqual(network.chainEvents('slashed', node), [
        {
          kind: 'slashed',
          agent: network.outsider.agent,
          offence: 'equivocation',
          amountMicro: PENALTY_MICRO,
        },
      ])
      assert.ok(network.refusals('equivocation', node) > 0)
    }
    await network.checkHealth()
    for (const node of network.nodes) {
      const { bondMicro } = network.account(network.outsider.agent, node)
      assert.equal(bondMicro, OUTSIDER_BOND_MICRO - PENALTY_MICRO)
    }
    assert.equal(network.burnedMicro(), PENALTY_MICRO - REWARD_MICRO)
  })

  it('does not set honest nodes against one another, nor make them pay for more reports, by going on', async () => {
    for (let sequence = 1; sequence <= REPEATS; sequence += 1) {
      await left.publish('negotiation', say(sequence, 'yes').envelope)
      await right.publish('negotiation', say(sequence, 'no').envelope)
    }
    for (const node of network.nodes) {
      await until('all have been heard', () => network.refusals('equivocation', node) > REPEATS)
    }
    await network.checkHealth()
    const reports = network.ordered().filter(({ transaction }) => transaction.kind === 'evidence')
    assert.ok(reports.length <= network.nodes.length, `${reports.length} reports`)
    assert.deepEqual(
      reports.map(({ code }) => code),
      ['ok', ...reports.slice(1).map(() => 'already-punished')],
    )
    assert.equal(network.chainEvents('slashed').length, 1)
  })

  function say(sequence: number, text: string): Verified {
    const author = network.outsider.agent
    const said = { kind: 'inform', author, conversation, sequence, text } as const
    return network.sign(said, network.outsider)
  }
})

/** The conversation in which a turn was heard. */
function findConversation({ events }: NetworkUnderTest): Cid | undefined {
  return events.flatMap(({ event }) => (event.kind === 'turn' ? [event.conversation] : []))[0]
}
