/**
 * Frames that wait for one peer. Bounded by count and bytes: the newest always gets in, the oldest is dropped, because
 * what is sent here is sent again until it is answered and the newest says the most.
 *
 * Source  spec/wire.md §4 [WIRE-16]
 */
export class Outbox {
  readonly #countMax: number
  readonly #bytesMax: number
  readonly #frames: Uint8Array[] = []
  #bytes = 0
  #droppedCount = 0
  #isClosed = false
  #wake: (() => void) | undefined

  constructor(countMax: number, bytesMax: number) {
    this.#countMax = countMax
    this.#bytesMax = bytesMax
  }

  push(frame: Uint8Array): void {
    if (this.#isClosed) return
    this.#frames.push(frame)
    this.#bytes += frame.length
    while (this.#frames.length > 1 && this.#isFull()) {
      this.#shift()
      this.#droppedCount += 1
    }
    this.#wake?.()
  }

  close(): void {
    this.#isClosed = true
    this.#frames.length = 0
    this.#wake?.()
  }

  get size(): number {
    return this.#frames.length
  }

  get droppedCount(): number {
    return this.#droppedCount
  }

  /** Resolves when a frame waits, or at the abort. */
  async untilWaiting(signal: AbortSignal): Promise<void> {
    while (this.#frames.length === 0 && !this.#isClosed && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const wake = (): void => resolve()
      // The signal lives as long as the stream: what listens to it must go, or each frame leaves a listener behind.
      signal.addEventListener('abort', wake, { once: true })
      await promise
      signal.removeEventListener('abort', wake)
    }
  }

  /** Takes the frames in order until the abort. One reader at a time. */
  async *take(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    while (!this.#isClosed && !signal.aborted) {
      const frame = this.#shift()
      if (frame === undefined) await this.untilWaiting(signal)
      else yield frame
    }
  }

  #isFull(): boolean {
    return this.#frames.length > this.#countMax || this.#bytes > this.#bytesMax
  }

  #shift(): Uint8Array | undefined {
    const frame = this.#frames.shift()
    this.#bytes -= frame?.length ?? 0
    return frame
  }
}
