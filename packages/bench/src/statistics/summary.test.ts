import assert from 'node:assert/strict'
import { test } from 'node:test'
import { summarise } from './summary.ts'

test('runs without a value are not zeros: the mean of 4, nothing and 8 is 6', () => {
  const { valueCount, interval } = summarise([4, null, 8], 'missing')
  assert.equal(valueCount, 2)
  assert.deepEqual(interval, { mean: 6, lo: 4, hi: 8 })
  assert.deepEqual(summarise([null], 'none'), { valueCount: 0, interval: null })
})
