import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { runCommons } from '../simulator/commons-run.ts'
import { createCommonsNetwork } from './network-setup.ts'
import { parseExperiment } from './parse-experiment.ts'
import { rounds } from './rounds/rounds.ts'
import { planRuns } from './run-plan.ts'
import { createSeatAgents } from './run-setup.ts'
import { seatsOf } from './seat-plan.ts'

const PEOPLE =
  'seeds: [same]\npopulation: [{ count: 2 }, { policy: steady, count: 2, prosociality: 1 }]\n'
const CASES: readonly (readonly [name: string, text: string])[] = [
  ['without a contract, at a rate that is drawn', 'scenario: { regeneration: iid, rounds: 4 }'],
  ['under a cap that all bargain over', 'scenario: { rounds: 4 }\ncontract: law\nlaw: stock / 8'],
  [
    'under a whole law that all propose and accept',
    `scenario: { rounds: 3 }
contract: law
law:
  clauses:
    - { at: submission, when: "requests[self] > 10", then: { primitive: sanction, amount: "100000" } }`,
  ],
  [
    'with an adversary from the second round on',
    'scenario: { rounds: 4 }\nadversaries: [{ kind: greedy, count: 1, fromRound: 2 }]',
  ],
]

describe('an experiment is the same for the state machine alone and for whole replicas', () => {
  for (const [name, text] of CASES) {
    it(name, async () => {
      const plan = present(planRuns(parseExperiment(PEOPLE + text, 'x'))[0], 'there is a run')
      const { condition, seed } = plan
      const { scenario } = condition
      assert.ok(scenario.kind === 'commons')
      const network = createCommonsNetwork(plan, scenario)
      const { genesis, instance } = network
      const agents = createSeatAgents(plan, { seats: seatsOf(condition), network })
      const { rows, isEnded, world } = runCommons({ genesis, agents, subnet: instance.id, seed })
      assert.deepEqual(world.failures, [])
      assert.ok(isEnded)

      const plain = await rounds.run(plan, new AbortController().signal)
      assert.ok(plain.status === 'done')
      const { outcome } = plain
      assert.ok(typeof outcome === 'object' && outcome !== null && 'rows' in outcome)
      assert.deepEqual(JSON.parse(JSON.stringify(rows)), outcome['rows'])
    })
  }
})
