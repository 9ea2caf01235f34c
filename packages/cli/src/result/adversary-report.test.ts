import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf } from '@commonweal/protocol/testing'
import { readMarket } from '../forecast/load-market.ts'
import type { MarketHistory } from '../forecast/market-history.ts'
import { playMarket } from '../forecast/played-market.ts'
import { createOutput } from '../output.ts'
import { widthOf } from '../table.ts'
import { buildAdversaryReport } from './adversary-report.ts'
import type { AgentFacts } from './forecast-report.ts'
import { renderAdversaries } from './render-adversaries.ts'

const { market } = playMarket()
const { history, nameOf } = await readMarket(market.api())
const { style } = createOutput({ json: false, color: false })

/** What becomes of signal-3, to whom forecaster-1 passes half on, if it is an adversary. */
function reportOf(of: MarketHistory, ...honest: readonly AgentFacts[]) {
  const report = buildAdversaryReport(of, [facts('3', 'seller'), ...honest])
  assert.ok(report !== null)
  const [one] = report.adversaries
  assert.ok(one !== undefined)
  return { report, one, text: renderAdversaries(report, nameOf, style, 80).join('\n') }
}

function facts(name: string, role: AgentFacts['role']): AgentFacts {
  return { agent: agentOf(name), name: `signal-${name}`, role, lambda: 0, model: null }
}

describe('the report on adversaries', () => {
  const earned = history.emissions
    .flatMap(({ transfers }) => transfers)
    .filter(({ to }) => to === agentOf('3'))
    .reduce((sum, { amountMicro }) => sum + amountMicro, 0n)

  it('is not there where nobody is one', () => {
    assert.equal(buildAdversaryReport(history, [facts('3', 'signal')]), null)
  })

  it('says what one got, of whom, beside the mean of those who are honest', () => {
    const { report, one, text } = reportOf(history, facts('4', 'signal'), facts('2', 'signal'))
    assert.ok(earned > 0n)
    assert.deepEqual(one.buyers, [{ agent: agentOf('1'), paidMicro: earned, stream: 'pays' }])
    assert.equal(one.receivedMicro, earned)
    const four = reportOf(history, facts('4', 'signal')).report.honest
    assert.equal(report.honest?.receivedMicro, (four?.receivedMicro ?? 0n) / 2n)
    const [mine, gain] = /signal-3 .* (\S+) +(\S+)\n/.exec(text)?.slice(1) ?? []
    const mean = /an honest signal, mean .* (\S+)\n/.exec(text)?.[1]
    assert.ok(Math.abs(Number(mine) - Number(mean) - Number(gain)) < 0.015, text)
    assert.match(text, /signal-3: paid by forecaster-1 \(\d+\.\d\d\)$/m)
    assert.ok(text.split('\n').every((line) => widthOf(line) <= 80))
  })

  it('tells who dropped it from who heard it and never paid', () => {
    const { streams } = history
    const dropped = { ...history, streams: [...streams, { agent: agentOf('1'), shares: [] }] }
    assert.match(reportOf(dropped).text, /signal-3: dropped by forecaster-1 \(after \d/)
    assert.match(
      reportOf({ ...history, streams: [] }).text,
      /signal-3: heard and never paid by forecaster-1$/m,
    )
    const deaf = { ...history, questions: [], streams: [] }
    assert.match(reportOf(deaf).text, /signal-3: heard by nobody$/m)
  })

  it('counts what it only repeated: the same numbers, sealed later', () => {
    const repeat = (order: number): MarketHistory => ({
      ...history,
      questions: history.questions.map((question) => ({
        ...question,
        statements: question.statements.flatMap((one) =>
          one.author === agentOf('3') ? [one, { ...one, author: agentOf('4'), order }] : [one],
        ),
      })),
    })
    assert.equal(reportOf(history).one.repeatedCount, 0)
    assert.equal(reportOf(repeat(99)).one.repeatedCount, 0)
    const first = reportOf(repeat(-1))
    assert.deepEqual([first.one.repeatedCount, first.one.questionCount], [1, 1])
    assert.match(first.text, /said what another had sealed before it\s+on 1 of 1 questions/)
  })
})
