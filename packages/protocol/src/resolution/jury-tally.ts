import type { AgentId } from '../identity/agent-id.ts'
import { invariant } from '../invariant.ts'

/** What a juror sealed and then opened: an outcome, from 0. That a question is void is not a verdict. */
export interface JurorVerdict {
  readonly juror: AgentId
  readonly outcome: number
}

export type Tally =
  | { readonly kind: 'decided'; readonly outcome: number }
  /** Enough opened, but too few agree: the next round. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'too-few-reveals' }

/** Of the jurors, so many parts in 3 must have opened a verdict. [RES-8] */
const REVEALED_THIRDS = 2
/** Of the verdicts that were opened, so many per cent must agree. [RES-8] */
const AGREED_PERCENT = 65

/**
 * What a jury decided.
 *
 * Shape   one verdict a juror at most, each of 0 … outcomeCount − 1: the ledger takes no other.
 * Result  decided, by at most one outcome, as 65 % is more than half.
 * Source  spec/resolution.md [RES-8] · vectors/resolution.json
 */
export function tallyVerdicts(
  jurorCount: number,
  verdicts: readonly JurorVerdict[],
  outcomeCount: number,
): Tally {
  invariant(
    new Set(verdicts.map(({ juror }) => juror)).size === verdicts.length &&
      verdicts.length <= jurorCount,
    'a juror has one verdict',
  )
  if (verdicts.length < revealCountMin(jurorCount)) return { kind: 'too-few-reveals' }
  const outcome = countVerdicts(verdicts, outcomeCount).findIndex(
    (count) => count >= agreeCountMin(verdicts.length),
  )
  return outcome === -1 ? { kind: 'undecided' } : { kind: 'decided', outcome }
}

/**
 * The outcome that most verdicts name; null where there are none, or two lead.
 *
 * Source  spec/resolution.md [RES-10]
 */
export function findPlurality(
  verdicts: readonly JurorVerdict[],
  outcomeCount: number,
): number | null {
  const counts = countVerdicts(verdicts, outcomeCount)
  const most = Math.max(...counts)
  const leader = counts.indexOf(most)
  return counts.lastIndexOf(most) === leader ? leader : null
}

/** The fewest equal verdicts that can decide a jury: those who must agree when no more open theirs than must. [RES-8] */
export function decidingCountMin(jurorCount: number): number {
  return agreeCountMin(revealCountMin(jurorCount))
}

function revealCountMin(jurorCount: number): number {
  return Math.ceil((jurorCount * REVEALED_THIRDS) / 3)
}

function agreeCountMin(revealedCount: number): number {
  return Math.ceil((revealedCount * AGREED_PERCENT) / 100)
}

function countVerdicts(verdicts: readonly JurorVerdict[], outcomeCount: number): readonly number[] {
  const counts = Array<number>(outcomeCount).fill(0)
  for (const { outcome } of verdicts) {
    const count = counts[outcome]
    invariant(count !== undefined, 'a verdict names an outcome')
    counts[outcome] = count + 1
  }
  return counts
}
