import type { AgentId } from '@commonweal/protocol'
import type { CreditMethod } from './credit.ts'
import { divideEchoes, type Likeness, noLikeness, stepLikeness } from './echoes.ts'
import type { HeardQuestion } from './heard-question.ts'
import { computeGain, computeLogRatios, type PoolPart } from './log-pool.ts'
import {
  noWeights,
  type OnlineWeights,
  stepWeights,
  trust,
  type WeightRule,
  weightOf,
} from './online-weights.ts'
import {
  type Earned,
  noRecords,
  type PayRecord,
  type PayRecords,
  stepPay,
  stepRecord,
  UNKNOWN,
} from './pay-shares.ts'

/** All that an agent has learned about its suppliers. */
export interface SupplierBook {
  readonly weights: OnlineWeights
  readonly likeness: Likeness
  readonly records: PayRecords
  /** What the pool gains over what the agent would say alone: the score of this record is 0. */
  readonly worth: PayRecord
}

/** How an agent learns; the weights by Newton's method unless given. */
export interface LearningRules {
  readonly credit: CreditMethod
  readonly weights?: WeightRule
  /** The supplier that is the agent itself under another name: what it would say alone. Without one that is the reference. */
  readonly own?: AgentId | undefined
}

export const emptyBook: SupplierBook = {
  weights: noWeights,
  likeness: noLikeness,
  records: noRecords,
  worth: UNKNOWN,
}

/** Before the first question. An agent that believes something itself believes it until others are known to add to it. */
export function openBook(own?: AgentId): SupplierBook {
  return own === undefined ? emptyBook : { ...emptyBook, weights: trust(own) }
}

/**
 * Enters one settled question: credit with the weights from before it, then the weights.
 *
 * Result  a new book. What is credited to a supplier that says nothing new goes to those who said it before. [CRD-5]
 */
export function stepBook(
  book: SupplierBook,
  question: HeardQuestion,
  { credit, weights = stepWeights, own }: LearningRules,
): SupplierBook {
  const { id, reference, outcome, heard } = question
  const parts = heard.map(({ supplier, order, probabilities }) => ({
    order,
    probabilities,
    weight: weightOf(book.weights, supplier),
  }))
  const credits = credit({ reference, parts, outcome, seed: id })
  const likeness = stepLikeness(book.likeness, book.weights, question)
  const echoes = divideEchoes(likeness, question)
  const earned = new Map<AgentId, Earned>()
  for (const [index, { supplier, probabilities }] of heard.entries()) {
    const weight = parts[index]?.weight ?? 0
    const score = weight * (computeLogRatios(probabilities, reference)[outcome] ?? 0)
    for (const [to, part] of echoes.get(supplier) ?? []) {
      // Nothing was earned: a debt stays as it is.
      if (part === 0) continue
      const before = earned.get(to) ?? { credit: 0, score: 0 }
      earned.set(to, {
        credit: before.credit + part * (credits[index] ?? 0),
        score: before.score + part * score,
      })
    }
  }
  return {
    weights: weights(book.weights, question),
    likeness,
    records: stepPay(book.records, earned),
    worth: stepWorth(book.worth, parts, { question, own }),
  }
}

/** [CRD-11] */
function stepWorth(
  worth: PayRecord,
  parts: readonly PoolPart[],
  { question, own }: { readonly question: HeardQuestion; readonly own: AgentId | undefined },
): PayRecord {
  const { reference, outcome, heard } = question
  const alone = heard.find(({ supplier }) => supplier === own)
  if (alone !== undefined && heard.length === 1) return worth
  const ratios = computeLogRatios(alone?.probabilities ?? reference, reference)
  const gain = computeGain({ reference, parts }, outcome) - (ratios[outcome] ?? 0)
  return stepRecord(worth, { credit: gain, score: 0 })
}
