import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSkewedClock } from './skewed-clock.ts'

test('a skewed clock is ahead, runs faster, and rings when its own time has come', () => {
  let nowMs = 1_000
  const alarms: number[] = []
  const clock = createSkewedClock(
    {
      nowMs: () => nowMs,
      alarm: (delayMs) => {
        alarms.push(delayMs)
        return () => {}
      },
    },
    { clockOffsetMs: 60_000, clockDriftPpm: 200_000 },
  )
  assert.equal(clock.nowMs(), 61_000)
  nowMs += 1_000
  assert.equal(clock.nowMs(), 62_200)
  clock.alarm(600, () => {})
  assert.deepEqual(alarms, [500])
  nowMs += 500
  assert.ok(clock.nowMs() >= 62_800, 'it does not ring early')
})
