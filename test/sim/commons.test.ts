import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configOfInstance, runRounds, seededBeacons } from '@commonweal/bench/run'
import { runCommons } from '@commonweal/bench/simulator'
import { createAgent, knownDraws, parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import {
  createLocalGenesis,
  LOCAL_INSTANCE,
  type LocalGenesisOptions,
} from '@commonweal/node/local'
import { networkIdOf, present } from '@commonweal/protocol'

interface Case extends Partial<LocalGenesisOptions> {
  readonly name: string
  readonly lambdas: readonly number[]
  /** The law that the agents bargain over; null leaves them all of theirs. */
  readonly law?: string
  /** Sum of all catches. */
  readonly expected: number | null
}

const CASES: readonly Case[] = [
  { name: 'λ = 0, no contract', lambdas: [0, 0, 0, 0, 0], contract: 'none', expected: 100 },
  { name: 'λ = 1, no contract', lambdas: [1, 1, 1, 1, 1], contract: 'none', expected: 600 },
  { name: 'λ = 0, law ⌊S/10⌋', lambdas: [0, 0, 0, 0, 0], law: 'stock / 10', expected: 600 },
  {
    name: 'λ = 0, law ⌊S/10⌋ a round late',
    lambdas: [0, 0, 0, 0, 0],
    law: 'stock / 10',
    contractDelay: 1,
    expected: 100,
  },
  {
    name: 'mixed λ and values, bargained law',
    lambdas: [0, 0, 0.6, 1, 3],
    values: 'seeded',
    expected: null,
  },
]

describe('a commons among whole replicas is what the plain state machine makes of it', () => {
  for (const { name, lambdas, law, expected, ...changes } of CASES) {
    it(name, async () => {
      const seed = 'sim-commons'
      const genesis = createLocalGenesis({ nodes: 5, seed, values: 'equal', ...changes })
      const plans = lambdas.map(planOf)
      const agents = plans.map((plan) =>
        createAgent({ ...plan, ...(law === undefined ? {} : { law }) }),
      )
      const instance = present(genesis.instances[0], 'a local network has a commons')
      const config = configOfInstance(instance, plans, law ?? null)
      const validators = genesis.accounts.map(({ agent }) => agent)
      const beacons = seededBeacons(networkIdOf(genesis), validators, seed)
      const plain = await runRounds(config, beacons)
      const { rows, isEnded, world } = runCommons({ genesis, agents, subnet: LOCAL_INSTANCE, seed })
      assert.deepEqual(world.failures, [])
      assert.ok(isEnded)
      assert.deepEqual(rows, plain.rows)
      if (expected !== null) assert.equal(plain.metrics.R, expected)
    })
  }
})

function planOf(lambda: number): Parameters<typeof createAgent>[0] {
  const policy = parsePolicy('utility')
  const prosociality = prosocialityOfLambda(lambda)
  return {
    policy: present(policy.ok ? policy.value : null, 'utility is a policy'),
    prosociality: present(prosociality.ok ? prosociality.value : null, 'λ is at least 0'),
    derive: knownDraws('test'),
  }
}
