import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf } from '@commonweal/protocol/testing'
import { readMarket } from '../forecast/load-market.ts'
import { PlayedMarket, playMarket } from '../forecast/played-market.ts'
import { createOutput } from '../output.ts'
import { widthOf } from '../table.ts'
import { buildForecastReport, type ForecastFacts } from './forecast-report.ts'
import { renderForecastReport, summarizeForecasts } from './render-forecast-report.ts'

const { market } = playMarket()
const { history } = await readMarket(market.api())
const { style } = createOutput({ json: false, color: false })

const ROLES = [
  ['registrar', 'registrar-0'],
  ['forecaster', 'forecaster-1'],
  ['forecaster', 'forecaster-2'],
  ['signal', 'signal-3'],
  ['feature', 'feature-4'],
  ['data', 'data-5'],
] as const

const FACTS: ForecastFacts = {
  agents: ROLES.map(([role, name], index) => ({
    agent: agentOf(index),
    name,
    role,
    lambda: index === 1 ? 0.25 : 0,
    model: null,
  })),
  baselines: [
    {
      topic: 'seattle/2014-03-02/rain',
      kind: 'rain',
      climatology: [0.6, 0.4],
      // Certain, and wrong.
      persistence: [1, 0],
    },
    {
      topic: 'seattle/2014-03-03/rain',
      kind: 'rain',
      climatology: [0.6, 0.4],
      persistence: [0, 1],
    },
    { topic: 'who/won', kind: 'class', climatology: [0.5, 0.5], persistence: [0.5, 0.5] },
    { topic: 'nobody/asked', kind: 'rain', climatology: [0.5, 0.5], persistence: [0.5, 0.5] },
  ],
}

const report = buildForecastReport(history, FACTS)

function near(value: number | null | undefined, expected: number): void {
  assert.ok(typeof value === 'number' && Math.abs(value - expected) < 1e-9, `${value}`)
}

