import { type Cid, speakerOf, type Terms, termsCid } from '@commonweal/protocol'
import type { Move, NegotiationSituation, Standing } from '../agent.ts'
import { type Candidate, collateralOf } from './candidate.ts'
import { findSilent } from './supposition.ts'
import type { Outlook } from './valuation.ts'

/** What a bargaining agent knows: its candidates, each with what would come of it, and what comes of none. */
export interface Table {
  readonly options: readonly Option[]
  /** If the negotiation fails: the contract that covers the round at stake stays, or there is none. */
  readonly noDeal: Outlook
  /** What would come of terms that another proposed; `undefined` if they are not terms that could bind. */
  judge(standing: Standing): Outlook | undefined
}

export interface Option {
  readonly candidate: Candidate
  readonly outlook: Outlook
}

/** A covering contract is given up only for what is better by more than this share of its worth. [AGT-13] */
const REPLACEMENT_MARGIN = 0.02
/** Rollouts add floats in different orders: values closer than this are equal. */
const TOLERANCE = 1e-9

/**
 * One turn of a closed-form agent. [AGT-11] [AGT-12]
 *
 * It computes the offer that it would make. It accepts the standing terms if they are worth at least that much to it, and
 * at least no deal. Otherwise it makes the offer; or passes, where it has none or none that could still be agreed.
 */
export function bargain(
  situation: NegotiationSituation,
  table: Table,
  concede: Concession = computeConcession,
): Move {
  const wanted =
    situation.covering === null
      ? nextOffer(situation, table, concede)
      : findImprovement(situation, table)
  const terms = wanted === undefined ? undefined : composeTerms(situation, wanted.candidate)
  const isLive = terms !== undefined && canStillGather(situation, termsCid(terms))
  const offerValue = wanted !== undefined && isLive ? wanted.outlook.value : -Infinity

  const { standing } = situation
  if (standing !== null && situation.holds[situation.seat] !== standing.id) {
    const outlook = table.judge(standing)
    const least = Math.max(offerValue, leastAcceptable(situation, table))
    if (outlook !== undefined && outlook.value >= least - TOLERANCE) return { move: 'accept' }
  }
  // Terms of one's own that others hold by now are left standing; those that nobody took are bettered.
  const isTaken = standing !== null && isOwnAndTaken(situation, standing)
  if (!isLive || isTaken) return { move: 'pass' }
  return { move: 'propose', terms }
}

function isOwnAndTaken({ seat }: NegotiationSituation, { holders }: Standing): boolean {
  return holders.includes(seat) && holders.length > 1
}

/**
 * Whether terms proposed at this turn could be held by a quorum before the turns are over, if everybody who has its turn
 * still, and is not silent, took them. [AGT-12]
 */
function canStillGather(situation: NegotiationSituation, terms: Cid): boolean {
  const { turn, turnsMax, quorum, seat, seats, state, holds } = situation
  const silent = findSilent(situation)
  const holders = new Set([seat])
  holds.forEach((held, other) => {
    if (held === terms) holders.add(other)
  })
  const rules = { round: state.round, seatCount: seats.length, quorum, turnsMax }
  for (let later = turn + 1; later < turnsMax; later++) {
    const speaker = speakerOf(rules, later)
    if (!silent.has(speaker)) holders.add(speaker)
  }
  return holders.size >= quorum
}

/**
 * How far an agent has conceded at a turn: 0 asks for the best, 1 settles for what is worth no deal. [AGT-11]
 *
 * Formula min(1, k / D), D = turnsMax − quorum, the last turn at which a proposal can still gather its quorum
 */
export function computeConcession(turn: number, turnsMax: number, quorum: number): number {
  const deadline = turnsMax - quorum
  return deadline <= 0 ? 1 : Math.min(1, turn / deadline)
}

/** How far an agent has conceded at a turn, from 0 to 1. */
export type Concession = (turn: number, turnsMax: number, quorum: number) => number

/** Among the candidates that meet the turn's target, the one best for all. [AGT-11] */
function nextOffer(
  situation: NegotiationSituation,
  table: Table,
  concede: Concession,
): Option | undefined {
  const { options, noDeal } = table
  const best = Math.max(...options.map(({ outlook }) => outlook.value))
  if (best < noDeal.value - TOLERANCE) return undefined
  const concession = concede(situation.turn, situation.turnsMax, situation.quorum)
  const target = best - concession * (best - noDeal.value)
  const meeting = options.filter(({ outlook }) => outlook.value >= target - TOLERANCE)
  return pickBestForAll(meeting, options, noDeal)
}

/**
 * The option with the greatest Nash product: of every seat's gain over no deal, each as a share of the most that the seat
 * could gain. Ties go to the first. [AGT-11]
 */
function pickBestForAll(
  among: readonly Option[],
  all: readonly Option[],
  noDeal: Outlook,
): Option | undefined {
  const gain = ({ outlook }: Option, seat: number): number =>
    Math.max(0, (outlook.payoffs[seat] ?? 0) - (noDeal.payoffs[seat] ?? 0))
  const most = noDeal.payoffs.map((_, seat) => Math.max(...all.map((option) => gain(option, seat))))
  let best: Option | undefined
  let bestProduct = -1
  for (const option of among) {
    const product = most.reduce(
      (shares, greatest, seat) => shares * (greatest === 0 ? 1 : gain(option, seat) / greatest),
      1,
    )
    if (product > bestProduct + TOLERANCE) {
      best = option
      bestProduct = product
    }
  }
  return best
}

/** A candidate better than the covering contract: clearly for the agent and for a quorum, and worse for nobody. [AGT-13] */
function findImprovement(situation: NegotiationSituation, table: Table): Option | undefined {
  const { options, noDeal } = table
  const least = leastAcceptable(situation, table)
  const better = options.filter(({ outlook }) => {
    if (outlook.value < least) return false
    const gains = outlook.payoffs.map((payoff, seat) => payoff / (noDeal.payoffs[seat] ?? 0))
    const content = gains.filter((gain) => gain >= 1 + REPLACEMENT_MARGIN)
    return content.length >= situation.quorum && gains.every((gain) => gain >= 1 - TOLERANCE)
  })
  return pickBestForAll(better, options, noDeal)
}

function leastAcceptable(situation: NegotiationSituation, { noDeal }: Table): number {
  const margin = situation.covering === null ? 0 : REPLACEMENT_MARGIN
  return noDeal.value + Math.abs(noDeal.value) * margin
}

/**
 * The terms of a candidate, the same whoever composes them, so that a seat that holds them holds them. [AGT-10]
 *
 * They run from the round at stake to the last of the run, name every seat as a party, take the collateral of the candidate
 * (a cap needs none), and replace the contract that covers the round.
 */
export function composeTerms(situation: NegotiationSituation, candidate: Candidate): Terms {
  const { epoch, contractDelay, params, state, seats } = situation
  const from = epoch + contractDelay
  const isLaw = situation.contract === 'law'
  return {
    parties: seats,
    quorum: situation.quorum,
    subnet: situation.subnet,
    rounds: [from, epoch + (params.rounds - state.round)],
    mode: isLaw ? 'law' : 'text',
    text: candidate.text,
    law: isLaw ? candidate.law : null,
    collateralMicro: collateralOf(candidate, seats.length),
    replaces: situation.covering?.id ?? null,
  }
}
