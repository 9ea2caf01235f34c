import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cidOf, digestOf, encode } from '@commonweal/protocol'
import * as fc from 'fast-check'
import type { OpenQuestion, Signal } from '../../forecast/forecaster.ts'
import { createModelForecaster } from './model-forecaster.ts'
import { agentAt, questionAt, SUPPLIERS, say, scriptedOptions, signalOf } from './test-questions.ts'

/*
 * Two markets that differ only in what a forecaster is not to know must look alike to its model: what those forecast who are not
 * its suppliers, who decides what came true and by which record, when and under which ids things are on the ledger, and who
 * sealed first.
 */

/** Everything that differs between the two markets, drawn twice. */
interface Hidden {
  readonly id: number
  readonly height: number
  readonly record: number
  readonly weight: number
  readonly orders: readonly number[]
  readonly rival: number
  readonly rivalWords: string
}

const hidden: fc.Arbitrary<Hidden> = fc.record({
  id: fc.nat(),
  height: fc.nat({ max: 90_000 }),
  record: fc.nat({ max: 1_400 }),
  weight: fc.integer({ min: 1, max: 1_000 }),
  orders: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 }),
  rival: fc.integer({ min: 100, max: 9_900 }),
  rivalWords: fc.string({ maxLength: 40 }),
})

const open = fc.record({
  reports: fc.array(
    fc.array(fc.integer({ min: 100, max: 9_900 }), { minLength: 3, maxLength: 3 }),
    { minLength: 2, maxLength: 8 },
  ),
  outcomes: fc.array(fc.constantFrom(0, 1), { minLength: 8, maxLength: 8 }),
  words: fc.string({ maxLength: 60 }),
  lambda: fc.constantFrom(0, 0.6, Number.POSITIVE_INFINITY),
})
type Open = typeof open extends fc.Arbitrary<infer T> ? T : never

function question(day: number, unseen: Hidden): OpenQuestion {
  const openHeight = unseen.height + day
  return questionAt(day, {
    id: cidOf(encode(['hidden', day, unseen.id])),
    resolver: {
      kind: 'dataset',
      root: digestOf(encode(unseen.id)),
      index: unseen.record,
      column: `column ${unseen.record}`,
    },
    weight: unseen.weight,
    openHeight,
    snapshots: [{ closeHeight: openHeight + 8, weightBps: 10_000 }],
    resolveHeight: openHeight + 9 + unseen.record,
  })
}

/** What the suppliers say, each under the id and in the place that the market has it. */
function signalsOf(
  asked: OpenQuestion,
  reports: readonly number[],
  { words }: Open,
  { orders }: Hidden,
): readonly Signal[] {
  const said = SUPPLIERS.map((supplier, index) => {
    const report = [reports[index] ?? 0, 10_000 - (reports[index] ?? 0)]
    return { ...signalOf(supplier, asked, say(report, words)), order: orders[index] ?? 0 }
  })
  return said.toSorted((a, b) => a.order - b.order)
}

/** Every request that a forecaster makes of its model in this market. */
async function promptsIn(seen: Open, unseen: Hidden): Promise<string> {
  const options = scriptedOptions(
    ({ schema }) =>
      schema.name === 'credit'
        ? '{"shares": []}'
        : '{"report": [6000, 4000], "used": [0, 2], "reasoning": "mine"}',
    { mandate: null, creditEvery: 2, lambda: seen.lambda },
  )
  const forecaster = createModelForecaster(options)
  for (const [day, reports] of seen.reports.entries()) {
    const asked = question(day, unseen)
    const signals = signalsOf(asked, reports, seen, unseen)
    const own = await forecaster.forecast({
      question: asked,
      snapshot: 0,
      agent: agentAt(0),
      signals,
    })
    assert.ok(own !== null)
    const rival = say([unseen.rival, 10_000 - unseen.rival], unseen.rivalWords)
    const all = [...signals, signalOf(agentAt(4), asked, rival), signalOf(agentAt(0), asked, own)]
    forecaster.learn({ question: asked, outcome: seen.outcomes[day] ?? 0, signals: all })
    await forecaster.assignCredit?.([])
  }
  assert.ok(options.model.requests.some(({ schema }) => schema.name === 'credit'))
  return JSON.stringify(options.model.requests)
}

it('no prompt of a forecaster has anything of other forecasters, of what decides the answer, or of the ledger: markets that differ in these look alike', async () => {
  await fc.assert(
    fc.asyncProperty(open, hidden, hidden, async (seen, one, other) => {
      assert.equal(await promptsIn(seen, one), await promptsIn(seen, other))
    }),
  )
})

it('the test can fail: a report of a supplier that differs shows', async () => {
  await fc.assert(
    fc.asyncProperty(open, hidden, async (seen, unseen) => {
      const [first = [], ...rest] = seen.reports
      const changed = { ...seen, reports: [first.with(0, 10_000 - (first[0] ?? 0) + 1), ...rest] }
      assert.notEqual(await promptsIn(seen, unseen), await promptsIn(changed, unseen))
    }),
    { numRuns: 20 },
  )
})
