import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configOfInstance, fundsOf, runRounds, seededBeacons } from '@commonweal/bench/run'
import { runCommons } from '@commonweal/bench/simulator'
import { createAgent, knownDraws, parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import {
  createLocalGenesis,
  LOCAL_INSTANCE,
  type LocalGenesisOptions,
} from '@commonweal/node/local'
import { networkIdOf, present } from '@commonweal/protocol'

interface Case {
  readonly plans: readonly string[]
  readonly contract: NonNullable<LocalGenesisOptions['contract']>
  /** By seat, in all. */
  readonly caught: readonly number[]
}

const CASES: readonly Case[] = [
  {
    plans: ['utility 1', 'free-rider', 'utility 1', 'utility 1', 'utility 1'],
    contract: 'none',
    caught: [109, 203, 109, 109, 109],
  },
  {
    plans: ['utility 1', 'utility 1', 'defector', 'utility 1', 'utility 1'],
    contract: 'text',
    caught: [109, 109, 203, 109, 109],
  },
  {
    // It opens, with a collateral that it does not have: there is no law in the only round.
    plans: ['utility 3', 'griefer', 'utility 3', 'utility 3', 'utility 3'],
    contract: 'law',
    caught: [10, 60, 10, 10, 10],
  },
  {
    // Four sign its insurance; what they pay is not in their catches.
    plans: ['utility 0', 'utility 0', 'washer(2)', 'utility 0', 'utility 0'],
    contract: 'law',
    caught: [120, 120, 120, 120, 120],
  },
  {
    plans: ['utility 0', 'utility 0', 'low-baller', 'utility 0', 'utility 0'],
    contract: 'law',
    caught: [60, 120, 300, 60, 60],
  },
]

describe('adversaries among whole replicas do what they do in the plain state machine', () => {
  for (const { plans, contract, caught } of CASES) {
    it(`${plans.join(', ')}; contract ${contract}`, async () => {
      const seed = 'sim-adversaries'
      const genesis = createLocalGenesis({ nodes: 5, seed, values: 'equal', contract })
      const seats = plans.map(planOf)
      const instance = present(genesis.instances[0], 'a local network has a commons')
      const validators = genesis.accounts.map(({ agent }) => agent)
      const fundsMicro = fundsOf(genesis, instance)
      const plain = await runRounds(
        { ...configOfInstance(instance, seats, null), fundsMicro },
        seededBeacons(networkIdOf(genesis), validators, seed),
      )
      const agents = seats.map(createAgent)
      const { rows, world } = runCommons({ genesis, agents, subnet: LOCAL_INSTANCE, seed })
      assert.deepEqual(world.failures, [])
      assert.deepEqual(rows, plain.rows)
      assert.deepEqual(plain.catches, caught)
      assert.equal(
        plain.creditsMicro.some((micro) => micro !== 0n),
        plans.includes('washer(2)'),
      )
    })
  }
})

function planOf(plan: string): Parameters<typeof createAgent>[0] {
  const [name = '', lambda = '0'] = plan.split(' ')
  const policy = parsePolicy(name)
  const prosociality = prosocialityOfLambda(Number(lambda))
  return {
    policy: present(policy.ok ? policy.value : null, 'a plan names a policy'),
    prosociality: present(prosociality.ok ? prosociality.value : null, 'λ is at least 0'),
    derive: knownDraws('test'),
  }
}
