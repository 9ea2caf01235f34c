import type { AgentId } from '@commonweal/protocol'
import type { HeardQuestion } from './heard-question.ts'
import { computeCovariances } from './log-pool.ts'
import { type OnlineWeights, poolHeard } from './online-weights.ts'
import { matrixOf, type PairSums, pairOf } from './pairs.ts'
import { sumOf } from './pay-shares.ts'

/** What is known of those who were heard along with one supplier. */
interface Company {
  /** Mean covariance of their log ratios, as the pool sees them, over the questions on which that supplier was heard. */
  readonly covariances: PairSums
  /** Of these, on how many each was heard. */
  readonly counts: ReadonlyMap<AgentId, number>
}

/** How much suppliers have said the same: for each of them, seen from the questions on which it was heard. */
export type Likeness = ReadonlyMap<AgentId, Company>

/** Of each supplier that was heard: who gets which part of what it is credited with. The parts sum to 1. */
export type EchoParts = ReadonlyMap<AgentId, ReadonlyMap<AgentId, number>>

const RATE = 0.02
/** Common questions from which two are compared. */
const COMMON_COUNT = 30
/** Questions that a mean with this rate rests on. */
const EFFECTIVE_COUNT = (2 - RATE) / RATE
/** Who says at least so much that is new, as a part of its own variance, keeps all that it is credited with. */
const NOVELTY_ENOUGH = 0.3
/** Who says less is no source for others: what it says is all but made of theirs. */
const NOVELTY_OF_SOURCE = 0.1

export const noLikeness: Likeness = new Map()
const ALONE: Company = { covariances: new Map(), counts: new Map() }

/**
 * Notes how much those who were heard said the same on one question.
 *
 * All that one supplier is compared by is a mean over the same questions. Pairs that were averaged each over its own would not fit
 * together: two names of one owner that are seldom heard both would seem to explain all that an honest supplier says.
 *
 * Formula for each j that was heard, on its n-th question: m_ik ← m_ik + max(.02, 1/n)·(Cov_p(d_i, d_k) − m_ik), the covariance 0 where
 *         one was not heard, p the pool at the weights from before it.
 * Cost    O(n²K + n³).
 * Source  spec/credit.md [CRD-5]
 */
export function stepLikeness(
  before: Likeness,
  weights: OnlineWeights,
  question: HeardQuestion,
): Likeness {
  const { ratios, pool } = poolHeard(weights, question)
  const covariances = computeCovariances(ratios, pool)
  const suppliers = question.heard.map(({ supplier }) => supplier)
  const seen = new Map(
    suppliers.flatMap((one, index) =>
      suppliers
        .slice(0, index + 1)
        .map((other, place) => [pairOf(one, other), covariances[index]?.[place] ?? 0] as const),
    ),
  )
  const next = new Map(before)
  for (const supplier of suppliers) {
    next.set(supplier, meet(before.get(supplier) ?? ALONE, supplier, { suppliers, seen }))
  }
  return next
}

/** One more question on which a supplier was heard. */
function meet(
  { covariances, counts }: Company,
  supplier: AgentId,
  { suppliers, seen }: { readonly suppliers: readonly AgentId[]; readonly seen: PairSums },
): Company {
  const rate = Math.max(RATE, 1 / ((counts.get(supplier) ?? 0) + 1))
  const next = new Map([...covariances].map(([pair, mean]) => [pair, (1 - rate) * mean]))
  for (const [pair, covariance] of seen) next.set(pair, (next.get(pair) ?? 0) + rate * covariance)
  const nextCounts = new Map(counts)
  for (const other of suppliers) nextCounts.set(other, (counts.get(other) ?? 0) + 1)
  return { covariances: next, counts: nextCounts }
}

