import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf } from '@commonweal/protocol/testing'
import { createOutput } from '../output.ts'
import { widthOf } from '../table.ts'
import { type Explanation, explainQuestion } from './explanation.ts'
import { readMarket } from './load-market.ts'
import type { QuestionHistory } from './market-history.ts'
import { playMarket, WILD_REASONING } from './played-market.ts'
import { renderExplanation } from './render-explanation.ts'

const played = playMarket()
const { history, view, nameOf } = await readMarket(played.market.api())
const { style } = createOutput({ json: false, color: false })

function questionOf(id: string): QuestionHistory {
  const question = history.questions.find((one) => one.id === id)
  assert.ok(question !== undefined)
  return question
}

function explain(id: string): Explanation {
  const live = view.questions.find((one) => one.id === id)
  return explainQuestion(history, questionOf(id), nameOf, live)
}

function textOf(explanation: Explanation, width = 100): string {
  return renderExplanation(explanation, nameOf, style, width).join('\n')
}

describe('an explanation', () => {
  it('has statements as trees of those that they were made from, each in full once', () => {
    const [early, wrong, late, ...more] = explain(played.rain).statements
    assert.deepEqual(more, [])
    assert.deepEqual([early?.name, early?.snapshot], ['forecaster-1', 1])
    assert.deepEqual([wrong?.name, wrong?.parents], ['forecaster-2', []])
    assert.deepEqual([late?.name, late?.snapshot], ['forecaster-1', 2])
    const [signal, feature, unknown] = early?.parents ?? []
    assert.ok(signal?.kind === 'known' && feature?.kind === 'known')
    assert.equal(signal.statement.name, 'signal-3')
    const [deeper] = signal.statement.parents
    assert.ok(deeper?.kind === 'known')
    assert.deepEqual(deeper.statement.findings, [{ name: 'temp_max', value: 125 }])
    assert.deepEqual([deeper.statement.isRepeated, feature.statement.isRepeated], [false, true])
    assert.equal(unknown?.kind, 'unknown')
    const [own] = late?.parents ?? []
    assert.ok(own?.kind === 'known' && own.statement.isRepeated)
    assert.deepEqual(own.statement.parents, [])
  })

  it('accounts for all that was paid for the question, and for the weight that it moved', () => {
    for (const id of [played.rain, played.withheld, played.disputed]) {
      const { participants, epoch } = explain(id)
      const paid = participants.reduce((sum, { paidMicro }) => sum + paidMicro, 0n)
      const kept = participants.reduce((sum, { keptMicro }) => sum + keptMicro, 0n)
      const source = history.emissions.find((one) => one.epoch === epoch)
      const expected = source?.payments
        .filter((payment) => payment.source === id)
        .reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
      assert.ok(paid > 0n)
      assert.deepEqual([paid, kept], [expected, expected])
      const moved = participants.map(({ weight }) =>
        weight === null ? 0n : weight.afterMicro - weight.beforeMicro,
      )
      assert.equal(
        moved.reduce((sum, micro) => sum + micro, 0n),
        0n,
      )
    }
  })

  it('says who kept a report back, and that it was paid nothing', () => {
    const { participants } = explain(played.withheld)
    const two = participants.find(({ agent }) => agent === agentOf('2'))
    assert.deepEqual([two?.isWithheld, two?.paidMicro], [true, 0n])
    assert.match(textOf(explain(played.withheld)), /forecaster-2 \(kept a report back\)/)
  })

  it('says how it was resolved: by a record, by a jury, by nobody, or not yet', () => {
    assert.match(
      textOf(explain(played.rain), 200),
      /rain, by the column “outcome” of record 1 of the data set [0-9a-f]{8}…; settled at height \d+/,
    )
    const disputed = textOf(explain(played.disputed))
    assert.match(disputed, /second, by a jury, since an assertion was disputed/)
    assert.match(disputed, /jury 1 \(juror-\d+, juror-\d+, juror-\d+\) decided for second/)
    assert.match(disputed, /\S+ asserted first, with a bond of 50\.00/)
    assert.match(disputed, /\S+ disputed that and named second, with a bond of 50\.00/)
    assert.match(disputed, /\S+ −50\.00, \S+ \+25\.00/)
    const voided = explain(played.void)
    assert.match(textOf(voided), /nothing: void at height \d+; nobody asserted an outcome in time/)
    assert.deepEqual([voided.epoch, voided.participants], [null, []])
    assert.match(
      textOf(explain(played.live), 200),
      /not known yet; it is open; to be resolved from/,
    )
  })

  it('tells an assertion that nobody disputed, and a dispute that no jury decided', () => {
    const disputed = questionOf(played.disputed)
    const calm = { ...disputed, juries: [], stages: [] }
    const plain = explainQuestion(history, calm, nameOf, undefined)
    assert.match(textOf(plain), /second, by an assertion that nobody disputed/)
    assert.ok(disputed.end?.kind === 'settled')
    const open = { ...disputed, end: { ...disputed.end, outcome: null } }
    const voided = explainQuestion(history, open, nameOf, undefined)
    assert.match(
      textOf(voided),
      /void at height \d+; an assertion was disputed, and no jury decided/,
    )
  })
})

describe('an explanation as text', () => {
  it('shows reports by the names of outcomes, in percent, with findings and hypotheses', () => {
    const text = textOf(explain(played.rain))
    assert.match(text, /├─ forecaster-1: dry 30 %, rain 70 %/)
    assert.match(text, /supposes “fronts come in pairs”/)
    assert.match(text, /found temp_max = 125/)
    assert.match(text, /never opened, as far as this node knows/)
    assert.match(text, /the house says dry 60 %, rain 40 %/)
  })

  it('lets no control character of a statement, and no end of its quotation, through', () => {
    const explanation = explain(played.rain)
    const text = textOf(explanation)
    // biome-ignore lint: the characters are what is looked for
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u)
    assert.match(text, /“warm front·\[31m and· "more"”/)
    // Data stays data.
    assert.match(JSON.stringify(explanation.statements), new RegExp('u001b'))
    assert.ok(WILD_REASONING.includes('\u001b'))
  })

  it('bounds what a statement says, and fits the width', () => {
    const question = questionOf(played.rain)
    const statements = question.statements.map((opened) => ({
      ...opened,
      statement: { ...opened.statement, reasoning: 'because '.repeat(128) },
    }))
    const long = explainQuestion(history, { ...question, statements }, nameOf, undefined)
    const lines = renderExplanation(long, nameOf, style, 90)
    const said = lines.slice(lines.indexOf('What was said'), lines.indexOf('Who was paid'))
    assert.ok(said.every((line) => widthOf(line) <= 90))
    assert.ok(said.join('').split('because').length - 1 <= statements.length * 60)
    assert.match(said.join('\n'), /…”/)
  })
})
