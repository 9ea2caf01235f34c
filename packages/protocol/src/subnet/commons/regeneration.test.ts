import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Digest, digestOf } from '../../codec/digest.ts'
import { createStream } from '../randomness.ts'
import { commons } from './commons.ts'
import { type CommonsParams, type HysteresisRegeneration } from './params.ts'
import { computeSwitchChance, drawRatePercent, nextRegime, signalRate } from './regeneration.ts'

function beaconOf(seed: number): Digest {
  return digestOf(Uint8Array.of(seed & 0xff, seed >> 8))
}

function paramsOf(regeneration: unknown): CommonsParams {
  return commons.paramsSchema.parse({ regeneration })
}

function hysteresis(): HysteresisRegeneration {
  const { regeneration } = paramsOf({ mode: 'hysteresis' })
  assert.ok(regeneration.mode === 'hysteresis')
  return regeneration
}

test('an iid rate is either of two with equal chance, from the beacon alone', () => {
  const params = paramsOf({ mode: 'iid' })
  let high = 0
  for (let seed = 0; seed < 1000; seed++) {
    const rate = drawRatePercent(params, 'healthy', { beacon: beaconOf(seed), signal: null })
    assert.ok(rate === 150 || rate === 250)
    if (rate === 250) high += 1
  }
  assert.ok(Math.abs(high - 500) < 80, `${high} of 1000`) // five standard deviations
})

test('a private signal announces the rate that the round then has, whatever the beacon', () => {
  const params = paramsOf({ mode: 'private-signal' })
  for (let seed = 0; seed < 50; seed++) {
    const signal = beaconOf(seed)
    const rate = drawRatePercent(params, 'healthy', { beacon: beaconOf(seed + 999), signal })
    assert.equal(signalRate(params, signal), rate)
  }
})

test('a commons without a private signal announces nothing', () => {
  assert.equal(signalRate(paramsOf({ mode: 'iid' }), beaconOf(1)), undefined)
  assert.equal(signalRate(paramsOf({ mode: 'private-signal' }), null), undefined)
})

test('hysteresis follows the regime', () => {
  const params = paramsOf({ mode: 'hysteresis' })
  const randomness = { beacon: beaconOf(0), signal: null }
  assert.equal(drawRatePercent(params, 'healthy', randomness), 200)
  assert.equal(drawRatePercent(params, 'degraded', randomness), 150)
})

// Worked by hand: p = 3/10 + (M − 50)/50.
const chances: readonly (readonly ['healthy' | 'degraded', number[], number])[] = [
  ['healthy', [49], 0],
  ['healthy', [50], 0.3],
  ['healthy', [50, 49], 0], // M = 49.5
  ['healthy', [50, 51], 0.31], // M = 50.5
  ['healthy', [50, 50, 51], 0.3 + 1 / 150], // M = 50 + 1/3
  ['healthy', [60, 60, 60], 0.5],
  ['healthy', [85], 1],
  ['healthy', [100], 1.3], // beyond 1 is certainty
  ['degraded', [30], 0],
  ['degraded', [29], 0.15],
  ['degraded', [30, 30, 29], 0.15], // M = 29.67
  ['degraded', [0, 0, 90], 0], // M = 30
]

for (const [regime, recent, expected] of chances) {
  test(`${regime} after catches of ${recent.join(', ')} switches with probability ${expected}`, () => {
    const { numerator, denominator } = computeSwitchChance(regime, hysteresis(), recent)
    assert.ok(Number.isInteger(numerator) && Number.isInteger(denominator))
    assert.ok(Math.abs(numerator / denominator - expected) < 1e-12)
  })
}

test('the regime switches exactly when one draw of the beacon is below the chance', () => {
  const rule = hysteresis()
  const { numerator, denominator } = computeSwitchChance('healthy', rule, [50, 51])
  let switched = 0
  for (let seed = 0; seed < 200; seed++) {
    const beacon = beaconOf(seed)
    const isDue = createStream(beacon, 'regeneration').below(denominator) < numerator
    const next = nextRegime('healthy', rule, [50, 51], beacon)
    assert.equal(next, isDue ? 'degraded' : 'healthy')
    if (isDue) switched += 1
  }
  assert.ok(switched > 30 && switched < 95, `${switched} of 200 at 31 %`)
})

test('certainty needs no luck: a mean of 85 always degrades', () => {
  for (let seed = 0; seed < 50; seed++) {
    assert.equal(nextRegime('healthy', hysteresis(), [85], beaconOf(seed)), 'degraded')
  }
})
