import {
  type AgentId,
  type Cid,
  type Digest,
  entries,
  entryKey,
  headOf,
  type Ledger,
  questions,
  type SealedStatement,
  statementDigest,
} from '@commonweal/protocol'
import type { Signal } from '../agent/forecast/forecaster.ts'
import type { SignalFrame } from './signal-frame.ts'

type StatementFrame = Extract<SignalFrame, { readonly kind: 'statement' }>

/** Statements of one author that are kept; beyond it the oldest is dropped. */
const FRAMES_PER_AUTHOR_MAX = 256

/**
 * What suppliers have sent. A statement counts once its seal is in a final block: who could show before it is bound could
 * show each buyer another one. [FOR-12]
 */
export class SignalInbox {
  readonly #byAuthor = new Map<AgentId, Map<Digest, StatementFrame>>()

  /**
   * Keeps what may come to count. Of a question that the ledger does not have yet a supplier may know a block earlier; what is
   * closed, or is not what its author sealed, takes no room from the rest.
   */
  add(author: AgentId, frame: StatementFrame, ledger: Ledger): void {
    if (isClosed(ledger, frame)) return
    const digest = statementDigest({ ...frame, author })
    const seal = sealOf(ledger, author, frame)
    if (seal !== undefined && seal.digest !== digest) return
    const frames = this.#byAuthor.get(author) ?? new Map<Digest, StatementFrame>()
    // By digest: what is sent twice is kept once, and a seal is looked up, not searched for.
    frames.set(digest, frame)
    const [oldest] = frames.keys()
    if (frames.size > FRAMES_PER_AUTHOR_MAX && oldest !== undefined) frames.delete(oldest)
    this.#byAuthor.set(author, frames)
  }

  /** Those of one snapshot that are sealed, the earliest seal first. */
  sealed(ledger: Ledger, question: Cid, snapshot: number): readonly Signal[] {
    const found: Signal[] = []
    for (const [author, frames] of this.#byAuthor) {
      const seal = sealOf(ledger, author, { question, snapshot })
      const frame = seal && frames.get(seal.digest)
      if (seal === undefined || frame === undefined) continue
      const { digest, order } = seal
      found.push({ author, snapshot, digest, statement: frame.statement, order })
    }
    return found.toSorted((a, b) => a.order - b.order)
  }

  forget(question: Cid): void {
    for (const frames of this.#byAuthor.values()) {
      for (const [digest, frame] of frames) if (frame.question === question) frames.delete(digest)
    }
  }
}

type Place = Pick<StatementFrame, 'question' | 'snapshot'>

function isClosed(ledger: Ledger, { question: id, snapshot }: Place): boolean {
  const question = questions.find(ledger, id)
  const closeHeight = question?.snapshots[snapshot]?.closeHeight ?? 0
  return question !== undefined && headOf(ledger).height >= closeHeight
}

/** What an author sealed in a snapshot, as the ledger has it. */
export function sealOf(
  ledger: Ledger,
  author: AgentId,
  { question, snapshot }: Place,
): SealedStatement | undefined {
  const seals = entries.find(ledger, entryKey(question, author))?.seals
  return seals?.find((seal) => seal.snapshot === snapshot)
}
