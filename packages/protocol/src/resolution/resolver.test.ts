import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { digestOf } from '../codec/digest.ts'
import type { DataRecord, Resolver } from '../message/forecast.ts'
import { checkResolver, type RecordResolver, resolveRecord } from './resolver.ts'

const ROOT = digestOf()

describe('a resolver', () => {
  it('of every kind may open a question', () => {
    for (const resolver of [
      { kind: 'schelling' },
      byColumn('rain'),
      byFunction(['rain', 'wind'], 'rain > 0 ? 1 : wind > 3 ? 2 : 0'),
    ] satisfies Resolver[]) {
      assert.equal(codeOf(resolver), 'ok')
    }
  })

  it('reaches as far as a proof can, and no farther', () => {
    assert.equal(codeOf({ ...byColumn('rain'), index: 2 ** 32 - 1 }), 'ok')
    assert.equal(codeOf({ ...byColumn('rain'), index: 2 ** 32 }), 'index-out-of-range')
    assert.equal(codeOf({ ...byFunction(['a'], 'a'), index: 2 ** 32 }), 'index-out-of-range')
  })

  it('names its columns in order, once each', () => {
    assert.equal(codeOf(byFunction(['b', 'a'], 'a')), 'columns-unordered')
    assert.equal(codeOf(byFunction(['a', 'a'], 'a')), 'columns-unordered')
  })

  it('sees its columns as ints and nothing else', () => {
    assert.equal(codeOf(byFunction(['rain'], 'snow')), 'unknown-variable')
    assert.equal(codeOf(byFunction(['rain'], 'self')), 'unknown-variable')
    assert.equal(codeOf(byFunction(['rain'], 'rain > 0')), 'result-type')
    assert.equal(codeOf(byFunction(['rain'], 'rain[0]')), 'type-mismatch')
    assert.equal(codeOf(byFunction(['rain'], '0.5 > 0.2 ? 1 : 0')), 'double')
    assert.equal(codeOf(byFunction(['rain'], 'rain +')), 'syntax')
    assert.equal(codeOf(byFunction(['rain'], 'constructor')), 'unknown-variable')
  })

  it('is bounded like a law', () => {
    const ones = Array.from({ length: 254 }, () => '1').join(',')
    assert.equal(codeOf(byFunction(['rain'], `sum([${ones}])`)), 'ok')
    assert.equal(codeOf(byFunction(['rain'], `sum([${ones},1])`)), 'too-many-nodes')
  })
})

describe('a record that was proven', () => {
  it('says what its column says, or leaves the question void', () => {
    const rain = byColumn('rain')
    assert.deepEqual(resolveRecord(rain, recordOf({ rain: 1 }), 2), { outcome: 1 })
    assert.deepEqual(resolveRecord(rain, recordOf({ rain: 2 }), 3), { outcome: 2 })
    for (const value of [2, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      assert.deepEqual(resolveRecord(rain, recordOf({ rain: value }), 2), {
        outcome: null,
        reason: 'outcome-out-of-range',
      })
    }
    assert.deepEqual(resolveRecord(rain, recordOf({ snow: 1 }), 2), {
      outcome: null,
      reason: 'missing-column',
    })
  })

  it('needs every column that is named, read or not', () => {
    const resolver = byFunction(['rain', 'wind'], 'true ? rain : wind')
    assert.deepEqual(resolveRecord(resolver, recordOf({ rain: 1, wind: 5 }), 2), { outcome: 1 })
    assert.deepEqual(resolveRecord(resolver, recordOf({ rain: 1 }), 2), {
      outcome: null,
      reason: 'missing-column',
    })
  })

  it('leaves the question void where the expression faults', () => {
    for (const [expression, reason] of [
      ['1 / rain', 'division-by-zero'],
      ['[1][rain + 1]', 'index-out-of-range'],
      ['min([1].filter(x, x < rain))', 'empty-list'],
      ['(9223372036854775807 + 1) * rain', 'overflow'],
    ] as const) {
      const resolver = byFunction(['rain'], expression)
      assert.equal(codeOf(resolver), 'ok')
      assert.deepEqual(resolveRecord(resolver, recordOf({ rain: 0 }), 2), { outcome: null, reason })
    }
  })

  it('says the same for a column and for the function that reads it, and columns beside do not matter', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -1, max: 70 }), fc.maxSafeInteger()),
        fc.maxSafeInteger(),
        fc.integer({ min: 2, max: 64 }),
        (rain, wind, outcomeCount) => {
          const alone = resolveRecord(byColumn('rain'), recordOf({ rain }), outcomeCount)
          const expected = rain >= 0 && rain < outcomeCount ? rain : null
          assert.equal(alone.outcome, expected)
          const beside = recordOf({ rain, wind })
          assert.deepEqual(resolveRecord(byColumn('rain'), beside, outcomeCount), alone)
          const read = byFunction(['rain'], 'rain')
          assert.deepEqual(resolveRecord(read, beside, outcomeCount), alone)
        },
      ),
    )
  })
})

function byColumn(column: string): RecordResolver {
  return { kind: 'dataset', root: ROOT, index: 0, column }
}

function byFunction(columns: readonly string[], expression: string): RecordResolver {
  return { kind: 'function', root: ROOT, index: 0, columns, expression }
}

function recordOf(values: Readonly<Record<string, number>>): DataRecord {
  return { key: 'day', columns: Object.entries(values).map(([name, value]) => ({ name, value })) }
}

function codeOf(resolver: Resolver): string {
  const checked = checkResolver(resolver)
  if (checked.ok) return 'ok'
  assert.equal(checked.error.verdict, 'reject')
  return checked.error.code
}
