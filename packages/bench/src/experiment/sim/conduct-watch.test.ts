import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FAULT_KINDS, type FaultKind } from '@commonweal/node/adversary'
import type { SuspicionKind } from '@commonweal/node/conduct'
import { present } from '@commonweal/protocol'
import { listBuiltIns } from '../built-in.ts'
import { parseExperiment } from '../parse-experiment.ts'
import { planRuns, type RunPlan } from '../run-plan.ts'
import { createSeatAgents, setUpCommons } from '../run-setup.ts'
import { faultOf } from '../seat-plan.ts'
import { playSim } from './play-sim.ts'
import { askAgents } from './sim.ts'

const file = present(
  listBuiltIns().find(({ name }) => name === 'protocol-attacks'),
  'the experiment comes with the package',
)
const plans = planRuns(parseExperiment(file.text, file.path))

/** The first run of a fault where the commons lasts: whom the honest replica of seat 0 names for what. */
function namesOf(kind: FaultKind, change: (plan: RunPlan) => RunPlan = (plan) => plan) {
  const plan = plans.find(
    ({ cell }) => cell['adversaries.0.kind'] === kind && cell['population'] === 'λ = 3',
  )
  const { scenario, ...rest } = change(present(plan, 'every fault has its runs')).condition
  assert.equal(scenario.kind, 'commons')
  const changed = { ...present(plan, 'every fault has its runs'), condition: { ...rest, scenario } }
  const { network, seats } = setUpCommons(changed, scenario)
  const { named } = playSim({
    network,
    seed: changed.seed,
    faults: seats.map(faultOf),
    conditions: rest.network,
    attend: (replicas) => ({
      onEffect: askAgents(createSeatAgents(changed, { seats, network }), replicas),
    }),
    isLast: (event) => event.kind === 'run-ended',
  })
  return [...named].map(([agent, kinds]) => ({
    seat: network.instance.seats.indexOf(agent),
    kinds: [...kinds.keys()],
  }))
}

/** What each fault is named for that the ledger cannot punish. */
const NAMED: Partial<Record<FaultKind, SuspicionKind>> = {
  'withhold-votes': 'withholds-votes',
  'silent-leader': 'loses-views',
  'skip-blocks': 'refused-messages',
  replay: 'replays',
  'double-spend': 'double-nonce',
  flood: 'floods',
}

describe('an honest replica', () => {
  for (const kind of FAULT_KINDS) {
    const suspicion = NAMED[kind]
    if (suspicion === undefined) {
      it(`accuses nobody honest beside ${kind}`, () => {
        for (const { seat } of namesOf(kind)) assert.equal(seat, 4)
      })
      continue
    }
    it(`names ${kind} as one that ${suspicion}, and nobody else`, () => {
      const named = namesOf(kind)
      assert.deepEqual(
        named.map(({ seat }) => seat),
        [4],
      )
      assert.ok(named[0]?.kinds.includes(suspicion), named[0]?.kinds.join())
    })
  }

  it('calls a seat that is down for three seconds absent, and nothing worse', () => {
    const crashes = [{ node: 3, atMs: 500, restartAtMs: 3_500 }]
    const named = namesOf('clock-skew', (plan) => {
      const { condition } = plan
      const network = { ...condition.network, crashes }
      return { ...plan, condition: { ...condition, network, adversaries: [] } }
    })
    assert.deepEqual(named, [{ seat: 3, kinds: ['absent'] }])
  })

  it('accuses nobody where everybody keeps the rules and one message in ten is lost', () => {
    const named = namesOf('clock-skew', (plan) => {
      const { condition } = plan
      const network = { ...condition.network, loss: 0.1 }
      return { ...plan, condition: { ...condition, network, adversaries: [] } }
    })
    assert.deepEqual(named, [])
  })
})

describe('the built-in matrix of faults', () => {
  it('has every fault, under every contract condition, among five mixes of others, ten seeds each', () => {
    const kinds = new Set(plans.map(({ cell }) => cell['adversaries.0.kind']))
    assert.deepEqual([...kinds].toSorted(), [...FAULT_KINDS].toSorted())
    assert.equal(plans.length, FAULT_KINDS.length * 3 * 5 * 10)
  })
})
