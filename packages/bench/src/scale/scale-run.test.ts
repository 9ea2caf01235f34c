import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScale } from './scale-run.ts'

test('followers come as far as the validators, and the same run is made again', () => {
  const options = { validators: 4, followers: 12, heights: 6 }
  const { processorMs: _, ...once } = runScale(options)
  assert.deepEqual(once.failures, [])
  assert.equal(once.doneCount, 16)
  const { processorMs: __, ...again } = runScale(options)
  assert.deepEqual(again, once)
})

test('what arrives grows with the followers, and not with their square', () => {
  const deliveriesOf = (followers: number): number =>
    runScale({ validators: 4, followers, heights: 6 }).deliveries
  const [few, many] = [deliveriesOf(6), deliveriesOf(46)]
  assert.ok(many / few < 50 / 10 + 1, `${many} for 50 replicas, ${few} for 10`)
})
