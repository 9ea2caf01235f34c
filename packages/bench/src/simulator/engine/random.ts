import { hash } from 'node:crypto'

/**
 * A small seeded generator (sfc32), so that one seed fixes a whole run. Never for keys.
 *
 * Each use has a stream of its own, named by text: a draw more in one does not shift the others.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter: number

  constructor(seed: string | number, stream: string) {
    const state = hash('sha256', `commonweal-simulation/${seed}/${stream}`, 'buffer')
    this.#a = state.readUInt32LE(0)
    this.#b = state.readUInt32LE(4)
    this.#c = state.readUInt32LE(8)
    this.#counter = state.readUInt32LE(12)
  }

  /** A 32-bit unsigned integer. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** An integer in [0, count); 0 for a count of 0. */
  below(count: number): number {
    return Math.floor((this.next() / 2 ** 32) * count)
  }

  /** An integer in [least, most]. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** True this many times in a million. */
  chance(ppm: number): boolean {
    return ppm > 0 && this.below(1_000_000) < ppm
  }

  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('pick wants at least one item')
    return item
  }

  shuffle<T>(items: readonly T[]): T[] {
    const left = [...items]
    const shuffled: T[] = []
    while (left.length > 0) shuffled.push(...left.splice(this.below(left.length), 1))
    return shuffled
  }
}