/**
 * Whose is what each supplier is credited with on this question: its own, as far as it says something new.
 *
 * In the order of the seals each is compared with the best guess at what it says that the sources before it allow: a copy, a copy
 * with noise, one that says the same more boldly, and one that adds up what others say are all told by how little they leave to
 * guess. Who is not new enough passes on part of its credit to those whom the guess is made from.
 *
 * Formula β = argmin Var(d_j − Σ_i β_i·d_i) over the m sources before j with 30 common questions and 3m; novelty ν = n/(n − m) · that
 *         least / Var(d_j), n the fewest of these, at most 99: who has many names guesses well by chance;
 *         j keeps min(1, ν/.3), the rest goes to the i by β_i·Cov(d_i, d_j), where above 0. j is a source where ν ≥ .1.
 * Cost    O(n⁴), n ≤ 32.
 * Source  spec/credit.md [CRD-5]
 */
export function divideEchoes(likeness: Likeness, { heard }: HeardQuestion): EchoParts {
  const parts = new Map<AgentId, ReadonlyMap<AgentId, number>>()
  const sources: AgentId[] = []
  for (const { supplier } of heard.toSorted((a, b) => a.order - b.order)) {
    const { novelty, guess } = guessFrom(likeness, supplier, sources)
    const kept = Math.min(1, novelty / NOVELTY_ENOUGH)
    const told = sumOf(guess.values())
    const passed = [...guess].map(([to, part]) => [to, (1 - kept) * (part / told)] as const)
    parts.set(supplier, new Map([[supplier, kept], ...(kept < 1 ? passed : [])]))
    if (novelty >= NOVELTY_OF_SOURCE) sources.push(supplier)
  }
  return parts
}

/** How much of what a supplier says is new beside sources, 0 … 1, and what of the rest each explains, as a part of its variance. */
function guessFrom(
  likeness: Likeness,
  supplier: AgentId,
  sources: readonly AgentId[],
): { readonly novelty: number; readonly guess: ReadonlyMap<AgentId, number> } {
  const { covariances, counts } = likeness.get(supplier) ?? ALONE
  const countOf = (source: AgentId): number => counts.get(source) ?? 0
  // Those it shares most questions with, three for each of them at least: more would explain by chance whatever it says.
  const known = sources
    .filter((source) => countOf(source) >= COMMON_COUNT)
    .toSorted((a, b) => countOf(b) - countOf(a))
    .filter((source, index) => countOf(source) >= 3 * (index + 1))
  const count = Math.min(EFFECTIVE_COUNT, ...known.map(countOf))
  const variance = covariances.get(pairOf(supplier, supplier)) ?? 0
  if (known.length === 0 || variance === 0) {
    return { novelty: 1, guess: new Map() }
  }
  const shared = known.map((source) => covariances.get(pairOf(source, supplier)) ?? 0)
  const betas = solve(matrixOf(covariances, known), shared)
  const explained = known.map((source, index) => {
    return [source, ((betas[index] ?? 0) * (shared[index] ?? 0)) / variance] as const
  })
  const all = sumOf(explained.map(([, part]) => part))
  const novelty = ((1 - all) * count) / (count - known.length)
  return {
    novelty: Math.min(1, Math.max(0, novelty)),
    guess: new Map(explained.filter(([, part]) => part > 0)),
  }
}

/** Pivots below this part of a variance are rounding. */
const PIVOT_MIN = 1e-9

/** Solves Ax = b for a symmetric A without negative eigenvalues; an unknown that others determine is 0. */
function solve(matrix: readonly Float64Array[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => Float64Array.of(...row, right[index] ?? 0))
  const least = matrix.map((row, index) => PIVOT_MIN * (row[index] ?? 0))
  for (const [step, pivotRow] of rows.entries()) {
    const pivot = pivotRow[step] ?? 0
    for (const [index, row] of rows.entries()) {
      if (index === step || pivot <= (least[step] ?? 0)) continue
      const factor = (row[step] ?? 0) / pivot
      for (const [column, value] of pivotRow.entries()) {
        row[column] = (row[column] ?? 0) - factor * value
      }
    }
  }
  return rows.map((row, index) => {
    const pivot = row[index] ?? 0
    return pivot <= (least[index] ?? 0) ? 0 : (row[rows.length] ?? 0) / pivot
  })
}
