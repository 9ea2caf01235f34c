import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkStream, reportFloorBps, STREAM_BPS_MAX } from '@commonweal/protocol'
import * as fc from 'fast-check'
import { noRecords, type PayRecords, stepPay } from '../../forecast/pay-shares.ts'
import { toReport } from '../../forecast/to-report.ts'
import { checkForecast, checkPay, computeFloorsBps, computePayLimits } from './forecast-mandate.ts'
import { agentAt, mandateOf, SUPPLIERS } from './test-questions.ts'

const pools = fc
  .array(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 64 })
  .map((masses) => {
    const sum = masses.reduce((total, mass) => total + mass, 0)
    return masses.map((mass) => mass / sum)
  })

/** Supplier 1 is right on every question, supplier 2 on every second one. */
function recordsAfter(count: number): PayRecords {
  let records = noRecords
  for (let index = 0; index < count; index++) {
    const side = index % 2 === 0 ? 1 : -1
    records = stepPay(
      records,
      new Map([
        [agentAt(1), { credit: 0.1, score: 0.1 }],
        [agentAt(2), { credit: 0.1 * side, score: 0.1 * side }],
      ]),
    )
  }
  return records
}

describe('the mandate of a forecaster', () => {
  it('has a least for each outcome: its share of the pool, and never less than the ledger’s', () => {
    assert.deepEqual(computeFloorsBps(mandateOf(), [0.6, 0.4]), [1_500, 1_000])
    assert.deepEqual(
      computeFloorsBps(mandateOf({ poolPercentMin: 50 }), [0.999, 0.001]),
      [4_995, 100],
    )
    assert.deepEqual(computeFloorsBps(null, [0.6, 0.4]), [100, 100])
    assert.ok(checkForecast([9_000, 1_000], [1_500, 1_000]).ok)
    assert.ok(!checkForecast([9_001, 999], [1_500, 1_000]).ok)
    assert.ok(!checkForecast([1_499, 8_501], [1_500, 1_000]).ok)
  })

  it('always leaves something to report, the pool itself among it', () => {
    fc.assert(
      fc.property(pools, fc.integer({ min: 0, max: 80 }), (pool, poolPercentMin) => {
        const floors = computeFloorsBps(mandateOf({ poolPercentMin }), pool)
        assert.ok(floors.reduce((sum, bps) => sum + bps, 0) <= 10_000)
        const isNarrow = toReport(pool).some((bps) => bps <= reportFloorBps(pool.length))
        assert.ok(isNarrow || checkForecast(toReport(pool), floors).ok)
      }),
    )
  })

  it('never lets a report score worse than the pool by more than it allows, whatever comes true', () => {
    let allowedCount = 0
    const told = fc.record({
      loud: fc.nat({ max: 63 }),
      strength: fc.integer({ min: 0, max: 100 }),
    })
    fc.assert(
      fc.property(pools, told, fc.integer({ min: 1, max: 80 }), (pool, heard, poolPercentMin) => {
        const loud = heard.loud % pool.length
        const strength = heard.strength / 100
        const report = toReport(
          pool.map((mass, outcome) => (1 - strength) * mass + (outcome === loud ? strength : 0)),
        )
        if (!checkForecast(report, computeFloorsBps(mandateOf({ poolPercentMin }), pool)).ok) return
        allowedCount += 1
        pool.forEach((mass, outcome) => {
          const lost = Math.log(mass) - Math.log((report[outcome] ?? 0) / 10_000)
          assert.ok(lost <= Math.log(100 / poolPercentMin) + 1e-6)
        })
      }),
    )
    assert.ok(allowedCount > 20)
  })

  it('pays who was never used nothing, who has not proved itself little, and nobody more than the most', () => {
    const limits = computePayLimits(mandateOf(), SUPPLIERS, recordsAfter(40))
    assert.deepEqual([...limits.supplierBpsMax.values()], [2_500, 500, 0])
    assert.deepEqual([limits.passBpsMin, limits.passBpsMax], [0, 3_000])
    const first = computePayLimits(mandateOf(), SUPPLIERS, recordsAfter(1))
    assert.deepEqual([...first.supplierBpsMax.values()], [500, 500, 0])
    const open = computePayLimits(null, SUPPLIERS, noRecords)
    assert.deepEqual([...open.supplierBpsMax.values()], [8_000, 8_000, 8_000])
    const nobody = computePayLimits(mandateOf({ passPercentMin: 20 }), SUPPLIERS, noRecords)
    assert.deepEqual([nobody.passBpsMin, nobody.passBpsMax], [0, 0])
  })

  it('lets through only what the ledger takes and the mandate allows', () => {
    const share = fc.record({
      to: fc.constantFrom(...[0, 1, 2, 3, 4].map(agentAt)),
      bps: fc.nat({ max: 3_000 }),
    })
    const streams = fc.uniqueArray(share, { selector: ({ to }) => to, maxLength: 5 })
    const limits = computePayLimits(mandateOf({ passPercentMin: 1 }), SUPPLIERS, recordsAfter(40))
    let allowedCount = 0
    fc.assert(
      fc.property(streams, (drawn) => {
        const shares = drawn.toSorted((a, b) => (a.to < b.to ? -1 : 1))
        if (!checkPay(agentAt(0), shares, limits).ok) return
        allowedCount += 1
        assert.ok(checkStream(agentAt(0), shares).ok)
        const passed = shares.reduce((sum, { bps }) => sum + bps, 0)
        assert.ok(passed >= 100 && passed <= 3_000 && passed <= STREAM_BPS_MAX)
        for (const { to, bps } of shares) assert.ok(bps <= (limits.supplierBpsMax.get(to) ?? 0))
      }),
      { numRuns: 1_000 },
    )
    assert.ok(allowedCount > 5)
  })
})
