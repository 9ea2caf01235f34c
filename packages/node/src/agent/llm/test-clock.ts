import type { ClockPort } from '../../ports.ts'

/** Time that passes when a test says so. */
export class TestClock implements ClockPort {
  #nowMs = 1_000_000
  #alarms: { readonly atMs: number; readonly ring: () => void }[] = []
  readonly #watchers: { readonly count: number; readonly resolve: () => void }[] = []

  nowMs(): number {
    return this.#nowMs
  }

  alarm(delayMs: number, ring: () => void): () => void {
    const alarm = { atMs: this.#nowMs + delayMs, ring }
    this.#alarms.push(alarm)
    for (const { count, resolve } of this.#watchers) {
      if (this.#alarms.length >= count) resolve()
    }
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  /** How long it is to each alarm, nearest first. */
  get waitsMs(): readonly number[] {
    return this.#alarms.map(({ atMs }) => atMs - this.#nowMs).toSorted((a, b) => a - b)
  }

  /** Resolves when at least so many alarms are set. */
  async untilAlarms(count: number): Promise<void> {
    if (this.#alarms.length >= count) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#watchers.push({ count, resolve })
    await promise
  }

  advance(durationMs: number): void {
    this.#nowMs += durationMs
    const due = this.#alarms.filter(({ atMs }) => atMs <= this.#nowMs)
    this.#alarms = this.#alarms.filter(({ atMs }) => atMs > this.#nowMs)
    for (const { ring } of due) ring()
  }
}
