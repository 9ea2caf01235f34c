import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode } from '../../codec/cbor.ts'
import { type Digest, digestOf } from '../../codec/digest.ts'
import { settleRound } from '../settle.ts'
import type { SeatAction } from '../subnet.ts'
import { commons } from './commons.ts'
import type { CommonsParams } from './params.ts'
import type { CommonsRow, CommonsState } from './state.ts'

function beaconOf(seed: number): Digest {
  return digestOf(Uint8Array.of(seed))
}

function present(...requests: number[]): readonly SeatAction[] {
  return requests.map((request) => ({ action: BigInt(request), absent: false }))
}

function settle(
  params: CommonsParams,
  state: CommonsState,
  ...requests: number[]
): { readonly state: CommonsState; readonly row: CommonsRow } {
  const randomness = { beacon: beaconOf(state.round), signal: null }
  return settleRound(commons, {
    params,
    state,
    actions: present(...requests),
    laws: [],
    randomness,
  })
}

const params = commons.paramsSchema.parse({})

test('a round harvests, then renews what is left up to the capacity', () => {
  const start = commons.start(params, 2)
  const first = settle(params, start, 30, 40)
  assert.deepEqual([first.row.stockLeft, first.row.stockAfter], [30, 60])
  assert.deepEqual([first.state.round, first.state.stock, first.state.status], [2, 60, 'open'])
  const second = settle(params, first.state, 5, 0)
  assert.deepEqual([second.row.stockLeft, second.row.stockAfter], [55, 100])
})

test('renewal rounds down', () => {
  const odd = commons.paramsSchema.parse({
    regeneration: { mode: 'deterministic', ratePercent: 150 },
  })
  assert.equal(settle(odd, commons.start(odd, 1), 45).row.stockAfter, 82) // 55 · 1.5 = 82.5
})

test('less than five left ends the run before anything is renewed; five do not', () => {
  const { state, row } = settle(params, commons.start(params, 1), 96)
  assert.equal(row.status, 'collapsed')
  assert.deepEqual([state.status, state.stock, state.round], ['collapsed', 4, 1])
  assert.ok(commons.isEnded(params, state))
  assert.equal(settle(params, commons.start(params, 1), 95).state.stock, 10)
})

test('the last round ends the run without renewal, but a rate is drawn', () => {
  const short = commons.paramsSchema.parse({ rounds: 2 })
  const first = settle(short, commons.start(short, 1), 50)
  const { state, row } = settle(short, first.state, 50)
  assert.deepEqual([state.status, state.stock, state.round], ['finished', 50, 2])
  assert.deepEqual([row.ratePercent, row.stockAfter], [200, 50])
})

test('requests beyond the stock leave nothing, and the record says what was wanted and what was got', () => {
  const { row } = settle(params, commons.start(params, 2), 200, 100)
  assert.deepEqual(row.requests, [200, 100])
  assert.equal(row.catchTotal, 100)
  assert.equal(row.status, 'collapsed')
})

test('hysteresis renews by the regime of the harvest and changes it afterwards', () => {
  const mode = commons.paramsSchema.parse({ regeneration: { mode: 'hysteresis' } })
  // 90 at once: M = 90 ≥ 85 degrades for certain, yet the 10 left double still.
  const first = settle(mode, commons.start(mode, 1), 90)
  assert.deepEqual([first.row.regime, first.row.ratePercent], ['healthy', 200])
  assert.deepEqual([first.state.regime, first.state.stock], ['degraded', 20])
  // M = (90 + 10)/2 = 50 is not below 30: it stays degraded, and 10 become 15.
  const second = settle(mode, first.state, 10)
  assert.deepEqual([second.row.regime, second.row.ratePercent], ['degraded', 150])
  assert.deepEqual([second.state.regime, second.state.stock], ['degraded', 15])
  // The window is three rounds: 90, 10, 0, then 10, 0, 0 with M = 10/3 below 30.
  const third = settle(mode, second.state, 0)
  assert.deepEqual(third.state.recentCatches, [90, 10, 0])
  const fourth = settle(mode, third.state, 0)
  assert.deepEqual(fourth.state.recentCatches, [10, 0, 0])
})

