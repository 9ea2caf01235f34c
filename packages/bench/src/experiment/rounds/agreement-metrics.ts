import type { Terms } from '@commonweal/protocol'
import type { AgreementRecord } from '../../run/agreement-book.ts'
import { eventOf } from '../done-run.ts'
import type { Condition } from '../experiment.ts'
import type { Metrics, RunEvent } from '../run-result.ts'

/** An agreement, as far as every fidelity knows it. */
export interface AgreedFacts extends Pick<AgreementRecord, 'holders' | 'round'> {
  readonly terms: Pick<Terms, 'rounds' | 'text' | 'law'>
}

/** What a law in force did in a round. */
export interface LawFacts {
  readonly round: number
  readonly records: readonly object[]
}

/** Whether a contract formed, and in which part of the rounds played one was in force; null where there are none. */
export function agreementMetrics(
  contract: Condition['contract'],
  agreements: readonly AgreedFacts[],
  rounds: readonly number[],
): Metrics {
  if (contract === 'none') return { formation: null, activation: null }
  const covered = rounds.filter((round) =>
    agreements.some(({ terms }) => terms.rounds[0] <= round && round <= terms.rounds[1]),
  )
  return {
    formation: Number(agreements.length > 0),
    activation: covered.length / Math.max(1, rounds.length),
  }
}

/** What was agreed, without who signed when: the same at every fidelity. */
export function agreedTerms(agreements: readonly AgreedFacts[]): readonly object[] {
  return agreements.map(({ round, terms: { rounds, text, law } }) => ({ round, rounds, text, law }))
}

export function agreementEvents(
  agreements: readonly AgreedFacts[],
  round: number,
): readonly RunEvent[] {
  return agreements
    .filter((agreement) => agreement.round === round)
    .map(({ terms: { rounds, text, law }, holders }) =>
      eventOf('agreement-formed', round, { rounds, text, law, holders }),
    )
}
