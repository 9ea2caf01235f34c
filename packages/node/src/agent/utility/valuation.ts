import {
  type BoundLaw,
  type CommonsState,
  commons,
  digestOf,
  type RoundRandomness,
  type SettledRound,
  settleEnd,
  settleRound,
  valuePercentOf,
} from '@commonweal/protocol'
import { fromString } from 'uint8arrays/from-string'
import type { CommonsSituation } from '../agent.ts'
import { type Prosociality, weigh } from '../prosocial.ts'
import { type ForeseenLaw, lawInForce } from './bind-terms.ts'
import { rememberedEnforcer } from './remembered-enforcement.ts'

/** What an agent expects of the rest of a run. */
export interface Outlook {
  /** V_i of the agent itself, on the scale of `weigh`. */
  readonly value: number
  /** u_j of every seat: its catches at its own value, and what laws pay it or take from it. */
  readonly payoffs: readonly number[]
}

/** What one seat requests in a look-ahead, under the law of that round. */
export type SeatPlay = (state: CommonsState, law: BoundLaw | null) => number

/** Runs that an agent averages where chance has a say. */
const SAMPLES = 4

/**
 * Plays the rest of the run with a law from the round at stake on, by the same `settleRound` as the ledger. [AGT-9]
 *
 * Until then the law in force stays. Chance is the agent's own, the same for everything that it compares.
 *
 * Shape   plays: one a seat.
 * Cost    one run, or SAMPLES where the rate is drawn or a stock was rationed.
 */
export function foresee(
  situation: CommonsSituation,
  law: ForeseenLaw | null,
  plays: readonly SeatPlay[],
  prosociality: Prosociality,
): Outlook {
  const totals = plays.map(() => 0)
  let samples = 1
  for (let sample = 0; sample < samples; sample++) {
    const isChancy = playOut(situation, law, plays, sample, totals)
    if (isChancy) samples = SAMPLES
  }
  const payoffs = totals.map((total) => total / samples)
  const welfare = payoffs.reduce((sum, payoff) => sum + payoff, 0)
  return { value: weigh(prosociality, payoffs[situation.seat] ?? 0, welfare), payoffs }
}

/** Plays one run out, adds its payoffs to `totals`, and says whether chance had a say. */
function playOut(
  situation: CommonsSituation,
  proposed: ForeseenLaw | null,
  plays: readonly SeatPlay[],
  sample: number,
  totals: number[],
): boolean {
  const { params, epoch, contractDelay } = situation
  let { state } = situation
  let law = contractDelay === 0 ? proposed : lawInForce(situation)
  let isChancy = params.regeneration.mode !== 'deterministic'
  const pay = (seat: number, amountMicro: bigint): void => {
    const worth = Number(amountMicro) / Number(params.unitMicro)
    totals[seat] = (totals[seat] ?? 0) + worth
  }
  for (let ahead = 0; !commons.isEnded(params, state); ahead++) {
    if (ahead === contractDelay) law = proposed
    if (law !== null && epoch + ahead > law.until) law = null
    const settled = playRound(situation, state, law, plays, sample)
    const { enforced, catches } = settled.outcome
    isChancy ||= catches !== enforced
    for (const [seat, got] of catches.entries()) {
      totals[seat] = (totals[seat] ?? 0) + (got * valuePercentOf(params, seat)) / 100
    }
    state = settled.state
    const [after] = settled.laws
    if (law === null || after === undefined) continue
    settled.creditsMicro.forEach((credit, seat) => pay(seat, credit))
    // What is in custody belongs to who would get it if the law ended.
    const kept = settleEnd(after.state)
    settleEnd(law.state).forEach((held, seat) => pay(seat, (kept[seat] ?? 0n) - held))
    law = { ...law, state: after.state }
  }
  return isChancy
}

function playRound(
  { params }: CommonsSituation,
  state: CommonsState,
  law: ForeseenLaw | null,
  plays: readonly SeatPlay[],
  sample: number,
): Pick<
  SettledRound<CommonsState, Outcome, unknown>,
  'state' | 'outcome' | 'creditsMicro' | 'laws'
> {
  const bound = law?.bound ?? null
  const round = {
    params,
    state,
    actions: plays.map((play) => ({ action: BigInt(play(state, bound)), absent: false })),
    laws: law === null ? [] : [law],
    randomness: imagine(sample, state.round),
  }
  return settleRound(commons, round, rememberedEnforcer)
}

interface Outcome {
  readonly enforced: readonly number[]
  readonly catches: readonly number[]
}

const imagined = new Map<string, RoundRandomness>()
const IMAGINED_MAX = 10_000

/** The chance of one round in one sample: the same in every look-ahead of every agent. */
function imagine(sample: number, round: number): RoundRandomness {
  const key = `${sample}/${round}`
  const known = imagined.get(key)
  if (known !== undefined) return known
  const digest = digestOf(fromString(`commonweal/look-ahead/${key}`))
  const randomness = { beacon: digest, signal: digest }
  if (imagined.size < IMAGINED_MAX) imagined.set(key, randomness)
  return randomness
}
