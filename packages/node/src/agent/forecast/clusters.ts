import type { AgentId } from '@commonweal/protocol'
import type { HeardQuestion } from './heard-question.ts'

/**
 * How far suppliers have been from one another: for each pair, the distances on the last questions on which both were heard,
 * oldest first. The key is the lower id, then the higher.
 */
export type Distances = ReadonlyMap<string, readonly number[]>

/** Common questions over which two are compared. */
const COMMON_COUNT = 60
/** Mean distance below which two are one. */
const DISTANCE_MAX = 0.15

export const noDistances: Distances = new Map()

/**
 * Notes how far the suppliers were from one another on one question.
 *
 * Units   the mean over outcomes of |logit p_a(k) − logit p_b(k)|, logit p = ln(p/(1 − p)).
 * Cost    O(n²K).
 * Source  spec/credit.md [CRD-5]
 */
export function stepDistances(distances: Distances, { heard }: HeardQuestion): Distances {
  const next = new Map(distances)
  const spoken = heard.map(({ supplier, probabilities }) => ({
    supplier,
    logits: probabilities.map((probability) => Math.log(probability / (1 - probability))),
  }))
  for (const [index, one] of spoken.entries()) {
    for (const other of spoken.slice(index + 1)) {
      const key = pairOf(one.supplier, other.supplier)
      const gap = one.logits.reduce(
        (sum, logit, k) => sum + Math.abs(logit - (other.logits[k] ?? 0)),
        0,
      )
      const past = distances.get(key) ?? []
      next.set(key, [...past, gap / one.logits.length].slice(-COMMON_COUNT))
    }
  }
  return next
}

/**
 * To whom what each supplier is credited goes on this question: the earliest to seal among those like it, or itself.
 *
 * Going through the suppliers in the order of their seals, one that is like somebody before it, who is not himself like an
 * earlier one, belongs to him. Being like somebody is not passed on: a seller cannot join two others by standing between them.
 *
 * Result  by supplier that was heard.
 * Source  spec/credit.md [CRD-5]
 */
export function findEarliest(
  distances: Distances,
  { heard }: HeardQuestion,
): ReadonlyMap<AgentId, AgentId> {
  const earliest = new Map<AgentId, AgentId>()
  const heads: AgentId[] = []
  for (const { supplier } of heard.toSorted((a, b) => a.order - b.order)) {
    const head = heads.find((candidate) => isLike(distances, candidate, supplier))
    if (head === undefined) heads.push(supplier)
    earliest.set(supplier, head ?? supplier)
  }
  return earliest
}

function isLike(distances: Distances, one: AgentId, other: AgentId): boolean {
  const past = distances.get(pairOf(one, other)) ?? []
  if (past.length < COMMON_COUNT) return false
  return past.reduce((sum, distance) => sum + distance, 0) / COMMON_COUNT < DISTANCE_MAX
}

function pairOf(one: AgentId, other: AgentId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
