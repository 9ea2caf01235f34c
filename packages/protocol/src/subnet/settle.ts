import {
  type BoundLaw,
  type Enforcement,
  type EnforcementRecord,
  enforceSettlement,
  enforceSubmission,
  type LawState,
} from '../contract/enforcement.ts'
import { minBigint } from '../integer.ts'
import type { PlayedAction, RoundRandomness, SeatAction, Subnet } from './subnet.ts'

/** A law in force in a round. Under `signers` several may be, and then no two bind the same seat. */
export interface RoundLaw {
  readonly bound: BoundLaw
  readonly state: LawState
}

/** What carries laws out. Whoever plays many rounds alike may give one that remembers what these two said. */
export interface LawEnforcer {
  readonly enforceSubmission: typeof enforceSubmission
  readonly enforceSettlement: typeof enforceSettlement
}

const ENFORCER: LawEnforcer = { enforceSubmission, enforceSettlement }

/** What a round needs beside its subnet. */
export interface RoundInput<Params, State> {
  readonly params: Params
  readonly state: State
  /** One for each seat; an absent one carries the subnet's default action. */
  readonly actions: readonly SeatAction[]
  /** In the order in which their agreements formed. */
  readonly laws: readonly RoundLaw[]
  readonly randomness: RoundRandomness
}

/** What one law did in a round. */
export interface LawOutcome {
  readonly state: LawState
  readonly records: readonly EnforcementRecord[]
}

/** A round that was played. */
export interface SettledRound<State, Outcome, Row> {
  readonly state: State
  readonly outcome: Outcome
  readonly row: Row
  /** In the order of the laws given. */
  readonly laws: readonly LawOutcome[]
  /** What the laws pay into balances, by seat. */
  readonly creditsMicro: readonly bigint[]
  readonly burnedMicro: bigint
}

/**
 * Plays one round: the one order of events that the ledger, the rounds runner and agents that look ahead share. [SUB-1]
 *
 * Order   the laws at submission → allocation → renewal → the laws at settlement, which see the new stock.
 * Units   actions are the subnet's; credits and what is burned are micro-tokens.
 * Result  Σ credits + burned = what the laws' custody lost.
 * Errors  none: a clause that faults is a record.
 * Cost    the subnet's own where no law is in force: no view is built then.
 */
export function settleRound<Params, State, Outcome, Row>(
  subnet: Subnet<Params, State, Outcome, Row>,
  { params, state, actions, laws, randomness }: RoundInput<Params, State>,
  enforcer: LawEnforcer = ENFORCER,
): SettledRound<State, Outcome, Row> {
  if (laws.length === 0) {
    const played = actions.map((seat) => ({ ...seat, enforced: seat.action }))
    const outcome = subnet.play(params, state, played, randomness)
    const next = subnet.advance(params, state, outcome, randomness)
    return { ...next, outcome, laws: [], creditsMicro: actions.map(() => 0n), burnedMicro: 0n }
  }

  const before = subnet.viewSubmission(params, state, actions)
  const revealed = actions.map((seat) => (seat.absent ? null : seat.action))
  const submissions = laws.map(({ bound, state: lawState }) => ({
    bound,
    enforcement: enforcer.enforceSubmission(bound, lawState, before, revealed),
  }))
  // [SUB-4] A law may ask for more than any seat could reveal; the subnet is given no more than that.
  const actionMax = subnet.actionMax(params, state)
  const played = actions.map((seat, index): PlayedAction => {
    const law = submissions.find(({ bound }) => bound.bound[index] === true)
    const enforced = law?.enforcement.actions[index] ?? seat.action
    return { ...seat, enforced: minBigint(enforced, actionMax) }
  })

  const outcome = subnet.play(params, state, played, randomness)
  const { state: next, row } = subnet.advance(params, state, outcome, randomness)

  const after = subnet.viewSettlement(params, state, actions, outcome, next)
  const settlements = submissions.map(({ bound, enforcement }) =>
    enforcer.enforceSettlement(bound, enforcement.state, after),
  )
  const enforcements = [...submissions.map(({ enforcement }) => enforcement), ...settlements]
  return {
    state: next,
    outcome,
    row,
    laws: settlements.map((settlement, index) => ({
      state: settlement.state,
      records: [...(submissions[index]?.enforcement.records ?? []), ...settlement.records],
    })),
    creditsMicro: actions.map((_, seat) => sumCredits(enforcements, seat)),
    burnedMicro: enforcements.reduce((sum, { burnedMicro }) => sum + burnedMicro, 0n),
  }
}

function sumCredits(enforcements: readonly Enforcement[], seat: number): bigint {
  return enforcements.reduce((sum, { creditsMicro }) => sum + (creditsMicro[seat] ?? 0n), 0n)
}
