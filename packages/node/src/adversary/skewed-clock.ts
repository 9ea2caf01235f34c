import type { ClockPort } from '../ports.ts'
import type { ClockFault } from './replica/fault.ts'

const PPM = 1_000_000

/** A clock that is ahead of another one and runs faster. */
export function createSkewedClock(
  clock: ClockPort,
  { clockOffsetMs, clockDriftPpm }: ClockFault,
): ClockPort {
  const startMs = clock.nowMs()
  const rate = 1 + clockDriftPpm / PPM
  return {
    nowMs: () => startMs + clockOffsetMs + Math.floor((clock.nowMs() - startMs) * rate),
    alarm: (delayMs, ring) => clock.alarm(Math.ceil(delayMs / rate), ring),
  }
}
