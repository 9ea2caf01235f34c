import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { creditMethods } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import {
  creditMethodNames,
  measureGovernors,
  measureSupply,
  type SupplyReport,
} from './governors.ts'
import { importQuestions } from './import-questions.ts'
import { hearIncrements, hearSupplier, type NestedModels } from './nested-models.ts'
import { learn, openBook, playSupply, poolOf, supplySettings } from './supply-chain.ts'
import { createWorld } from './world.ts'

/** A public data set beside the repository; it is not a part of it. */
const folder = new URL('../../../../../shared/data/governors/', import.meta.url)
const skip = existsSync(folder) ? false : 'there is no ../shared/data beside the repository'

describe('a supply of nested models', () => {
  const nested = createNested(120)

  it('is paid to the last micro-token, whoever sells to whom and however credit is divided', () => {
    for (const setting of supplySettings(nested)) {
      for (const method of creditMethodNames) {
        const pay = playSupply(nested, setting, method)
        assert.ok(pay.paidMicro > 0n)
        assert.equal(pay.keptMicro, pay.paidMicro, `${setting.name}, ${method}`)
        const sum = pay.shares.reduce((total, share) => total + share, pay.buyerShare)
        assert.ok(Math.abs(sum - 1) < 1e-9)
      }
    }
  })

  it('makes the largest model again from the increments', () => {
    for (const question of nested.questions) {
      const book = openBook(nested.models, { learns: false })
      const pool = poolOf(book, hearIncrements(nested.models, question))
      const gain = creditOf('aumann-shapley', pool, question.outcome).reduce((a, b) => a + b, 0)
      const own = question.said.at(-1)?.[question.outcome] ?? 0
      near(gain, Math.log(own / (question.reference[question.outcome] ?? 0)))
    }
  })

  it('is owed by a link what it is owed by all links: credit of a supplier is that of its parts', () => {
    const book = openBook(nested.models, { learns: false })
    for (const question of nested.questions) {
      const parts = poolOf(book, hearIncrements(nested.models, question))
      const whole = poolOf(book, hearSupplier(nested.models, question, 2))
      const [first = 0, second = 0, third = 0] = creditOf('aumann-shapley', parts, question.outcome)
      const [supplier = 0, own = 0] = creditOf('aumann-shapley', whole, question.outcome)
      near(supplier, first + second)
      near(own, third)
    }
  })

  it('pays nothing for an increment that is none', () => {
    const increments = reportOf(measureSupply(nested), 'buyer of increments')
    const [small = 0, middle = 0, large = 1] = increments.marginals
    assert.ok(Math.abs(large) < 1e-9, 'the third model adds nothing')
    assert.ok(middle > 0 && small > middle, 'the second does, and the first more')
    assert.equal(payOf(increments).shares[2], 0)
  })

  it('pays a link in a chain that adds nothing for handing on, because no stream carries more than four fifths', () => {
    const long = createNested(400)
    const [chain] = supplySettings(long)
    assert.ok(chain !== undefined)
    const [small = 0, middle = 0, large = 0] = playSupply(long, chain, 'aumann-shapley').shares
    assert.ok(large >= 0.2, `${large}`)
    assert.ok(small > middle && small + middle < 0.8, `${small} ${middle}`)
  })

  it('takes signals as they are where it does not learn', () => {
    const [question] = nested.questions
    assert.ok(question !== undefined)
    const book = openBook(nested.models, { learns: false })
    const heard = hearIncrements(nested.models, question)
    const after = learn(book, heard, { learns: false, method: 'aumann-shapley' })
    assert.deepEqual(after.weights, book.weights)
    assert.notDeepEqual(after.records, book.records)
  })

  it('governors: pay follows marginal value where increments are sold, and not where forecasts are', {
    skip,
  }, (context) => {
    const textOf = (file: string): string => readFileSync(new URL(`${file}.csv`, folder), 'utf8')
    const imported = importQuestions(textOf('questions'), textOf('forecasts'))
    assert.ok(imported.ok)
    const reports = measureGovernors(imported.value, 0)
    for (const { setting, loss, marginals, pays } of reports) {
      context.diagnostic(`${setting}: log loss ${loss.toFixed(4)}, without ${written(marginals)}`)
      for (const { method, shares, buyerShare, creditCorrelation } of pays) {
        const kept = `${written(shares)}, buyer ${buyerShare.toFixed(2)}`
        context.diagnostic(`  ${method}: ${kept}; ρ ${creditCorrelation?.toFixed(2) ?? 'none'}`)
      }
    }
    const increments = payOf(reportOf(reports, 'buyer of increments'))
    const whole = payOf(reportOf(reports, 'buyer of all'))
    assert.equal(increments.payCorrelation, 1)
    assert.ok((increments.creditCorrelation ?? 0) > 0.9)
    assert.ok((whole.creditCorrelation ?? 1) < 0.6)
    const [lite = 0, classic = 0, deluxe = 0] = payOf(reportOf(reports, 'chain')).shares
    assert.ok(lite > deluxe && deluxe > classic, 'the cap on streams decides, not credit')
  })
})

/** Models that see 3 coins of each question, the same and 3 more, and nothing that the second does not. */
function createNested(questionCount: number): NestedModels {
  const world = createWorld({
    seed: 'nested',
    questionCount,
    snapshotCount: 2,
    coinsPerSnapshot: [3],
  })
  return {
    models: ['small', 'middle', 'large'].map(agentNamed),
    questions: world.map(({ firstCameTrue, beliefs }, index) => {
      const [few = 0.5, more = 0.5] = beliefs[0] ?? []
      return {
        id: `${index}`,
        reference: [0.5, 0.5],
        outcome: firstCameTrue ? 0 : 1,
        said: [few, more, more].map((belief) => [belief, 1 - belief]),
      }
    }),
  }
}

function creditOf(
  method: keyof typeof creditMethods,
  pool: ReturnType<typeof poolOf>,
  outcome: number,
): readonly number[] {
  const parts = pool.parts.map((part, order) => ({ ...part, order }))
  return creditMethods[method]({ ...pool, parts, outcome, seed: 'test' })
}

function reportOf(reports: readonly SupplyReport[], name: string): SupplyReport {
  return present(
    reports.find(({ setting }) => setting === name),
    'the setting is measured',
  )
}

function payOf({ pays }: SupplyReport): SupplyReport['pays'][number] {
  return present(
    pays.find(({ method }) => method === 'aumann-shapley'),
    'the rule is measured',
  )
}

function near(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`)
}

function written(values: readonly number[]): string {
  return values.map((value) => value.toFixed(4)).join(' ')
}
