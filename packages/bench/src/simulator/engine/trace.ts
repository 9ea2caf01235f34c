import { createHash, type Hash } from 'node:crypto'

/**
 * Everything that happened in a run, as one digest: two runs of a seed must agree on it.
 *
 * `lines` keeps the text too, for a person who looks into one seed.
 */
export class Trace {
  readonly lines: string[] | null
  readonly #hash: Hash = createHash('sha256')
  #count = 0

  constructor(isKept: boolean) {
    this.lines = isKept ? [] : null
  }

  get count(): number {
    return this.#count
  }

  add(line: string): void {
    this.#count += 1
    this.#hash.update(`${line}\n`)
    this.lines?.push(line)
  }

  /** The digest of all lines so far, 64 hex digits. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }
}
