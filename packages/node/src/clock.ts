import type { ClockPort } from './ports.ts'

/** Longest delay that a timer of the platform takes. */
const DELAY_MS_MAX = 2 ** 31 - 1

/** The machine's clock, as it was when the process started and without the jumps that it makes since. */
export function createClock(): ClockPort {
  return {
    nowMs: () => Math.floor(performance.timeOrigin + performance.now()),
    alarm: (delayMs, ring) => {
      const timer = setTimeout(ring, Math.min(delayMs, DELAY_MS_MAX))
      return () => clearTimeout(timer)
    },
  }
}
