import type { Cid, FinalBlock, TransactionBody } from '@commonweal/protocol'
import type { Told } from './effects.ts'
import type { ClockPort, StoredReceipt, StorePort } from './ports.ts'

/** What became of a transaction that was handed in here. */
export type Submitted =
  | { readonly status: 'refused'; readonly code: string }
  | { readonly status: 'sent'; readonly id: Cid }
  | { readonly status: 'final'; readonly id: Cid; readonly receipt: StoredReceipt }

export interface SubmissionsOptions {
  readonly store: StorePort
  readonly clock: ClockPort
  readonly send: (body: TransactionBody, tag: string) => void
}

/** Hands transactions to the replica, and tells their sender what became of them. */
export class Submissions {
  readonly #options: SubmissionsOptions
  readonly #answers = new Map<string, (answer: Extract<Told, { kind: 'answer' }>) => void>()
  readonly #finals = new Map<Cid, () => void>()
  #count = 0

  constructor(options: SubmissionsOptions) {
    this.#options = options
  }

  /** Signs and sends; with a patience, waits that long for the receipt. */
  async submit(body: TransactionBody, patienceMs: number): Promise<Submitted> {
    this.#count += 1
    const tag = `submission-${this.#count}`
    const answered = new Promise<Extract<Told, { kind: 'answer' }>>((resolve) => {
      this.#answers.set(tag, resolve)
    })
    this.#options.send(body, tag)
    const { id, code } = await answered
    if (id === null) return { status: 'refused', code: code ?? 'refused' }
    if (patienceMs > 0) await this.#finalised(id, patienceMs)
    const receipt = this.#options.store.receipt(id)
    return receipt === undefined ? { status: 'sent', id } : { status: 'final', id, receipt }
  }

  answered(answer: Extract<Told, { kind: 'answer' }>): void {
    this.#answers.get(answer.tag)?.(answer)
    this.#answers.delete(answer.tag)
  }

  final(blocks: readonly FinalBlock[]): void {
    for (const { receipts } of blocks) for (const { id } of receipts) this.#finals.get(id)?.()
  }

  /** Resolves when the transaction is final, or when patience ends. */
  #finalised(id: Cid, patienceMs: number): Promise<void> {
    if (this.#options.store.receipt(id) !== undefined) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const callOff = this.#options.clock.alarm(patienceMs, resolve)
    this.#finals.set(id, resolve)
    return promise.finally(() => {
      callOff()
      this.#finals.delete(id)
    })
  }
}
