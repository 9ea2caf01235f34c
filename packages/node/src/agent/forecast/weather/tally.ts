/** How often each outcome came true; older ones fade where that is asked for. */
export class Tally {
  readonly #counts: number[]
  readonly #keep: number

  /** @param keep what is left of each count when one more is added: 1 forgets nothing. */
  constructor(outcomeCount: number, keep = 1) {
    this.#counts = Array<number>(outcomeCount).fill(0)
    this.#keep = keep
  }

  add(outcome: number): void {
    for (const [index, count] of this.#counts.entries()) {
      this.#counts[index] = count * this.#keep + (index === outcome ? 1 : 0)
    }
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  countOf(outcome: number): number {
    return this.#counts[outcome] ?? 0
  }

  /** Frequencies, pulled towards a prior as if it had been seen this many times. */
  frequencies(prior: readonly number[], priorCount: number): readonly number[] {
    const whole = this.total + priorCount
    return this.#counts.map((count, index) => (count + priorCount * (prior[index] ?? 0)) / whole)
  }
}

/** The same probability for each outcome. */
export function uniform(outcomeCount: number): readonly number[] {
  return Array<number>(outcomeCount).fill(1 / outcomeCount)
}

/** The outcome with the greatest probability, the first of several. */
export function likeliest(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities))
}
