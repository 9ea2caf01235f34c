import { type CommonsParams, type Law, valuePercentOf } from '@commonweal/protocol'
import type { CommonsSituation } from '../agent.ts'

/** A law that a closed-form agent may propose, in the ledger's language and in words. */
export interface Candidate {
  readonly law: Law
  readonly text: string
  /** What each seat sets aside; nothing unless given. */
  readonly collateralMicro?: readonly bigint[]
}

/** By seat: what a candidate takes as collateral. */
export function collateralOf({ collateralMicro }: Candidate, seatCount: number): readonly bigint[] {
  return collateralMicro ?? Array.from({ length: seatCount }, () => 0n)
}

/** Above this many seats, only neighbours are traded off against one another: lists grow with n, not n². */
const PAIRWISE_SEATS_MAX = 8

/** Fractions of the sustainable harvest that caps may add up to. The first is the sustainable harvest itself. */
const FRACTIONS: readonly (readonly [numerator: number, denominator: number])[] = [
  [1, 1],
  [4, 5],
  [3, 5],
  [1, 2],
]

/**
 * The stationary laws that agents bargain over: every agent that sees the same commons lists the same ones. [AGT-10]
 *
 * Equal caps ⌊S·a/b⌋ and constant caps, that add up to the harvest that keeps the stock (or a fraction of it); and
 * unequal shares of that harvest, in which some seats have more and others less than the equal share of two.
 *
 * Result  distinct laws; the first is the equal sustainable one.
 */
export function computeCandidates(
  situation: CommonsSituation,
  ratePercent: number,
): readonly Candidate[] {
  const { params, seats } = situation
  const candidates = [
    ...equalCandidates(params, seats.length, ratePercent),
    ...shareLists(params, seats.length).map((shares) => shareCandidate(shares, ratePercent)),
  ]
  const byLimit = new Map(candidates.map((candidate) => [candidate.text, candidate]))
  return [...byLimit.values()]
}

/** The law that caps every seat's request at what an expression yields: "stock / 10". */
export function capLaw(limit: string): Law {
  return { clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit } }] }
}

/** A candidate that the operator imposes. */
export function imposedCandidate(limit: string): Candidate {
  return capCandidate(limit)
}

function capCandidate(limit: string): Candidate {
  return { law: capLaw(limit), text: `Each seat harvests at most ${limit}.` }
}

function equalCandidates(
  params: CommonsParams,
  seatCount: number,
  ratePercent: number,
): readonly Candidate[] {
  const relative = FRACTIONS.map(([numerator, denominator]) =>
    capCandidate(
      stockTimes(numerator * (ratePercent - 100), denominator * seatCount * ratePercent),
    ),
  )
  const absolute = FRACTIONS.map(([numerator, denominator]) =>
    Math.floor(
      (numerator * (ratePercent - 100) * params.capacity) / (denominator * seatCount * ratePercent),
    ),
  )
  return [
    ...relative,
    ...absolute.filter((limit) => limit > 0).map((limit) => capCandidate(String(limit))),
  ]
}

function shareCandidate(shares: readonly number[], ratePercent: number): Candidate {
  const sum = shares.reduce((all, share) => all + share, 0)
  const part = stockTimes(ratePercent - 100, sum * ratePercent)
  return capCandidate(`[${shares.join(', ')}][self] * ${part}`)
}

/** "stock * a / b" in lowest terms. */
function stockTimes(numerator: number, denominator: number): string {
  const divisor = greatestCommonDivisor(numerator, denominator)
  const a = numerator / divisor
  const b = denominator / divisor
  if (a === 0) return '0'
  const product = a === 1 ? 'stock' : `stock * ${a}`
  return b === 1 ? product : `${product} / ${b}`
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** Unequal divisions: one seat gains a unit from each of d others, for every d; and shares in proportion to values. */
function shareLists(params: CommonsParams, seatCount: number): readonly (readonly number[])[] {
  const lists: number[][] = []
  const losersOf = (winner: number, first: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => (winner + first + index) % seatCount)
  const add = (winner: number, losers: readonly number[]): void => {
    const shares = Array.from({ length: seatCount }, () => 2)
    shares[winner] = 2 + losers.length
    for (const loser of losers) shares[loser] = 1
    lists.push(shares)
  }
  const isSmall = seatCount <= PAIRWISE_SEATS_MAX
  for (let winner = 0; winner < seatCount; winner++) {
    for (let step = 1; step < (isSmall ? seatCount : 2); step++)
      add(winner, losersOf(winner, step, 1))
    for (let count = 2; count < seatCount; count = isSmall ? count + 1 : count * 2) {
      add(winner, losersOf(winner, 1, count))
    }
  }
  const values = Array.from({ length: seatCount }, (_, seat) => valuePercentOf(params, seat))
  if (new Set(values).size > 1) lists.push(values)
  return lists
}
