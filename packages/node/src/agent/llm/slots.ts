import type { ChatModel } from './chat-model.ts'

/** Calls that one process makes at a time; agents that share it share them. */
export class Slots {
  readonly #countMax: number
  #taken = 0
  readonly #waiting: (() => void)[] = []

  constructor(countMax: number) {
    this.#countMax = countMax
  }

  /** Runs in a slot, first come first served. Rejects with the signal's reason where none comes free before. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#take(signal)
    try {
      return await work()
    } finally {
      // Handed over rather than freed: whoever comes between would take it, and the one that waits as well.
      const next = this.#waiting.shift()
      if (next === undefined) this.#taken -= 1
      else next()
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#taken < this.#countMax) {
      this.#taken += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = (): void => {
      const place = this.#waiting.indexOf(resolve)
      // A slot that was handed over already must not be lost: it is taken, and given back by its work.
      if (place < 0) return
      this.#waiting.splice(place, 1)
      reject(signal.reason)
    }
    this.#waiting.push(resolve)
    signal.addEventListener('abort', onAbort, { once: true })
    await promise.finally(() => signal.removeEventListener('abort', onAbort))
  }
}

/** Makes calls only while a slot is free. */
export function inSlots(model: ChatModel, slots: Slots): ChatModel {
  return {
    complete: (request, call) => slots.run(call.signal, () => model.complete(request, call)),
  }
}
