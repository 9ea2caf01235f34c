import {
  agentIdSchema,
  type ChainEvent,
  type Cid,
  cidSchema,
  digestSchema,
  naturalSchema,
  questionSchema,
  statementSchema,
} from '@commonweal/protocol'
import { z } from 'zod'
import type { OpenQuestion, SettledQuestion, Signal } from '../agent/forecast/forecaster.ts'

/** Kinds of events from which everything that was ever said about questions follows, in their order. */
export const BOOK_EVENT_KINDS = [
  'question-asked',
  'question-lapsed',
  'statement-opened',
  'question-settled',
] as const

interface Page {
  readonly question: OpenQuestion
  readonly signals: Signal[]
}

/**
 * The questions that are not settled and what is open of them, from the events of the ledger: as blocks become final, or,
 * after a restart, as the store has them.
 */
export class QuestionBook {
  readonly #pages = new Map<Cid, Page>()

  signals(id: Cid): readonly Signal[] {
    return this.#pages.get(id)?.signals ?? []
  }

  /** The same as {@link take}, of an event as a store has it: one that it does not know changes nothing. */
  takeStored(event: unknown): SettledQuestion | undefined {
    const read = eventSchema.safeParse(event).data
    return read === undefined ? undefined : this.take(read)
  }

  /** Result  the question, where the event settles one. Events of other kinds change nothing. */
  take(event: BookEvent | ChainEvent): SettledQuestion | undefined {
    switch (event.kind) {
      case 'question-asked': {
        const { question: id, body } = event
        this.#pages.set(id, { question: { ...body, id }, signals: [] })
        return undefined
      }
      case 'question-lapsed':
        this.#pages.delete(event.question)
        return undefined
      case 'statement-opened': {
        const { author, snapshot, digest, statement, order } = event
        const signal = { author, snapshot, digest, statement, order }
        this.#pages.get(event.question)?.signals.push(signal)
        return undefined
      }
      case 'question-settled': {
        const page = this.#pages.get(event.question)
        this.#pages.delete(event.question)
        if (page === undefined) return undefined
        const signals = page.signals.toSorted((a, b) => a.order - b.order)
        return { question: page.question, outcome: event.outcome, signals }
      }
      default:
        return undefined
    }
  }
}

type EventOf<Kind extends ChainEvent['kind']> = Extract<ChainEvent, { readonly kind: Kind }>

/** What the book reads of an event. */
type BookEvent =
  | Pick<EventOf<'question-asked'>, 'kind' | 'question' | 'body'>
  | EventOf<'question-lapsed'>
  | EventOf<'statement-opened'>
  | Pick<EventOf<'question-settled'>, 'kind' | 'question' | 'outcome'>

const eventSchema: z.ZodType<BookEvent, unknown> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('question-asked'),
    question: cidSchema,
    body: questionSchema,
  }),
  z.object({ kind: z.literal('question-lapsed'), question: cidSchema }),
  z.object({
    kind: z.literal('statement-opened'),
    question: cidSchema,
    author: agentIdSchema,
    snapshot: naturalSchema,
    order: naturalSchema,
    digest: digestSchema,
    statement: statementSchema,
  }),
  z.object({
    kind: z.literal('question-settled'),
    question: cidSchema,
    outcome: naturalSchema.nullable(),
  }),
])
