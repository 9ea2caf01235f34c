import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { TokenBucket } from './token-bucket.ts'

test('a full bucket gives its burst and not one more', () => {
  const bucket = new TokenBucket(10, 3, 0)
  assert.deepEqual(
    [0, 0, 0, 0].map((nowMs) => bucket.take(nowMs)),
    [true, true, true, false],
  )
})

test('tokens come back at the rate, up to the burst', () => {
  const bucket = new TokenBucket(10, 3, 0)
  for (let index = 0; index < 3; index += 1) bucket.take(0)
  assert.equal(bucket.waitMs(0), 100)
  assert.equal(bucket.take(99), false)
  assert.equal(bucket.take(100), true)
  assert.equal(bucket.waitMs(10_000), 0)
  assert.deepEqual(
    [1, 2, 3, 4].map(() => bucket.take(10_000)),
    [true, true, true, false],
  )
})

test('in any span no more passes than the burst and the rate allow', () => {
  const steps = fc.array(fc.nat(500), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 20 }),
      (waits, rate, burst) => {
        const bucket = new TokenBucket(rate, burst, 0)
        let nowMs = 0
        let taken = 0
        for (const wait of waits) {
          nowMs += wait
          if (bucket.take(nowMs)) taken += 1
        }
        assert.ok(taken <= burst + (rate * nowMs) / 1_000 + 1e-6)
      },
    ),
  )
})

test('a clock that runs backwards gives nothing away', () => {
  const bucket = new TokenBucket(1, 1, 1_000)
  assert.equal(bucket.take(1_000), true)
  assert.equal(bucket.take(0), false)
  assert.equal(bucket.take(1_999), false)
  assert.equal(bucket.take(2_000), true)
})
