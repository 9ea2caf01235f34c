import { agentIdSchema, type ChainEvent, type Command, type Ledger } from '@commonweal/protocol'
import { z } from 'zod'
import type { QuestionOpener } from '../agent/forecast/question-opener.ts'
import type { StorePort } from '../ports.ts'
import { readEvents } from '../store/read-events.ts'

export interface OpenerDeskOptions {
  readonly opener: QuestionOpener
  readonly store: Pick<StorePort, 'events'>
  readonly ledger: () => Ledger
  readonly onCommand: (command: Command) => void
  /** The opener failed: that stops nothing. [it throws] */
  readonly onFault?: (error: unknown) => void
}

/** Lets the local agent ask and resolve questions, block by block. */
export class OpenerDesk {
  readonly #options: OpenerDeskOptions

  constructor(options: OpenerDeskOptions) {
    this.#options = options
    for (const { event } of readEvents(options.store, ['question-asked'])) this.#take(event)
  }

  /** What a block that became final changed. */
  onEvents(events: readonly ChainEvent[]): void {
    for (const event of events) this.#take(event)
  }

  /** After the newest of the blocks that became final together: what an older one asked for may be there already. */
  act(): void {
    const { opener, ledger, onCommand } = this.#options
    const bodies = this.#attempt(() => opener.chooseActs(ledger())) ?? []
    for (const body of bodies) onCommand({ kind: 'submit', body, tag: null })
  }

  #take(event: unknown): void {
    const { opener } = this.#options
    const asked = askedSchema.safeParse(event).data
    if (asked !== undefined) this.#attempt(() => opener.onAsked(asked.body.topic, asked.author))
  }

  #attempt<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      const { onFault } = this.#options
      if (onFault === undefined) throw error
      onFault(error)
      return undefined
    }
  }
}

const askedSchema = z.object({
  kind: z.literal('question-asked'),
  author: agentIdSchema,
  body: z.object({ topic: z.string() }),
})
