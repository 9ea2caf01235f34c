import { blockIdOf, type Certificate, type FinalBlock } from '@commonweal/protocol'
import { type Claim, conflict } from '../join-error.ts'

/** Holds who took a snapshot to the heads that peers proved to it: the chain that it follows must run into every one. */
export class HeadWatch {
  #heads: readonly Claim[]

  constructor(heads: readonly Claim[]) {
    this.#heads = heads
  }

  /** Those that lie behind a snapshot of this height the chain does not run into any more. */
  watch(heads: readonly Claim[], height: number): void {
    this.#heads = [...this.#heads, ...heads].filter(({ header }) => header.height > height)
  }

  /** Errors  JoinError 'conflicting-heads' */
  check(blocks: readonly FinalBlock[], certificate: Certificate): void {
    for (const { id, block } of blocks) {
      const { header } = block
      const head = this.#heads.find((claim) => claim.header.height === header.height)
      if (head !== undefined && blockIdOf(head.header) !== id) {
        throw conflict(head, { peerId: 'the chain that is followed', header, certificate })
      }
      this.#heads = this.#heads.filter((claim) => claim.header.height > header.height)
    }
  }
}
