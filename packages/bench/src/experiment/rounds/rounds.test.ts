import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { parseExperiment } from '../parse-experiment.ts'
import { planRuns } from '../run-plan.ts'
import type { DoneRun } from '../run-result.ts'
import { rounds } from './rounds.ts'

/** The first run of an experiment. */
async function runOf(text: string): Promise<DoneRun> {
  const plan = present(planRuns(parseExperiment(text, 'x'))[0], 'an experiment has a run')
  const result = await rounds.run(plan, new AbortController().signal)
  assert.equal(result.status, 'done')
  return result
}

/** A value of a YAML map, with its own lines. */
const people = (...entries: readonly string[]): string =>
  `population:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`

describe('a commons', () => {
  it('of three steady and two fair-share agents collapses after 7 rounds and 179 units', async () => {
    const { metrics, events } = await runOf(
      people('policy: steady, count: 3', 'policy: fair-share, count: 2'),
    )
    const { m, R, u, e, o } = metrics
    assert.deepEqual([m, R, o], [7, 179, 1])
    assert.equal(u?.toFixed(4), '0.5114')
    assert.equal(e?.toFixed(4), '0.8190')
    assert.equal(events.filter(({ kind }) => kind === 'round-settled').length, 7)
  })

  it('has as its gap what a planner would have caught beyond it: 11 · 50 + 100 − 600', async () => {
    const { metrics } = await runOf(people('policy: steady, count: 5'))
    assert.equal(metrics['welfare'], 600)
    assert.equal(metrics['gap'], 50)
    assert.equal(metrics['rawls'], 120)
    assert.ok(Math.abs((metrics['nash'] ?? 0) - 120) < 1e-9)
    assert.equal(metrics['formation'], null)
  })

  it('under a law counts how often one formed and for how long it held', async () => {
    const greedy = people('policy: greedy, count: 5')
    const law = 'contract: law\nlaw: stock / 10\n'
    const { metrics } = await runOf(greedy + law)
    assert.deepEqual([metrics['R'], metrics['formation'], metrics['activation']], [600, 1, 1])
    const late = await runOf(`${greedy}${law}contractDelay: 1\n`)
    assert.deepEqual([late.metrics['R'], late.metrics['activation']], [100, 0])
  })

  it('turns its last seats into adversaries from their round on, and shows what they get', async () => {
    const { metrics } = await runOf(
      `${people('policy: steady, count: 5')}adversaries: [{ kind: greedy, share: 0.2, fromRound: 3 }]`,
    )
    // Two rounds of 50 units, then 10 each for four and the rest for the fifth; at least as much as a fair draw leaves it.
    assert.equal(metrics['m'], 3)
    assert.equal(metrics['R'], 200)
    assert.ok((metrics['payoff.adversaries'] ?? 0) > (metrics['payoff.0'] ?? 0))
  })

  it('is formed under a whole law that the file gives, which can charge', async () => {
    const { metrics } = await runOf(
      `${people('policy: fair-share, count: 5')}contract: law
law:
  clauses:
    - { at: submission, when: "requests[self] > 10", then: { primitive: sanction, amount: "100000" } }
`,
    )
    // A fine of one unit's worth for each of five who ask for 20; fair-share does not mind.
    assert.deepEqual([metrics['R'], metrics['sanctions'], metrics['welfare']], [100, 5, 95])
  })
})

