import { hash } from 'node:crypto'
import { type CreditMethod, type CreditQuestion, computeCredit } from './credit.ts'
import { computeGain } from './log-pool.ts'

export type CreditMethodName =
  | 'aumann-shapley'
  | 'leave-one-out'
  | 'monte-carlo-shapley'
  | 'commit-order'
  | 'equal'

const PERMUTATION_COUNT = 64
/** In nats: when what is left to gain is less, the rest of a permutation gets nothing. */
const TRUNCATION = 1e-3

/** What the pool gains with a seller beyond what it gains without: copies of one another get nothing. */
const leaveOneOut: CreditMethod = (question) => {
  const whole = computeGain(question, question.outcome)
  return question.parts.map(
    (_, left) =>
      whole -
      gainOf(
        question,
        [...question.parts.keys()].filter((index) => index !== left),
      ),
  )
}

/** What each adds as it joins, on average over random orders of joining. Ghorbani and Zou 2019. */
const monteCarloShapley: CreditMethod = (question) => {
  const credits = question.parts.map(() => 0)
  for (let draw = 0; draw < PERMUTATION_COUNT; draw++) {
    const ordered = shuffle(question.parts.length, `${question.seed}/${draw}`)
    for (const [index, credit] of computeMarginals(question, ordered, TRUNCATION)) {
      credits[index] = (credits[index] ?? 0) + credit / PERMUTATION_COUNT
    }
  }
  return credits
}

/** What each adds as it joins, in the order of the seals. */
const commitOrder: CreditMethod = (question) => {
  const { parts } = question
  const orderOf = (index: number): number => parts[index]?.order ?? 0
  const ordered = [...parts.keys()].toSorted((a, b) => orderOf(a) - orderOf(b) || a - b)
  const marginals = computeMarginals(question, ordered, 0)
  return parts.map((_, index) => marginals.get(index) ?? 0)
}

/** The gain in equal parts. */
const equal: CreditMethod = (question) => {
  const gain = computeGain(question, question.outcome)
  return question.parts.map(() => gain / question.parts.length)
}

/** The rule and its rivals, which are here to be measured. [CRD-4] */
export const creditMethods: Readonly<Record<CreditMethodName, CreditMethod>> = {
  'aumann-shapley': computeCredit,
  'leave-one-out': leaveOneOut,
  'monte-carlo-shapley': monteCarloShapley,
  'commit-order': commitOrder,
  equal,
}

/** By index, as far as it goes until less than `truncation` is left. */
function computeMarginals(
  question: CreditQuestion,
  ordered: readonly number[],
  truncation: number,
): ReadonlyMap<number, number> {
  const whole = computeGain(question, question.outcome)
  const marginals = new Map<number, number>()
  let before = 0
  for (const [place, index] of ordered.entries()) {
    if (Math.abs(whole - before) < truncation) break
    const after = gainOf(question, ordered.slice(0, place + 1))
    marginals.set(index, after - before)
    before = after
  }
  return marginals
}

function gainOf(question: CreditQuestion, indices: readonly number[]): number {
  const parts = indices.flatMap((index) => question.parts[index] ?? [])
  return computeGain({ reference: question.reference, parts }, question.outcome)
}

/** The numbers below `count` in an order that the seed fixes: by their digests. */
function shuffle(count: number, seed: string): readonly number[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    key: hash('sha256', `commonweal/shapley/${seed}/${index}`),
  }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ index }) => index)
}
