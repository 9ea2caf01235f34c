import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { loadWeatherDays } from '@commonweal/node/agent'
import type { Statement } from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { playWeatherChain } from './weather-chain.ts'
import { createMarketPart, createWeatherNetwork, SEATTLE_WEATHER } from './weather-network.ts'
import type { Spoken, WeatherRow } from './weather-row.ts'
import { scoreWeather } from './weather-skill.ts'

const FIRST = '2012-07-01'
const SCORED_FROM = '2013-01-01'
const LAST = '2013-12-31'
const plan = { seriesPath: SEATTLE_WEATHER, first: FIRST, last: LAST }
const rows = playWeatherChain(plan)

const folder = mkdtempSync(join(tmpdir(), 'weather-chain-'))
after(() => rmSync(folder, { recursive: true }))

describe('the series', () => {
  it('is that of the README, a day a line', () => {
    const text = readFileSync(SEATTLE_WEATHER)
    const readme = readFileSync(new URL('../../data/README.md', import.meta.url), 'utf8')
    assert.ok(readme.includes(hash('sha256', text)))
    const days = loadWeatherDays(SEATTLE_WEATHER)
    assert.equal(days.length, 1_461)
    assert.deepEqual([days[0]?.date, days.at(-1)?.date], ['2012-01-01', '2015-12-31'])
  })
})

describe('a supply chain over the real weather', () => {
  it('has skill against climatology and against persistence, on both kinds of question', () => {
    for (const { kind, questionCount, scores, gain, gainOverBest } of scoreWeather(rows, {
      ...plan,
      scoredFrom: SCORED_FROM,
    })) {
      assert.equal(questionCount, 365)
      const pooled = scores.find(({ role }) => role === 'forecaster')
      assert.ok(pooled !== undefined)
      for (const baseline of ['climatology', 'persistence'] as const) {
        assert.ok(pooled.skill[baseline] > 0, `${kind} against ${baseline}`)
        assert.ok(gain[baseline].mean > 0)
      }
      assert.ok(gain.climatology.lo > 0)
      assert.equal(gainOverBest.role, 'signal:logistic')
      assert.ok(gainOverBest.gain.hi > 0, `${kind}: it does not lose to its best supplier`)
      assert.equal(pooled.silentCount, 0, 'its suppliers serve it beyond their probation')
    }
  })

  it('knows nothing of the day asked about, nor of those after it', () => {
    for (const [trial, last] of [
      '2012-07-01',
      '2012-07-02',
      '2012-07-19',
      '2012-08-09',
    ].entries()) {
      const seriesPath = changedFrom(last, trial)
      const changed = playWeatherChain({ seriesPath, first: FIRST, last })
      assert.deepEqual(saidIn(changed), saidIn(rows.slice(0, changed.length)), last)
      assert.equal(changed.at(-1)?.date, last)
    }
  })

  it('knows the day before', () => {
    const seriesPath = changedFrom('2012-07-18', 9)
    const changed = playWeatherChain({ seriesPath, first: FIRST, last: '2012-07-19' })
    const [now, then] = [changed, rows.slice(0, changed.length)].map((said) => saidIn(said).at(-1))
    assert.notDeepEqual(now, then)
  })

  it('is where it was once every agent is shown again what is settled', async () => {
    const shown = rows.slice(0, 120)
    const asked = rows[120]
    assert.ok(asked !== undefined)
    const network = createWeatherNetwork(plan)
    for (const [seat, { agent }] of network.genesis.accounts.entries()) {
      const { forecaster } = createMarketPart(network, seat)
      if (forecaster === undefined) continue
      for (const { question, outcome, statements } of shown) {
        forecaster.learn({ question, outcome, signals: signalsOf(statements) })
      }
      const signals = signalsOf(asked.statements).filter(({ author }) =>
        forecaster.suppliers.includes(author),
      )
      const { question } = asked
      const said: Statement | null = await forecaster.forecast({
        question,
        snapshot: 0,
        agent,
        signals,
      })
      const before: Spoken['signal'] | undefined = signalsOf(asked.statements).find(
        ({ author }) => author === agent,
      )
      assert.deepEqual(said, before?.statement ?? null, forecaster.name)
    }
  })

  it('passes on all that is paid, by streams that were set before the questions opened', () => {
    for (const { question, payments, nets, streams } of rows.slice(0, 200)) {
      const sumOf = (of: typeof nets): bigint =>
        of.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
      assert.ok(sumOf(payments) > 0n)
      assert.equal(sumOf(nets), sumOf(payments), question.topic)
      if (streams.size === 0) assert.deepEqual(nets, payments, 'nobody has said whom it pays')
    }
    assert.ok(rows.slice(4, 200).every(({ streams }) => streams.size > 0))
  })

  it('can be followed from a forecast to what was measured', () => {
    for (const { statements } of rows.slice(0, 20)) {
      const byDigest = new Map(statements.map(({ role, signal }) => [signal.digest, role]))
      const parentsOf = (of: string): readonly (string | undefined)[] =>
        statements
          .filter(({ role }) => role === of)
          .flatMap(({ signal }) => signal.statement.parents.map((id) => byDigest.get(id)))
      assert.ok(parentsOf('forecaster').includes('signal:logistic'))
      assert.ok(parentsOf('signal:logistic').includes('feature:pressure'))
      assert.deepEqual(
        new Set(parentsOf('feature:pressure')),
        new Set(['data:temp_max,temp_min', 'data:wind']),
      )
    }
  })
})

/** The series with other weather from a day on. */
function changedFrom(date: string, trial: number): string {
  const random = new Random(trial, 'other weather')
  const tenths = (least: number, most: number): string =>
    (random.between(least, most) / 10).toFixed(1)
  const [header = '', ...lines] = readFileSync(SEATTLE_WEATHER, 'utf8').trimEnd().split('\n')
  const changed = lines.map((line) => {
    if (line.slice(0, date.length) < date) return line
    const weather = random.pick(['drizzle', 'fog', 'rain', 'snow', 'sun'])
    const low = random.between(-50, 100)
    const values = [tenths(0, 300), tenths(low, low + 200), (low / 10).toFixed(1), tenths(5, 90)]
    return [line.slice(0, date.length), ...values, weather].join()
  })
  const path = join(folder, `${trial}.csv`)
  writeFileSync(path, `${[header, ...changed].join('\n')}\n`)
  return path
}

/** Everything that was said, and what the house reports, by question; but for ids, in which the whole series is hashed. */
function saidIn(of: readonly WeatherRow[]): readonly unknown[] {
  return of.map(({ date, kind, question, statements }) => ({
    date,
    kind,
    referenceBps: question.referenceBps,
    statements: statements.map(({ role, signal: { statement } }) => {
      return { role, ...statement, parents: statement.parents.length }
    }),
  }))
}

function signalsOf(statements: readonly Spoken[]): readonly Spoken['signal'][] {
  return statements.map(({ signal }) => signal)
}
