import {
  type AgentId,
  type Cid,
  entries,
  entryKey,
  type Ledger,
  statementDigest,
} from '@commonweal/protocol'
import type { Signal } from '../agent/forecast/forecaster.ts'
import type { SignalFrame } from './signal-frame.ts'

type StatementFrame = Extract<SignalFrame, { readonly kind: 'statement' }>

/** Statements of one author that wait for their question; what comes after is dropped. [FOR-12] */
const FRAMES_PER_AUTHOR_MAX = 256

/**
 * What suppliers have sent. A statement counts once its seal is in a final block: who could show before it is bound could
 * show each buyer another one. [FOR-12]
 */
export class SignalInbox {
  readonly #byAuthor = new Map<AgentId, StatementFrame[]>()

  add(author: AgentId, frame: StatementFrame): void {
    const frames = this.#byAuthor.get(author) ?? []
    if (frames.length >= FRAMES_PER_AUTHOR_MAX) frames.shift()
    frames.push(frame)
    this.#byAuthor.set(author, frames)
  }

  /** Those of one snapshot that are sealed, the earliest seal first. */
  sealed(ledger: Ledger, question: Cid, snapshot: number): readonly Signal[] {
    const found: Signal[] = []
    for (const [author, frames] of this.#byAuthor) {
      const seal = entries
        .find(ledger, entryKey(question, author))
        ?.seals.find((one) => one.snapshot === snapshot)
      if (seal === undefined) continue
      for (const frame of frames) {
        if (frame.question !== question || frame.snapshot !== snapshot) continue
        const digest = statementDigest({ ...frame, author })
        if (digest !== seal.digest) continue
        const { statement } = frame
        found.push({ author, snapshot, digest, statement, order: seal.order })
        break
      }
    }
    return found.toSorted((a, b) => a.order - b.order)
  }

  forget(question: Cid): void {
    for (const [author, frames] of this.#byAuthor) {
      const kept = frames.filter((frame) => frame.question !== question)
      this.#byAuthor.set(author, kept)
    }
  }
}
