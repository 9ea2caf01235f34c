import type { AgentId, StreamShares } from '@commonweal/protocol'

/** Part of everything that it earns which an agent passes on to those whose findings it uses, together. */
const PASSED_BPS = 3_000

/** Pays in equal parts those whose findings were of use so far. */
export class EqualStreams {
  readonly #used = new Set<AgentId>()
  #chosenFor = 0

  note(authors: readonly AgentId[]): void {
    for (const author of authors) this.#used.add(author)
  }

  /** Null while nobody has come in since it was last asked. */
  choose(): StreamShares | null {
    if (this.#used.size === this.#chosenFor) return null
    this.#chosenFor = this.#used.size
    const bps = Math.floor(PASSED_BPS / this.#used.size)
    return [...this.#used].toSorted().map((to) => ({ to, bps }))
  }
}
