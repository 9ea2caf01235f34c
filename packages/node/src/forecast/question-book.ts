import {
  agentIdSchema,
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

  /** Result  the question, where the event settles one. Events of other kinds change nothing. */
  take(event: unknown): SettledQuestion | undefined {
    const read = eventSchema.safeParse(event).data
    switch (read?.kind) {
      case 'question-asked': {
        const { question: id, body } = read
        this.#pages.set(id, { question: { ...body, id }, signals: [] })
        return undefined
      }
      case 'question-lapsed':
        this.#pages.delete(read.question)
        return undefined
      case 'statement-opened': {
        const { author, snapshot, digest, statement, order } = read
        const signal = { author, snapshot, digest, statement, order }
        this.#pages.get(read.question)?.signals.push(signal)
        return undefined
      }
      case 'question-settled': {
        const page = this.#pages.get(read.question)
        this.#pages.delete(read.question)
        if (page === undefined) return undefined
        const signals = page.signals.toSorted((a, b) => a.order - b.order)
        return { question: page.question, outcome: read.outcome, signals }
      }
      default:
        return undefined
    }
  }
}

const eventSchema = z.discriminatedUnion('kind', [
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