test('without hysteresis nothing is remembered of catches', () => {
  assert.deepEqual(settle(params, commons.start(params, 1), 40).state.recentCatches, [])
})

test('a law sees requests and history at submission, catches and the new stock at settlement', () => {
  const first = settle(params, commons.start(params, 2), 30, 10)
  const actions = present(20, 0)
  const next = settle(params, first.state, 20, 0)
  const before = commons.viewSubmission(params, first.state, actions)
  assert.deepEqual(before.common, { round: 2n, stock: 100n })
  assert.deepEqual(before.bySeat, { requests: [20n, 0n], absent: [0n, 0n] })
  assert.deepEqual(before.own, [{ history: [30n] }, { history: [10n] }])
  const outcome = next.row
  const after = commons.viewSettlement(params, first.state, actions, outcome, next.state)
  assert.deepEqual(after.common, { round: 2n, stock: 100n, stockAfter: 100n })
  assert.deepEqual(after.bySeat, { ...before.bySeat, catches: [20n, 0n] })
})

test('every view holds exactly what its language declares', () => {
  for (const language of ['full', 'stock-cap'] as const) {
    const given = commons.paramsSchema.parse({ language })
    const state = commons.start(given, 2)
    const declared = commons.language(given, 2)
    const view = commons.viewSubmission(given, state, present(1, 2))
    const names = [view.common, view.bySeat, view.own[0] ?? {}].flatMap(Object.keys)
    assert.deepEqual(names.toSorted(), Object.keys(declared.submission).toSorted())
  }
})

test('the narrow language names only round and stock', () => {
  const narrow = commons.paramsSchema.parse({ language: 'stock-cap' })
  const { submission, settlement } = commons.language(narrow, 5)
  assert.deepEqual([Object.keys(submission), settlement], [['round', 'stock'], {}])
})

test('the seal bond is at least the whole stock at the greatest value', () => {
  assert.equal(commons.sealBondMicro(params), 10_000_000n)
  const unequal = commons.paramsSchema.parse({ valuesPercent: [50, 133], unitMicro: 7 })
  assert.equal(commons.sealBondMicro(unequal), 931n)
})

test('only a private signal asks for a signal phase', () => {
  assert.equal(commons.hasSignal(params), false)
  const signal = commons.paramsSchema.parse({ regeneration: { mode: 'private-signal' } })
  assert.equal(commons.hasSignal(signal), true)
})

test('states and records survive encoding', () => {
  const { state, row } = settle(params, commons.start(params, 3), 10, 20, 5)
  for (const value of [state, row]) {
    const decoded = decode(encode(value), 4096)
    assert.ok(decoded.ok)
    assert.deepEqual(decoded.value, value)
  }
})

test('parameters out of range are refused, unknown ones too', () => {
  const bad = [
    { capacity: 0 },
    { capacity: 100_001 },
    { rounds: 0 },
    { rounds: 1001 },
    { collapseBelow: 101 },
    { regeneration: { mode: 'deterministic', ratePercent: 99 } },
    { regeneration: { mode: 'iid', ratesPercent: [] } },
    { regeneration: { mode: 'tidal' } },
    { valuesPercent: [0] },
    { valuesPercent: [1001] },
    { unitMicro: 10n ** 12n + 1n },
    { fish: 1 },
  ]
  for (const given of bad) {
    assert.equal(commons.paramsSchema.safeParse(given).success, false, Object.keys(given)[0])
  }
  const edge = { capacity: 100_000, rounds: 1000, valuesPercent: [1000], unitMicro: 10n ** 12n }
  assert.ok(commons.paramsSchema.safeParse(edge).success)
})
