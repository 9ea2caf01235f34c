import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commons } from './commons.ts'
import { computeEquality, computeMetrics, computeSurvivalRate } from './metrics.ts'
import type { CommonsRow } from './state.ts'

const params = commons.paramsSchema.parse({})

function rowOf(stockBefore: number, catches: readonly number[], ratePercent = 200): CommonsRow {
  const catchTotal = catches.reduce((sum, got) => sum + got, 0)
  return {
    round: 1,
    requests: catches,
    enforced: catches,
    absent: catches.map(() => false),
    catches,
    stockBefore,
    catchTotal,
    stockLeft: stockBefore - catchTotal,
    ratePercent,
    stockAfter: 0,
    regime: 'healthy',
    status: 'open',
  }
}

test('a collapse in round 1 counts as survival of one round and as fully efficient', () => {
  const metrics = computeMetrics(params, 2, [rowOf(100, [60, 40])])
  assert.equal(metrics.m, 1)
  assert.equal(metrics.q, 1 / 12)
  assert.equal(metrics.R, 100)
  assert.equal(metrics.u, 1)
  assert.equal(metrics.u12, 100 / 600)
  assert.equal(metrics.o, 1)
})

test('efficiency counts only the rounds played, and never exceeds 1', () => {
  assert.equal(computeMetrics(params, 1, [rowOf(100, [25]), rowOf(100, [25])]).u, 0.5)
  assert.equal(computeMetrics(params, 1, [rowOf(100, [50]), rowOf(100, [100])]).u, 1)
})

test('efficiency takes the realised rates', () => {
  // K − K/1.5 = 33.3…, K − K/2.5 = 60
  const rows = [rowOf(100, [20], 150), rowOf(100, [20], 250)]
  const sustainable = 100 / 3 + 60
  assert.ok(Math.abs(computeMetrics(params, 1, rows).u - 40 / sustainable) < 1e-12)
})

test('taking exactly what renews itself is not over-usage, one more is', () => {
  assert.equal(computeMetrics(params, 2, [rowOf(100, [25, 25])]).o, 0)
  assert.equal(computeMetrics(params, 2, [rowOf(100, [26, 25])]).o, 1)
  // 99 − 99/1.5 = 33 exactly
  assert.equal(computeMetrics(params, 2, [rowOf(99, [16, 17], 150)]).o, 0)
})

test('in an over-used round every seat counts, also one that took nothing', () => {
  const rows = [rowOf(100, [100, 0]), rowOf(100, [10, 0])]
  assert.equal(computeMetrics(params, 2, rows).o, 0.5)
})

test('equality is 1 − Gini, and 1 when nothing was caught', () => {
  assert.equal(computeEquality([10, 10, 10]), 1)
  assert.equal(computeEquality([0, 0, 0]), 1)
  assert.equal(computeEquality([0, 0, 12]), 1 - 2 / 3)
  assert.ok(Math.abs(computeEquality([10, 10, 10, 10, 60]) - 0.6) < 1e-12)
})

test('a run without rounds has no over-usage and nothing gained', () => {
  assert.deepEqual(computeMetrics(params, 3, []), { m: 0, q: 0, R: 0, u: 1, u12: 0, e: 1, o: 0 })
})

test('the survival rate pools runs', () => {
  assert.equal(computeSurvivalRate(params, [12, 6]), 0.75)
  assert.equal(computeSurvivalRate(params, []), 0)
})
