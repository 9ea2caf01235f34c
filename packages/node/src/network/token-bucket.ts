/**
 * Lets through `ratePerSecond` on average and `burst` at once. Pure: the caller brings the clock.
 *
 * Units   rate in tokens a second; instants in ms of a clock that never runs backwards.
 */
export class TokenBucket {
  readonly #ratePerMs: number
  readonly #burst: number
  #tokens: number
  #filledAtMs: number

  constructor(ratePerSecond: number, burst: number, nowMs: number) {
    this.#ratePerMs = ratePerSecond / 1_000
    this.#burst = burst
    this.#tokens = burst
    this.#filledAtMs = nowMs
  }

  /** Takes one token if there is one. */
  take(nowMs: number): boolean {
    this.#fill(nowMs)
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** How long until {@link take} succeeds; 0 where it would at once. */
  waitMs(nowMs: number): number {
    this.#fill(nowMs)
    return this.#tokens >= 1 ? 0 : (1 - this.#tokens) / this.#ratePerMs
  }

  #fill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs)
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedMs * this.#ratePerMs)
    this.#filledAtMs = Math.max(this.#filledAtMs, nowMs)
  }
}
