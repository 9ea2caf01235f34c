import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../../codec/digest.ts'
import { computeSustainableShare, seededValuesPercent } from './value.ts'

test('the sustainable share is the surplus divided by the seats, rounded down', () => {
  assert.equal(computeSustainableShare(100, 200, 5), 10)
  assert.equal(computeSustainableShare(100, 150, 5), 6)
  assert.equal(computeSustainableShare(99, 200, 5), 9)
  assert.equal(computeSustainableShare(100, 100, 5), 0)
})

test('seeded values are whole percents from 50 to 150, differ, and follow the seed', () => {
  const values = seededValuesPercent(digestOf(Uint8Array.of(3)), 5)
  assert.equal(values.length, 5)
  assert.ok(new Set(values).size > 1)
  for (const value of values) assert.ok(Number.isInteger(value) && value >= 50 && value <= 150)
  assert.deepEqual(seededValuesPercent(digestOf(Uint8Array.of(3)), 5), values)
  assert.notDeepEqual(seededValuesPercent(digestOf(Uint8Array.of(4)), 5), values)
})