describe('the report of a run that forecasts', () => {
  const { log } = Math
  const [rain, classes, ...others] = report.kinds

  it('compares kinds apart, baselines held to what a report may say', () => {
    assert.deepEqual([rain?.kind, classes?.kind, others], ['rain', 'class', []])
    assert.deepEqual([rain?.climatology.questionCount, classes?.climatology.questionCount], [2, 1])
    near(rain?.climatology.logLoss, -(log(0.4) + log(0.6)) / 2)
    // It was wrong twice, each time at the floor.
    near(rain?.persistence.logLoss, -log(0.01))
    near(rain?.house.logLoss, -(log(0.4) + log(0.5)) / 2)
  })

  it('says how much better than a baseline each was over the questions that it answered', () => {
    const skills = rain?.skills ?? []
    assert.deepEqual(
      skills.map(({ name, questionCount }) => [name, questionCount]),
      [
        ['signal-3', 1],
        ['forecaster-1', 2],
        ['forecaster-2', 1],
      ],
    )
    const [signal, one] = skills
    near(signal?.overClimatology.mean, log(0.65) - log(0.4))
    // One question resampled is always the same.
    near(signal?.overClimatology.lo, log(0.65) - log(0.4))
    const gains = [0.4 * log(0.7) + 0.6 * log(0.8) - log(0.4), log(0.7) - log(0.6)] as const
    near(one?.overClimatology.mean, (gains[0] + gains[1]) / 2)
    near(one?.overClimatology.lo, gains[1])
    near(one?.overClimatology.hi, gains[0])
    assert.deepEqual(
      classes?.skills.map(({ name }) => name),
      ['forecaster-1'],
    )
  })

  it('accounts for everything that was to be emitted, by role', () => {
    assert.equal(report.paidMicro + report.unmintedMicro, report.emissionMicro)
    assert.deepEqual(report.faults, [])
    const paying = history.emissions.filter(({ payments }) => payments.length > 0)
    const left = paying.reduce((sum, { unmintedMicro }) => sum + unmintedMicro, 0n)
    assert.ok(left > 0n && report.idleMicro > 0n)
    assert.equal(report.idleMicro + left, report.unmintedMicro)
    const kept = report.roles.reduce((sum, { keptMicro }) => sum + keptMicro, 0n)
    assert.equal(kept, report.paidMicro)
    near(
      report.roles.reduce((sum, { keptShare }) => sum + (keptShare ?? 0), 0),
      1,
    )
    const forecasters = report.roles.find(({ role }) => role === 'forecaster')
    assert.deepEqual([forecasters?.agentCount, forecasters?.paidMicro], [2, report.paidMicro])
  })

  it('has a role for agents that came later, so that the roles are still all of it', () => {
    const some = { ...FACTS, agents: FACTS.agents.slice(0, 4) }
    const { roles, paidMicro } = buildForecastReport(history, some)
    const later = roles.find(({ role }) => role === 'others')
    assert.deepEqual([later?.agentCount, later?.paidMicro], [2, 0n])
    assert.ok((later?.keptMicro ?? 0n) > 0n)
    assert.equal(
      roles.reduce((sum, { keptMicro }) => sum + keptMicro, 0n),
      paidMicro,
    )
  })

  it('follows the top payments to who got the most of them', () => {
    const amounts = report.topPayments.map(({ hops }) => hops[0]?.amountMicro ?? 0n)
    assert.deepEqual(
      amounts,
      amounts.toSorted((a, b) => (a > b ? -1 : 1)),
    )
    const [first] = report.topPayments
    assert.equal(first?.title, 'rain on 2014-03-03')
    assert.deepEqual(
      first?.hops.map(({ agent }) => agent),
      ['1', '3', '4', '5'].map(agentOf),
    )
    assert.equal(report.topPayments.length, 4)
  })

  it('follows a payment round a cycle once', () => {
    const emission = history.emissions.find(({ payments }) => payments.length > 0)
    const [source, one, two] = [emission?.payments[0]?.source, agentOf(1), agentOf(2)]
    assert.ok(emission !== undefined && source !== undefined)
    const transfers = [
      { source, from: one, to: two, amountMicro: 20n },
      { source, from: two, to: one, amountMicro: 10n },
    ]
    const round = { ...emission, payments: [{ source, agent: one, amountMicro: 40n }], transfers }
    const { topPayments } = buildForecastReport({ ...history, emissions: [round] }, FACTS)
    assert.deepEqual(
      topPayments[0]?.hops.map(({ agent, amountMicro }) => [agent, amountMicro]),
      [
        [one, 40n],
        // Of the 50 that it got with what came back it passed 20 on: of these 40 it is 16.
        [two, 16n],
      ],
    )
  })

  it('has weight and public score of those that were scored', () => {
    const [registrar, one] = report.agents
    assert.deepEqual([registrar?.kellyTotal, registrar?.weightLastMicro], [null, null])
    assert.equal(one?.weightLastMicro, market.lock('1').weightMicro)
    assert.ok((one?.kellyTotal ?? 0) > 0)
    assert.equal(one?.lambda, 0.25)
  })

  it('tells in words what the tables say, and fits the width', () => {
    assert.match(
      summarizeForecasts(report),
      /^5 questions, 3 of them answered, 1 void; 1 report kept back\. On rain signal-3 was best: 0\.486 nats a question better than climatology, over 1 question\. On class forecaster-1/,
    )
    for (const width of [80, 120, 160]) {
      const lines = renderForecastReport(report, style, width)
      assert.ok(
        lines.every((line) => widthOf(line) <= width),
        `${width}`,
      )
    }
    const text = renderForecastReport(report, style, 160).join('\n')
    assert.match(text, /climatology +2 +0\.7136/)
    assert.match(text, /forecaster-1 +forecaster +0\.25 +3/)
    assert.match(text, /it adds up to the last micro-unit/)
    assert.match(
      text,
      /rain on 2014-03-03 → forecaster-1 \S+ → signal-3 \S+ → feature-4 \S+ → data-5/,
    )
  })

  it('calls nobody worse by less than it shows', () => {
    const [kind] = report.kinds
    const [skill] = kind?.skills ?? []
    assert.ok(kind !== undefined && skill !== undefined)
    const even = { ...skill, overClimatology: { mean: -0.0004, lo: -0.1, hi: 0.1 } }
    assert.match(
      summarizeForecasts({ ...report, kinds: [{ ...kind, skills: [even] }] }),
      /signal-3 was best: as good as climatology, over/,
    )
  })

  it('says what is off where the sums do not agree', () => {
    const [first, ...rest] = history.emissions
    assert.ok(first !== undefined)
    const emissions = [{ ...first, unmintedMicro: first.unmintedMicro + 1n }, ...rest]
    const wrong = buildForecastReport({ ...history, emissions }, FACTS)
    assert.equal(wrong.faults.length, 1)
    const text = renderForecastReport(wrong, style, 200).join('\n')
    assert.match(text, /the sums do not agree, this is a defect/)
    assert.match(text, /not minted 100000002 is not the emission 100000001/)
  })

  it('is there where nothing was settled', async () => {
    const { history: young } = await readMarket(new PlayedMarket().api())
    const empty = buildForecastReport(young, FACTS)
    assert.deepEqual([empty.kinds, empty.topPayments, empty.paidMicro], [[], [], 0n])
    const text = renderForecastReport(empty, style, 100).join('\n')
    assert.match(text, /0 questions, 0 of them answered\./)
  })
})
