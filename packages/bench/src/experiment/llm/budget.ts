import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { type Amount, ModelFailure, type Purse } from '@commonweal/node/agent'

/**
 * What all runs of a process may spend together, in millionths of a dollar.
 *
 * What is set aside is on disk before its call is made: a process that is killed and goes on counts the calls that it was
 * killed in as if they had cost the most.
 */
export class Budget implements Purse {
  readonly #limit: bigint
  readonly #journal: string
  readonly #onEmpty: (failure: ModelFailure) => void
  #spent: bigint

  /** @param journal a file of amounts, one a line; read where it is there already. */
  constructor(limit: bigint, journal: string, onEmpty: (failure: ModelFailure) => void) {
    this.#limit = limit
    this.#journal = journal
    this.#onEmpty = onEmpty
    this.#spent = readSum(journal)
  }

  /** Errors  ModelFailure 'cancelled': it says nothing of the model, and no cassette keeps it. */
  reserve(_epoch: number, { costMicroUsd: most }: Amount): (used: Amount) => void {
    if (this.#spent + most > this.#limit) {
      const [limit, spent] = [formatDollars(this.#limit), formatDollars(this.#spent)]
      const sentence = `the next call could cost ${formatDollars(most)}, and ${spent} of ${limit} are spent or set aside`
      const failure = new ModelFailure('cancelled', sentence)
      this.#onEmpty(failure)
      throw failure
    }
    this.#add(most)
    return (used) => this.#add(used.costMicroUsd - most)
  }

  #add(amount: bigint): void {
    if (amount === 0n) return
    this.#spent += amount
    appendFileSync(this.#journal, `${amount}\n`)
  }
}

/** A last line without its end was being written when the process was killed: its call was not made. */
function readSum(journal: string): bigint {
  if (!existsSync(journal)) return 0n
  const text = readFileSync(journal, 'utf8')
  if (!text.endsWith('\n')) appendFileSync(journal, '\n')
  const lines = text.split('\n').slice(0, -1)
  return lines.reduce((sum, line) => (/^-?\d+$/.test(line) ? sum + BigInt(line) : sum), 0n)
}

/** "$0.25", with as many decimals as it takes, two at least. */
export function formatDollars(microUsd: bigint): string {
  const text = (Number(microUsd) / 1_000_000).toFixed(6)
  return `$${text.replace(/0{1,4}$/, '')}`
}

/** Dollars as a file has them, in millionths. */
export function toMicroUsd(dollars: number): bigint {
  return BigInt(Math.round(dollars * 1_000_000))
}
