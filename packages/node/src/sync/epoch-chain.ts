import {
  blockIdOf,
  type CertifiedHeader,
  type ChainContext,
  type TrustedEpoch,
  verifyEpochChain,
  verifyFinal,
} from '@commonweal/protocol'
import { type Claim, conflict } from '../join-error.ts'
import { SyncError } from './sync-error.ts'
import type { TrustedStart } from './trusted-start.ts'

/** The ends of epochs that certificates prove, from what was trusted beforehand on. */
export class EpochChain {
  readonly first: number
  readonly #context: ChainContext
  readonly #trusted = new Map<number, TrustedEpoch>()
  readonly #ends = new Map<number, Claim>()
  readonly #start: CertifiedHeader | null
  #latest: TrustedEpoch

  constructor(context: ChainContext, start: TrustedStart) {
    this.#context = context
    this.first = start.epoch
    this.#latest = start
    this.#start = start.end
    this.#trusted.set(start.epoch, start)
    if (start.own !== undefined) this.add({ peerId: 'our own chain', ...start.own })
  }

  get latest(): TrustedEpoch {
    return this.#latest
  }

  /**
   * Takes the end of an epoch, the next one or one that is known already.
   *
   * Errors  SyncError 'bad-content' where nothing proves it · JoinError 'conflicting-heads' where it is proven, and another
   *         one is too.
   */
  add(claim: Claim): void {
    const { epoch } = claim.header
    const known = this.#ends.get(epoch)
    if (known !== undefined && blockIdOf(known.header) === blockIdOf(claim.header)) return
    const trusted = this.#trusted.get(epoch)
    const next = trusted && verifyEpochChain(this.#context, trusted, [claim])
    if (next?.ok !== true) {
      throw new SyncError('bad-content', `${claim.peerId}: the end of epoch ${epoch} is not proven`)
    }
    if (known !== undefined) throw conflict(known, claim)
    this.#ends.set(epoch, claim)
    this.#trusted.set(epoch + 1, next.value)
    this.#latest = next.value
  }

  /** Whether a head is proven by the set of its epoch. One of an epoch that nobody has proven yet is passed over. */
  holds(head: Claim): boolean {
    const trusted = this.#trusted.get(head.header.epoch)
    return trusted !== undefined && verifyFinal(this.#context, trusted, head).ok
  }

  /** Errors  JoinError 'conflicting-heads' */
  compare(heads: readonly Claim[]): void {
    const byHeight = new Map<number, Claim>(
      [...this.#ends.values()].map((end) => [end.header.height, end]),
    )
    for (const head of heads) {
      const end = this.#ends.get(head.header.epoch)
      const isBeyond = end !== undefined && head.header.height > end.header.height
      const other = isBeyond ? end : byHeight.get(head.header.height)
      if (other !== undefined && blockIdOf(other.header) !== blockIdOf(head.header)) {
        throw conflict(other, head)
      }
      byHeight.set(head.header.height, head)
    }
  }

  ends(): readonly CertifiedHeader[] {
    const ends = [...this.#ends.values()].map(({ header, certificate }) => ({
      header,
      certificate,
    }))
    return this.#start === null ? ends : [this.#start, ...ends]
  }

  lastEnd(): CertifiedHeader | undefined {
    return this.ends().at(-1)
  }
}
