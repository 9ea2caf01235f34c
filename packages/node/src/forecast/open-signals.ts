import { type Cid, entriesOf, type Ledger } from '@commonweal/protocol'
import type { Signal } from '../agent/forecast/forecaster.ts'
import type { QuestionBook } from './question-book.ts'

/**
 * What is open of a question that is not settled: as the book has it and, of what was opened before this node came, what the
 * ledger keeps, which is the report alone.
 */
export function openSignals(
  book: Pick<QuestionBook, 'signals'>,
  ledger: Ledger,
  question: Cid,
): readonly Signal[] {
  const heard = book.signals(question)
  const known = new Set(heard.map(({ digest }) => digest))
  const missed = entriesOf(ledger, question).flatMap(({ agent: author, entry: { seals } }) =>
    seals.flatMap(({ snapshot, digest, order, isOpened, report }): readonly Signal[] => {
      if (!isOpened || known.has(digest)) return []
      const statement = { report, findings: [], parents: [], reasoning: '', hypotheses: [] }
      return [{ author, snapshot, digest, order, statement }]
    }),
  )
  return [...heard, ...missed]
}
