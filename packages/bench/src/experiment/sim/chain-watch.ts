import type { ChainEvent } from '@commonweal/protocol'
import type { Checker, Failure, FinalEffect } from '../../simulator/checker/checker.ts'
import type { Instance } from '../../simulator/engine/instance.ts'

/** An event, and the height of its block. */
export interface PlacedEvent {
  readonly height: number
  readonly event: ChainEvent
}

/** Notes what final blocks did, each at the first honest replica where it is final, and when the run is over. */
export class ChainWatch implements Checker {
  readonly events: PlacedEvent[] = []
  isRunEnded = false
  /** Of all final blocks. */
  transactionCount = 0
  readonly #isLast: (event: ChainEvent) => boolean
  #height = 0

  /** @param isLast whether the run ends with an event; asked of each once, in their order. */
  constructor(isLast: (event: ChainEvent) => boolean) {
    this.#isLast = isLast
  }

  get height(): number {
    return this.#height
  }

  onFinal(_instance: Instance, { blocks }: FinalEffect): readonly Failure[] {
    for (const { block, events } of blocks) {
      const { height } = block.header
      if (height !== this.#height + 1) continue
      this.#height = height
      this.transactionCount += block.transactions.length
      for (const event of events) {
        this.events.push({ height, event })
        if (this.#isLast(event)) this.isRunEnded = true
      }
    }
    return []
  }
}
