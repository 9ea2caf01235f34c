import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../codec/digest.ts'
import { createLawState } from '../contract/enforcement.ts'
import { checkLaw } from '../contract/law.ts'
import type { Clause } from '../contract/terms.ts'
import { commons } from './commons/commons.ts'
import { type RoundLaw, settleRound } from './settle.ts'

const params = commons.paramsSchema.parse({})
const randomness = { beacon: digestOf(Uint8Array.of(1)), signal: null }

function lawOf(clauses: readonly Clause[], bound: readonly boolean[], collateral = 0n): RoundLaw {
  const checked = checkLaw({ clauses }, commons.language(params, bound.length))
  assert.ok(checked.ok, checked.ok ? '' : checked.error.code)
  return {
    bound: { law: checked.value, signer: bound, bound },
    state: createLawState(bound.map((is) => (is ? collateral : 0n))),
  }
}

function cap(limit: string): Clause {
  return { at: 'submission', when: 'true', then: { primitive: 'cap', limit } }
}

function settle(requests: readonly (number | null)[], laws: readonly RoundLaw[]) {
  const actions = requests.map((request) => ({
    action: BigInt(request ?? 0),
    absent: request === null,
  }))
  const state = commons.start(params, requests.length)
  return settleRound(commons, { params, state, actions, laws, randomness })
}

function held(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, one) => sum + one, 0n)
}

test('without a law actions are played as they are, and no money moves', () => {
  const settled = settle([10, 20], [])
  assert.deepEqual(settled.outcome.catches, [10, 20])
  assert.deepEqual([settled.creditsMicro, settled.burnedMicro, settled.laws], [[0n, 0n], 0n, []])
})

test('a law changes actions before the stock is divided; the record keeps both', () => {
  const { row, laws } = settle([100, 5], [lawOf([cap('stock / 10')], [true, true])])
  assert.deepEqual(
    [row.requests, row.enforced, row.catches],
    [
      [100, 5],
      [10, 5],
      [10, 5],
    ],
  )
  assert.equal(laws[0]?.records.filter(({ kind }) => kind === 'action').length, 1)
})

test('a law that no longer fits the stock is rationed like requests are', () => {
  const { row } = settle([100, 100], [lawOf([cap('stock')], [true, true])])
  assert.equal(row.catchTotal, 100)
})

test('two laws bind whom each binds and nobody else', () => {
  const laws = [lawOf([cap('7')], [true, false, false]), lawOf([cap('9')], [false, true, false])]
  const { row, laws: outcomes } = settle([50, 20, 11], laws)
  assert.deepEqual(row.enforced, [7, 9, 11])
  assert.equal(outcomes.length, 2)
})

test('an absent seat plays the default action, and the law sees that it was absent', () => {
  const fine: Clause = {
    at: 'submission',
    when: 'absent[self] == 1',
    then: { primitive: 'participationCost', amount: '3' },
  }
  const settled = settle([null, 10], [lawOf([fine], [true, true], 10n)])
  assert.deepEqual(settled.outcome.catches, [0, 10])
  assert.deepEqual(settled.row.absent, [true, false])
  assert.equal(settled.burnedMicro, 3n)
  assert.deepEqual(settled.laws[0]?.state.collateralMicro, [7n, 10n])
})

test('at settlement a law sees catches and the renewed stock', () => {
  const clause: Clause = {
    at: 'settlement',
    when: 'catches[self] > 20 && stockAfter == 100',
    then: { primitive: 'transfer', to: '1 - self', amount: 'catches[self]' },
  }
  const settled = settle([30, 20], [lawOf([clause], [true, true], 100n)])
  assert.equal(settled.state.stock, 100)
  assert.deepEqual(settled.creditsMicro, [0n, 30n])
  assert.deepEqual(settled.laws[0]?.state.collateralMicro, [70n, 100n])
})

test('what custody loses is what is credited and burned', () => {
  const clauses: readonly Clause[] = [
    {
      at: 'submission',
      when: 'true',
      then: { primitive: 'sanction', amount: '5 * requests[self]' },
    },
    { at: 'settlement', when: 'self == 0', then: { primitive: 'transfer', to: '1', amount: '40' } },
  ]
  const before = lawOf(clauses, [true, true], 100n)
  const settled = settle([10, 2], [before])
  const after = settled.laws[0]?.state
  assert.ok(after !== undefined)
  const lost = held(before.state.collateralMicro) - held(after.collateralMicro)
  assert.equal(lost, held(settled.creditsMicro) + settled.burnedMicro)
  assert.deepEqual([settled.creditsMicro, settled.burnedMicro], [[0n, 40n], 60n])
})

test('a law cannot ask for more than any seat could reveal', () => {
  const override: Clause = {
    at: 'submission',
    when: 'self == 0',
    then: { primitive: 'override', action: '9223372036854775807' },
  }
  const { row } = settle([1, 2], [lawOf([override], [true, true])])
  assert.deepEqual(row.enforced, [1_000_000_000, 2])
  assert.equal(row.catchTotal, 100)
})
