import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { ModelFailure } from '@commonweal/node/agent'
import { Budget, formatDollars } from './budget.ts'

const folder = mkdtempSync(join(tmpdir(), 'budget-'))
after(() => rmSync(folder, { recursive: true }))

function open(journal: string, empty: ModelFailure[] = []): Budget {
  return new Budget(100n, join(folder, journal), (failure) => empty.push(failure))
}

function reserve(budget: Budget, costMicroUsd: bigint): (spent: bigint) => void {
  const settle = budget.reserve(1, { tokens: 0, costMicroUsd })
  return (spent) => settle({ tokens: 0, costMicroUsd: spent })
}

describe('a budget', () => {
  it('sets aside the most that a call can cost, to the last millionth and no further', () => {
    const empty: ModelFailure[] = []
    const budget = open('a', empty)
    reserve(budget, 60n)(10n)
    reserve(budget, 90n)
    assert.throws(() => reserve(budget, 1n), { code: 'cancelled' })
    assert.match(empty[0]?.message ?? '', /\$0\.0001 of \$0\.0001 are spent or set aside/)
  })

  it('is remembered by a process that goes on, calls that were cut off at their most', () => {
    const before = open('b')
    reserve(before, 50n)(20n)
    reserve(before, 30n)
    appendFileSync(join(folder, 'b'), '99')
    const later = open('b')
    assert.throws(() => reserve(later, 51n), { code: 'cancelled' })
    reserve(later, 50n)
    assert.throws(() => reserve(open('b'), 1n), { code: 'cancelled' })
  })
})

it('dollars have two decimals, and as many more as it takes', () => {
  assert.deepEqual([250_000n, 1n, 20_000_000n, 0n].map(formatDollars), [
    '$0.25',
    '$0.000001',
    '$20.00',
    '$0.00',
  ])
})
