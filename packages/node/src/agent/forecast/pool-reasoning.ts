import type { AgentId, Statement } from '@commonweal/protocol'
import type { PoolPart } from './log-pool.ts'

/** A pool, and what came of it. */
export interface NamedPool {
  readonly outcomes: readonly string[]
  readonly reference: readonly number[]
  /** By weight, the greatest first. */
  readonly parts: readonly (PoolPart & { readonly author: AgentId })[]
  readonly pool: readonly number[]
  /** What the agent's own node calls another agent; never a word of that agent's. */
  readonly nameOf: (agent: AgentId) => string
}

const NAMED_PART_COUNT_MAX = 10
/** Characters of a name that are shown: of three bytes each, ten of them still fit. */
const NAME_LENGTH_MAX = 20
const HYPOTHESIS_COUNT_MAX = 8
/** Digits of an agent id that are enough for a person. */
const ID_LENGTH = 8

/**
 * Says in words that a person can check how a pool came about, with the outcome that it makes most probable.
 *
 * "Pool of 2 signals on “rain”: 5ad00b6c 1.20 × .71, 09aa31f0 0.40 × .55; the reference says .50, the pool .74." An author's
 * words are never repeated: only numbers are.
 *
 * Result  within the limits of a statement: 1 024 bytes of reasoning, 8 hypotheses of 256 bytes.
 */
export function describePool(named: NamedPool): Pick<Statement, 'reasoning' | 'hypotheses'> {
  const { outcomes, reference, parts, pool } = named
  const nameOf = (agent: AgentId): string => named.nameOf(agent).slice(0, NAME_LENGTH_MAX)
  const likely = pool.indexOf(Math.max(...pool))
  const shown = parts
    .slice(0, NAMED_PART_COUNT_MAX)
    .map(
      (part) =>
        `${nameOf(part.author)} ${part.weight.toFixed(2)} × ${written(part.probabilities[likely])}`,
    )
  const others = parts.length - shown.length
  const rest = others === 0 ? '' : ` and ${others} more`
  return {
    reasoning:
      `Pool of ${parts.length} ${parts.length === 1 ? 'signal' : 'signals'} on “${outcomes[likely] ?? ''}”: ` +
      `${shown.join(', ')}${rest}; the reference says ${written(reference[likely])}, the pool ${written(pool[likely])}.`,
    hypotheses: parts.flatMap((part) => hypothesisOf(part, nameOf)).slice(0, HYPOTHESIS_COUNT_MAX),
  }
}

/** What a weight of 0 or above 1 supposes about its author. */
function hypothesisOf(part: NamedPool['parts'][number], nameOf: NamedPool['nameOf']): string[] {
  if (part.weight === 0) return [`${nameOf(part.author)} adds nothing to what the others say`]
  if (part.weight <= 1) return []
  return [`${nameOf(part.author)} says less than it knows: its weight is ${part.weight.toFixed(2)}`]
}

/** The beginning of an agent's id. */
export function shortId(agent: AgentId): string {
  return agent.slice(0, ID_LENGTH)
}

function written(probability = 0): string {
  return probability.toFixed(2).replace(/^0/, '')
}
