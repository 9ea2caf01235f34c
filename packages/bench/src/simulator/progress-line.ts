const PLAIN_EVERY_MS = 10_000
const TERMINAL_EVERY_MS = 200

/** How far a long run is and how long it still takes, on standard error: rewritten in a terminal, now and then elsewhere. */
export class ProgressLine {
  readonly #name: string
  readonly #count: number
  readonly #startedAtMs = performance.now()
  readonly #isTerminal = process.stderr.isTTY
  #done = 0
  #shownAtMs = performance.now()

  constructor(name: string, count: number) {
    this.#name = name
    this.#count = count
  }

  advance(): void {
    this.#done += 1
    const nowMs = performance.now()
    const everyMs = this.#isTerminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS
    if (nowMs < this.#shownAtMs + everyMs) return
    this.#shownAtMs = nowMs
    const leftMs = ((nowMs - this.#startedAtMs) / this.#done) * (this.#count - this.#done)
    const text = `${this.#name}: ${this.#done} of ${this.#count}, ${Math.ceil(leftMs / 1_000)} s left`
    process.stderr.write(this.#isTerminal ? `\r\u001B[K${text}` : `${text}\n`)
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (this.#isTerminal) process.stderr.write('\r\u001B[K')
  }
}
