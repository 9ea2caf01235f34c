import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentIdOf, checkReport, cidOf, digestOf, encode, type Report } from '@commonweal/protocol'
import type { ForecastSituation, OpenQuestion, Signal } from '../../forecast/forecaster.ts'
import { createForecastAdversary, type ForecastAdversary, forecastAdversaries } from './role.ts'

const SELF = agentIdOf(new Uint8Array(32).fill(9))
const SUPPLIERS = [1, 2].map((byte) => agentIdOf(new Uint8Array(32).fill(byte)))

function questionOf(index: number, outcomes: readonly string[] = ['yes', 'no']): OpenQuestion {
  return {
    id: cidOf(encode(`question ${index}`)),
    text: 'Will it?',
    topic: `test/${index}`,
    outcomes,
    resolver: { kind: 'schelling' },
    referenceBps: outcomes.map(() => 10_000 / outcomes.length),
    weight: 1,
    openHeight: 0,
    snapshots: [{ closeHeight: 1, weightBps: 10_000 }],
    resolveHeight: 2,
  }
}

function situationOf(reports: readonly Report[], question = questionOf(0)): ForecastSituation {
  const signals = reports.flatMap((report, order): Signal[] => {
    const author = SUPPLIERS[order]
    if (author === undefined) return []
    const statement = { report, findings: [], parents: [], reasoning: 'why', hypotheses: [] }
    return [{ author, snapshot: 0, digest: digestOf(encode([order])), statement, order }]
  })
  return { question, snapshot: 0, agent: SELF, signals }
}

function say(name: ForecastAdversary, situation: ForecastSituation): Report {
  const forecaster = createForecastAdversary(name, { agent: SELF, suppliers: SUPPLIERS })
  const statement = forecaster.forecast(situation)
  assert.ok(!(statement instanceof Promise) && statement?.report)
  return statement.report
}

const HEARD: readonly Report[] = [
  [8_000, 2_000],
  [6_000, 4_000],
]

describe('an adversary that forecasts', () => {
  it('reports what the network takes, on any number of outcomes, and serves whoever asks', () => {
    const outcomes = ['a', 'b', 'c', 'd', 'e']
    const report: Report = [6_000, 1_000, 1_000, 1_000, 1_000]
    for (const name of forecastAdversaries) {
      const said = say(name, situationOf([report], questionOf(3, outcomes)))
      assert.ok(checkReport(said, 5).ok, `${name}: ${said.join()}`)
      const forecaster = createForecastAdversary(name, { agent: SELF, suppliers: SUPPLIERS })
      assert.ok(forecaster.serves({ agent: SELF, bps: 0, servedCount: 10_000 }))
      assert.equal(forecaster.chooseStreams(), null)
    }
  })

  it('sells noise that is bold, and about nothing: half of it is wrong', () => {
    const said = Array.from({ length: 400 }, (_, index) =>
      say('noise-seller', situationOf([], questionOf(index))),
    )
    const yes = said.filter(([first = 0]) => first > 5_000).length
    assert.ok(Math.abs(yes - 200) < 50, `${yes}`)
    const bold = said.filter((report) => Math.max(...report) > 7_000).length
    assert.ok(bold > 200, `${bold}`)
  })

  it('copies who sealed first, without naming it', () => {
    const situation = situationOf(HEARD)
    assert.deepEqual(say('copier', situation), HEARD[0])
    const copier = createForecastAdversary('copier', { agent: SELF, suppliers: SUPPLIERS })
    const statement = copier.forecast(situation)
    assert.ok(!(statement instanceof Promise))
    assert.deepEqual(statement?.parents, [])
    assert.equal(copier.forecast(situationOf([])), null)
  })

  it('is a pair of which one is always right', () => {
    for (let index = 0; index < 20; index++) {
      const situation = situationOf([], questionOf(index))
      assert.deepEqual(say('pair-low', situation), say('pair-high', situation).toReversed())
    }
  })

  it('lies: it gives the likeliest outcome what the least likely has', () => {
    const [first = 0, second = 0] = say('liar', situationOf(HEARD))
    assert.ok(first < 3_500 && second > 6_500)
    const outcomes = ['a', 'b', 'c', 'd', 'e']
    const reported: Report = [4_000, 3_000, 1_500, 1_000, 500]
    const said = say('liar', situationOf([reported], questionOf(1, outcomes)))
    assert.deepEqual(said, [500, 1_000, 1_500, 3_000, 4_000])
  })

  it('says more than it believes', () => {
    const [first = 0] = say('extremiser', situationOf([[8_000, 2_000]]))
    assert.equal(first, Math.round((10_000 * 0.64) / 0.68))
  })
})
