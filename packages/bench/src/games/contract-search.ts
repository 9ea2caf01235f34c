import { Random } from '../simulator/engine/random.ts'

/** A class of contracts and what one of them is worth. */
export interface ContractClass<Contract> {
  /** A contract of the class, from anywhere in it. */
  draw(random: Random): Contract
  /** A neighbour. */
  vary(contract: Contract, random: Random): Contract
  /** Expected welfare at the best equilibrium that was found; undefined where there is none. */
  valueOf(contract: Contract): number | undefined
  inWords(contract: Contract): string
}

export interface SearchOptions {
  readonly seed: string
  /** Contracts to try. */
  readonly contractCount: number
}

export interface SearchResult {
  readonly contractCount: number
  /** Contracts that left no equilibrium of the kinds that are looked for. */
  readonly withoutEquilibrium: number
  /** Greatest welfare of all, and the first contract that reached it. */
  readonly best: number
  readonly contract: string
}

/** A climb tries so many contracts: one from anywhere, then neighbours of its best so far. */
const CLIMB_LENGTH = 100
/** The least number of contracts that a claim about a class rests on. */
export const CONTRACT_COUNT = 10_000

/**
 * Tries contracts of a class: climbs from many random ones. It proves nothing; it is how a bound that is wrong would
 * come to light.
 *
 * Result  fixed by the seed.
 */
export function searchContracts<Contract>(
  contracts: ContractClass<Contract>,
  { seed, contractCount }: SearchOptions,
): SearchResult {
  const random = new Random(seed, 'contract-search')
  let best: Tried<Contract> | undefined
  let climb: Tried<Contract> | undefined
  let withoutEquilibrium = 0
  for (let index = 0; index < contractCount; index++) {
    if (index % CLIMB_LENGTH === 0) climb = undefined
    const contract =
      climb === undefined ? contracts.draw(random) : contracts.vary(climb.contract, random)
    const value = contracts.valueOf(contract)
    if (value === undefined) {
      withoutEquilibrium += 1
      continue
    }
    // An equal one is moved to as well, so that a climb crosses what is level.
    if (climb === undefined || value >= climb.value) climb = { contract, value }
    if (best === undefined || value > best.value) best = { contract, value }
  }
  if (best === undefined) throw new RangeError('no contract left an equilibrium')
  return {
    contractCount,
    withoutEquilibrium,
    best: best.value,
    contract: contracts.inWords(best.contract),
  }
}

interface Tried<Contract> {
  readonly contract: Contract
  readonly value: number
}
