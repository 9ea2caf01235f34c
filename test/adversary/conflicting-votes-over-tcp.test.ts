import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AgentId, cidOf, encode, headOf, type Verified, type Vote } from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { createHaggler } from './haggler.ts'
import { NetworkUnderTest, OUTSIDER_BOND_MICRO } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

/** [SLA-1] [SLA-2] Of the bond; a tenth of it goes to whoever reports. */
const PENALTY_MICRO = OUTSIDER_BOND_MICRO / 20n
const REWARD_MICRO = PENALTY_MICRO / 10n

const [ONE, OTHER] = [cidOf(encode('one block')), cidOf(encode('another'))]

/** Two votes of one validator in one view that no honest one casts. */
const OFFENCES: Readonly<Record<string, (at: Place) => readonly [Vote, Vote]>> = {
  'notarize two blocks': (at) => [
    { kind: 'notarize', ...at, block: ONE },
    { kind: 'notarize', ...at, block: OTHER },
  ],
  'finalize two blocks': (at) => [
    { kind: 'finalize', ...at, block: ONE },
    { kind: 'finalize', ...at, block: OTHER },
  ],
  'nullify and finalize': (at) => [
    { kind: 'nullify', ...at },
    { kind: 'finalize', ...at, block: ONE },
  ],
}

interface Place {
  readonly author: AgentId
  readonly epoch: number
  readonly view: number
}

describe('a validator whose votes contradict each other', () => {
  for (const [name, offend] of Object.entries(OFFENCES)) {
    it(`is slashed on every node and leaves the set: ${name}`, async () => {
      const slashed = Promise.withResolvers<void>()
      await using network = await NetworkUnderTest.start('votes', {
        // The epoch lasts until they speak.
        local: { contract: 'law', values: 'equal' },
        agent: createHaggler({ mayI: () => slashed.promise }),
        shape: (genesis) => ({
          ...genesis,
          turnHeightsMax: 200,
          // Room in the set for the outsider, who seals no share: the others need not wait for it long.
          consensus: { ...genesis.consensus, validatorCountMax: 5 },
          epochs: { ...genesis.epochs, sealHeightsMax: 8 },
        }),
      })
      const { agent: author } = network.outsider
      await using left = await OutsidePeer.start(network)
      await using right = await OutsidePeer.start(network)
      await left.join(...network.nodes.slice(0, 2))
      await right.join(...network.nodes.slice(2))
      // Half of the network hears the one first, half the other.
      const { epoch, view } = network.node(0).status()
      const [first, second] = offend({ author, epoch, view }).map((vote) =>
        network.sign(vote, network.outsider),
      )
      assert.ok(first !== undefined && second !== undefined)
      await tell(left, first, second)
      await tell(right, second, first)
      for (const node of network.nodes) {
        await until('it is slashed', () => network.chainEvents('slashed', node).length > 0)
        assert.deepEqual(network.chainEvents('slashed', node), [
          {
            kind: 'slashed',
            agent: author,
            offence: 'conflicting-votes',
            amountMicro: PENALTY_MICRO,
          },
        ])
      }
      slashed.resolve()
      await until('its epoch is over', () =>
        network.nodes.every((node) => headOf(node.ledger()).epoch > epoch),
      )
      await network.checkHealth()
      const reports = network.ordered().filter(({ transaction }) => transaction.kind === 'evidence')
      assert.deepEqual(
        reports.map(({ code }) => code),
        ['ok', ...reports.slice(1).map(() => 'already-punished')],
      )
      for (const node of network.nodes) {
        const account = network.account(author, node)
        assert.equal(account.bondMicro, OUTSIDER_BOND_MICRO - PENALTY_MICRO)
        const { validators } = headOf(node.ledger())
        assert.deepEqual(
          validators.map(({ agent }) => agent),
          network.nodes.map(({ agent }) => agent).toSorted(),
        )
      }
      // What is neither burned nor left in the bond has gone to the reporter.
      assert.equal(network.burnedMicro(), PENALTY_MICRO - REWARD_MICRO)
    })
  }
})

async function tell(peer: OutsidePeer, ...votes: readonly Verified[]): Promise<void> {
  for (const { envelope } of votes) await peer.publish('consensus', envelope)
}
