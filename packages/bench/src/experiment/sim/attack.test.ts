import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FAULT_KINDS, type FaultKind } from '@commonweal/node/adversary'
import { present } from '@commonweal/protocol'
import { parseExperiment } from '../parse-experiment.ts'
import { planRuns } from '../run-plan.ts'
import type { DoneRun, Metrics } from '../run-result.ts'
import { sim } from './sim.ts'

const SEATS = 7
const experiment = (adversaries: string): string => `scenario: { rounds: 4 }
population: [{ policy: utility, count: ${SEATS} }]
contract: law
law: stock / 10
fidelity: sim
seeds: [1]
adversaries: ${adversaries}
`

async function attack(adversaries: string): Promise<DoneRun> {
  const [plan] = planRuns(parseExperiment(experiment(adversaries), 'attack'))
  const first = present(plan, 'an experiment has a run')
  const result = await sim.run(first, new AbortController().signal)
  assert.equal(result.status, 'done')
  return result
}

/** The offence that the ledger punishes each fault for; the others leave nothing to punish. */
const PUNISHED: Partial<Record<FaultKind, string>> = {
  'double-vote': 'conflicting-votes',
  'contradict-votes': 'conflicting-votes',
  'equivocate-proposals': 'conflicting-votes',
  'equivocate-talk': 'equivocation',
  'withhold-reveals': 'seal-not-revealed',
  'withhold-shares': 'share-not-revealed',
}

/** Most heights from an offence to its punishment: a phase of 24 heights and its end, or what evidence takes to get into a block. */
const PHASE_HEIGHTS = 25
const EVIDENCE_HEIGHTS = 3

describe('one of seven replicas that breaks the protocol', () => {
  const calm = attack('[]')

  for (const kind of FAULT_KINDS) {
    const offence = PUNISHED[kind]
    const says = offence === undefined ? 'is not punished' : `is punished for ${offence}`
    it(`by ${kind} ${says}, and nobody honest is; the ledger conserves`, async () => {
      const run = await attack(`[{ kind: ${kind}, count: 1 }]`)
      const { metrics } = run
      assert.equal(metrics['slashed.honest'], 0)
      assert.equal(metrics['conservationError'], 0)
      assert.notDeepEqual(costOf(metrics), costOf((await calm).metrics), 'the fault did something')
      // A seat that does not harvest leaves more to the others.
      if (kind !== 'withhold-reveals') assert.equal(metrics['surplus.loss'], 0)
      if (offence === undefined) {
        assert.equal(metrics['slashed.faulty'], 0)
        assert.equal(metrics['slashing.precision'], null)
        return
      }
      assertPunished(kind, metrics)
      // Two mouths spend one account's nonces: what one of them had sealed may then stay sealed.
      const [first, ...others] = namesOf(run)
      assert.equal(first, `seat ${SEATS - 1}: ${offence}`)
      if (kind !== 'equivocate-proposals') assert.deepEqual(others, [])
    })
  }
})

/** What differs as soon as any message or timer does. */
function costOf(metrics: Metrics): readonly (number | null | undefined)[] {
  return ['net.virtualMs', 'net.messages', 'net.bytes'].map((name) => metrics[name])
}

function assertPunished(kind: FaultKind, metrics: Metrics): void {
  assert.equal(metrics['slashing.precision'], 1)
  assert.equal(metrics['slashing.recall'], 1)
  const heights = metrics['detection.heights'] ?? Number.POSITIVE_INFINITY
  const isWithheld = kind === 'withhold-reveals' || kind === 'withhold-shares'
  assert.ok(heights > 0 && heights <= (isWithheld ? PHASE_HEIGHTS : EVIDENCE_HEIGHTS), `${heights}`)
}

/** Who was named for what, each once. */
function namesOf({ events }: DoneRun): readonly string[] {
  const slashed = events.filter(({ kind }) => kind === 'slashed')
  return [
    ...new Set(slashed.map(({ seat, offence }) => `seat ${String(seat)}: ${String(offence)}`)),
  ]
}

describe('faults of an experiment', () => {
  it('begin in the round that it says', async () => {
    const { metrics, events } = await attack('[{ kind: withhold-reveals, count: 1, fromRound: 3 }]')
    const absent = events.flatMap(({ kind, round, absent: missing }) =>
      kind === 'round-settled' && Array.isArray(missing) && missing.includes(true) ? [round] : [],
    )
    assert.deepEqual(absent, [3, 4])
    assert.equal(metrics['slashing.recall'], 1)
  })

  it('of several kinds are told apart, up to less than a third of the seats', async () => {
    const { metrics } = await attack(
      '[{ kind: double-vote, count: 1 }, { kind: withhold-shares, count: 1 }]',
    )
    assert.equal(metrics['slashed.faulty'], 2)
    assert.equal(metrics['slashing.precision'], 1)
    assert.equal(metrics['slashing.recall'], 1)
  })

  it('leave finality at three hops where nothing is lost', async () => {
    const calm = await attack('[]')
    assert.ok((calm.metrics['finality.p50Hops'] ?? 9) < 4)
    const silent = await attack('[{ kind: silent-leader, count: 2 }]')
    assert.ok((silent.metrics['net.virtualMs'] ?? 0) > (calm.metrics['net.virtualMs'] ?? 0))
  })
})
