import type { z } from 'zod'
import type { Digest } from '../codec/digest.ts'
import type { Language, View } from '../contract/language.ts'

/**
 * A subnet: a pure state machine for one kind of scarce resource, plugged into the ledger. [SUB-1]
 *
 * A round goes: actions (sealed, then revealed) → `viewSubmission` → the law may change them → `play` → `advance` →
 * `viewSettlement` → the law may move money. The ledger, the round runner and agents that look ahead all call
 * `settleRound` (settle.ts), so there is one order of events.
 *
 * Params, State, Outcome and Row are plain encodable values without floats. An action is a non-negative integer.
 */
export interface Subnet<Params, State, Outcome, Row> {
  readonly kind: string
  /** Checks the parameters that the genesis gives, and fills in defaults. */
  readonly paramsSchema: z.ZodType<Params, unknown>
  /** What a contract may name. [CTR-2] */
  language(params: Params, seatCount: number): Language
  /** At least the greatest gain of one round, so that withholding a reveal never pays. [EPO-5] */
  sealBondMicro(params: Params): bigint
  /** Whether agents are shown a signal before they act: the epoch then has a `signal` phase. [EPO-8] */
  hasSignal(params: Params): boolean
  /** The state before round 1 of a run with this many seats. */
  start(params: Params, seatCount: number): State
  isEnded(params: Params, state: State): boolean
  /** Largest action that a seat may reveal; above it the reveal is refused `action-out-of-range`. */
  actionMax(params: Params, state: State): bigint
  /** What an absent seat does. */
  defaultAction(params: Params, state: State): bigint
  viewSubmission(params: Params, state: State, actions: readonly SeatAction[]): View
  /** What the actions bring, before the resource renews itself. */
  play(
    params: Params,
    state: State,
    actions: readonly PlayedAction[],
    randomness: RoundRandomness,
  ): Outcome
  /** Renewal: the state of the next round, and the public record of this one. */
  advance(
    params: Params,
    state: State,
    outcome: Outcome,
    randomness: RoundRandomness,
  ): { readonly state: State; readonly row: Row }
  /** `state` is that before the round, `next` that after it: a law sees the new stock. */
  viewSettlement(
    params: Params,
    state: State,
    actions: readonly SeatAction[],
    outcome: Outcome,
    next: State,
  ): View
}

/** What a seat did: `absent` if it sealed nothing, or sealed and did not reveal; its action is then the default. */
export interface SeatAction {
  readonly action: bigint
  readonly absent: boolean
}

/** What a seat submitted, and what the law made of it: without a law the same. */
export interface PlayedAction extends SeatAction {
  readonly enforced: bigint
}

/**
 * Where all randomness of a round comes from.
 *
 * `beacon` is R_e of the round's epoch; `signal` is what was shown to agents before they acted, from R_{e−1} and the
 * validators' second shares, or null where the subnet has none. [EPO-8]
 */
export interface RoundRandomness {
  readonly beacon: Digest
  readonly signal: Digest | null
}
