import type { AgentId } from '@commonweal/protocol'
import { type Distances, findEarliest, noDistances, stepDistances } from './clusters.ts'
import type { CreditMethod } from './credit.ts'
import type { HeardQuestion } from './heard-question.ts'
import { computeLogRatios } from './log-pool.ts'
import { noWeights, type OnlineWeights, stepWeights, weightOf } from './online-weights.ts'
import { type Earned, noRecords, type PayRecords, stepPay } from './pay-shares.ts'

/** All that an agent has learned about its suppliers. */
export interface SupplierBook {
  readonly weights: OnlineWeights
  readonly distances: Distances
  readonly records: PayRecords
}

export const emptyBook: SupplierBook = {
  weights: noWeights,
  distances: noDistances,
  records: noRecords,
}

/**
 * Enters one settled question: credit with the weights from before it, then the weights.
 *
 * Result  a new book. What is credited to suppliers that are like one another goes to the first of them to seal. [CRD-5]
 */
export function stepBook(
  book: SupplierBook,
  question: HeardQuestion,
  method: CreditMethod,
): SupplierBook {
  const { id, reference, outcome, heard } = question
  const parts = heard.map(({ supplier, order, probabilities }) => ({
    order,
    probabilities,
    weight: weightOf(book.weights, supplier),
  }))
  const credits = method({ reference, parts, outcome, seed: id })
  const distances = stepDistances(book.distances, question)
  const earliest = findEarliest(distances, question)
  const earned = new Map<AgentId, Earned>()
  for (const [index, { supplier, probabilities }] of heard.entries()) {
    const to = earliest.get(supplier) ?? supplier
    const weight = parts[index]?.weight ?? 0
    const before = earned.get(to)
    earned.set(to, {
      credit: (before?.credit ?? 0) + (credits[index] ?? 0),
      score:
        (before?.score ?? 0) + weight * (computeLogRatios(probabilities, reference)[outcome] ?? 0),
    })
  }
  return {
    weights: stepWeights(book.weights, question),
    distances,
    records: stepPay(book.records, earned),
  }
}