describe('a game', () => {
  const effort = 'scenario: { kind: game, rounds: 6 }\n'
  const two = (lambda: string): string =>
    people(`policy: quantal(200), count: 2, prosociality: ${lambda}`)

  it('with hidden effort gives selfish agents −4 and agents at λ = 3 the first best, 20', async () => {
    const selfish = await runOf(effort + two('0'))
    assert.equal(selfish.metrics['welfare'], -4)
    assert.equal(selfish.metrics['gap'], 24)
    assert.equal(selfish.metrics['cooperation'], 0)
    const caring = await runOf(effort + two('3'))
    assert.equal(caring.metrics['welfare'], 20)
    assert.equal(caring.metrics['priceOfAnarchy'], 1)
    assert.equal(caring.metrics['highEffort'], 1)
  })

  it('reveals the weight that its players draw at', async () => {
    const long = 'scenario: { kind: game, rounds: 120, matching: fixed, revealed: true }\n'
    for (const [written, lo, hi] of [
      ['0', 0, 0.15],
      ['0.5', 0.3, 0.7],
    ] as const) {
      const players = people(`policy: quantal, count: 2, prosociality: ${written}`)
      const revealed = (await runOf(long + players)).metrics['revealed.0'] ?? -1
      assert.ok(revealed >= lo && revealed <= hi, `${written}: ${revealed}`)
    }
  })

  it('between a saint and an egoist pays 18 to one and −8 to the other', async () => {
    const { metrics } = await runOf(
      `${effort}${people('policy: "always:CH"', 'policy: "always:DH"')}`,
    )
    assert.deepEqual([metrics['payoff.0'], metrics['payoff.1'], metrics['welfare']], [-8, 18, 10])
  })

  const state = 'scenario: { kind: game, rounds: 30, game: { form: hidden-state } }\n'
  const fine = (when: string, at: string): string =>
    `contract: law\nlaw: { clauses: [{ at: ${at}, when: "${when}", then: { primitive: sanction, amount: "30000000" } }] }\n`

  it('with a hidden state loses to a fine on not acting what acting in vain costs', async () => {
    const caring = await runOf(state + two('0.7'))
    assert.equal(caring.metrics['gap'], 0)
    assert.equal(caring.metrics['matching'], 1)
    const fined = await runOf(
      `${state}language: own-action\n${fine('base == 0', 'submission')}${two('0')}`,
    )
    assert.equal(fined.metrics['acting'], 1)
    // Both act always: two units in each round of state 0, which are those that do not match.
    assert.ok(
      Math.abs((fined.metrics['gap'] ?? 0) - 2 * (1 - (fined.metrics['matching'] ?? 0))) < 1e-9,
    )
    const seen = await runOf(`${state}${fine('base != state', 'settlement')}${two('0')}`)
    assert.equal(seen.metrics['gap'], 0)
  })
})

describe('a market of forecasts', () => {
  it('of credit shares out all that is paid', async () => {
    const { metrics } = await runOf('scenario: { kind: forecast, market: credit, questions: 60 }')
    const shares = ['good', 'copy', 'weak', 'noise'].map((kind) => metrics[`share.${kind}`] ?? 0)
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
    assert.ok((metrics['logLoss'] ?? 0) > 0)
  })

  it('of credit pays more to those without whom the buyer would lose more, and better than by equal shares', async () => {
    const market = 'scenario: { kind: forecast, market: credit, questions: 200'
    const { metrics } = await runOf(`${market} }`)
    const { metrics: equal } = await runOf(`${market}, method: equal }`)
    const [ours, theirs] = [metrics, equal].map((one) => one['payCorrelation'] ?? 0)
    assert.ok((ours ?? 0) > 0.3 && (ours ?? 2) <= 1, `${ours}`)
    assert.ok((theirs ?? 0) < (ours ?? 0), `${theirs} ${ours}`)
  })

  it('of weather scores both questions of each day, and shares out the emission', async () => {
    const { metrics, events } = await runOf(
      'scenario: { kind: forecast, questions: 3, first: 2014-03-01 }',
    )
    assert.equal(events.length, 6)
    const shares = ['data', 'feature', 'signal', 'forecaster'].map(
      (kind) => metrics[`share.${kind}`] ?? 0,
    )
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
    assert.ok((metrics['brier'] ?? 0) > 0 && (metrics['brier'] ?? 9) < 2)
  })
})

describe('any run', () => {
  it('is the same for the same seed, and another for another', async () => {
    const text = people('policy: greedy, count: 5')
    const once = await runOf(text)
    assert.deepEqual(await runOf(text), once)
    assert.notEqual((await runOf(`${text}seeds: [2]`)).outcomeDigest, once.outcomeDigest)
  })
})
