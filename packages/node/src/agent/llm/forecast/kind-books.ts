import type { AgentId } from '@commonweal/protocol'
import { computeCredit } from '../../forecast/credit.ts'
import type { ForecastSituation, SettledQuestion } from '../../forecast/forecaster.ts'
import { hearQuestion, type Listener, reportedBy } from '../../forecast/heard-question.ts'
import { computePool } from '../../forecast/log-pool.ts'
import { weightOf } from '../../forecast/online-weights.ts'
import type { PayRecord, PayRecords } from '../../forecast/pay-shares.ts'
import { emptyBook, type SupplierBook, stepBook } from '../../forecast/supplier-book.ts'
import { probabilitiesOf } from '../../forecast/to-report.ts'
import { kindOf } from './forecast-memory.ts'
import { wordsOf } from './forecast-words.ts'

/**
 * What was learned about suppliers, for each kind of question apart: who knows one kind need not know another. And questions of
 * two kinds that are settled together then count the same in whatever order they come.
 */
export type KindBooks = ReadonlyMap<string, KindBook>

interface KindBook {
  readonly book: SupplierBook
  /** Settled questions on which somebody was used. */
  readonly count: number
  /** What each supplier said last. */
  readonly words: ReadonlyMap<AgentId, string>
}

const EMPTY: KindBook = { book: emptyBook, count: 0, words: new Map() }

export const noBooks: KindBooks = new Map()

/** Enters one settled question. Result  the same books where nobody's report was used. */
export function stepBooks(
  books: KindBooks,
  settled: SettledQuestion,
  listener: Listener,
): KindBooks {
  const heard = hearQuestion(settled, listener)
  if (heard === null) return books
  const kind = kindOf(settled.question.outcomes)
  const { book, count, words } = books.get(kind) ?? EMPTY
  const said = settled.signals
    .filter(({ author }) => listener.suppliers.includes(author))
    .map((signal) => [signal.author, wordsOf(signal)] as const)
  return new Map(books).set(kind, {
    book: stepBook(book, heard, { credit: computeCredit }),
    count: count + 1,
    words: new Map([...words, ...said]),
  })
}

/** The pool of what suppliers say of a question, each with the weight that it has earned. */
export function poolOf(
  books: KindBooks,
  suppliers: readonly AgentId[],
  { question, signals }: ForecastSituation,
): readonly number[] {
  const { weights } = books.get(kindOf(question.outcomes))?.book ?? emptyBook
  const parts = signals.flatMap((signal) => {
    const probabilities = reportedBy(signal, question.outcomes.length)
    if (probabilities === undefined || !suppliers.includes(signal.author)) return []
    return [{ probabilities, weight: weightOf(weights, signal.author) }]
  })
  return computePool({ reference: probabilitiesOf(question.referenceBps), parts })
}

export function countSettled(books: KindBooks): number {
  return inOrder(books).reduce((sum, { count }) => sum + count, 0)
}

/** Pay records over all kinds: the mean of those of each, by how many questions it has. */
export function mergeRecords(books: KindBooks): PayRecords {
  const total = countSettled(books)
  const merged = new Map<AgentId, PayRecord>()
  for (const { book, count } of inOrder(books)) {
    const part = count / total
    for (const [agent, { credit, variance, score }] of book.records) {
      const before = merged.get(agent) ?? { credit: 0, variance: 0, score: 0 }
      merged.set(agent, {
        credit: before.credit + part * credit,
        variance: before.variance + part * variance,
        score: before.score + part * score,
      })
    }
  }
  return merged
}

/** What a supplier said last on each kind of question. */
export function lastWordsOf(books: KindBooks, supplier: AgentId): string {
  return inOrder(books)
    .map(({ words }) => words.get(supplier) ?? '')
    .filter((text) => text !== '')
    .join(' · ')
}

/** By kind, not by which was settled first. */
function inOrder(books: KindBooks): readonly KindBook[] {
  return [...books].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, book]) => book)
}
