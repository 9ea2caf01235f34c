import {
  type CommonsState,
  checkLaw,
  commons,
  createLawState,
  type Law,
  type RoundLaw,
  type Terms,
  valuePercentOf,
} from '@commonweal/protocol'
import type { Agent, CommonsSituation, Move, NegotiationSituation, Standing } from '../agent.ts'
import { isProsocialEnough, type Prosociality } from '../prosocial.ts'
import { computeAllotments } from './allotment.ts'
import { bargain, type Option, type Table } from './bargaining.ts'
import { type Candidate, computeCandidates, imposedCandidate } from './candidate.ts'
import {
  computeRequest,
  formatPolicy,
  GREEDY,
  type HarvestPolicy,
  type Policy,
  RATE_PERCENT_DEFAULT,
} from './policy.ts'
import { expectSigners, supposePolicies } from './supposition.ts'
import { type ForeseenLaw, foresee, lawInForce, type Outlook, type SeatPlay } from './valuation.ts'

export interface ClosedFormOptions {
  readonly policy: Exclude<Policy, { readonly name: 'hold-out' }>
  readonly prosociality: Prosociality
  /** The one law that the agent bargains over, as the limit of a cap: "stock / 10". */
  readonly law?: string
}

/**
 * The built-in agent: deterministic, answers at once, needs no model. [AGT-8]
 *
 * It harvests by its policy and bargains by what its look-ahead says each law is worth to it. The default policy,
 * `utility`, is greedy below the agent's λ* and steady from it on.
 */
export function createClosedFormAgent(options: ClosedFormOptions): Agent {
  const { policy, prosociality } = options
  const laid = new WeakMap<CommonsState, { key: string; table: Table }>()

  function layTable(situation: NegotiationSituation): Table {
    const signers = expectSigners(situation, []).map(Number).join('')
    const { subnet, seat, covering, history } = situation
    const key = `${subnet}/${seat}/${history.length}/${covering?.id ?? ''}/${signers}`
    const known = laid.get(situation.state)
    if (known?.key === key) return known.table
    const table = createTable(situation, options)
    laid.set(situation.state, { key, table })
    return table
  }

  return {
    name: `${formatPolicy(policy)} λ=${prosociality.lambda}`,
    act(situation: CommonsSituation): bigint {
      const play = createOwnPlay(situation, options)
      return BigInt(play(situation.state, situation.law?.bound ?? null))
    },
    negotiate(situation: NegotiationSituation): Move {
      const { params, state, contractDelay } = situation
      const hasRoundAtStake = state.round + contractDelay <= params.rounds
      if (situation.contract === 'none' || !hasRoundAtStake) return { move: 'pass' }
      return bargain(situation, layTable(situation))
    },
  }
}

/** How the agent itself plays. [AGT-8] */
function createOwnPlay(
  situation: CommonsSituation,
  { policy, prosociality }: ClosedFormOptions,
): SeatPlay {
  const { params, seats, seat } = situation
  const count = seats.length
  if (policy.name !== 'utility') return ({ stock }) => computeRequest(policy, stock, count)

  const ratePercent = situation.signalRatePercent ?? policy.ratePercent
  const values = seats.map((_, index) => valuePercentOf(params, index))
  if (!isProsocialEnough(prosociality, ratePercent / 100, values, seat)) {
    return ({ stock }) => computeRequest(GREEDY, stock, count)
  }
  const steady: HarvestPolicy = { name: 'steady', ratePercent }
  return (state, law) => {
    const request = computeRequest(steady, state.stock, count)
    if (law === null || law.bound[seat] !== true) return request
    const allotments = computeAllotments(params, state, law)
    const total = allotments.reduce((sum, allotment) => sum + allotment, 0)
    // Where the law keeps the stock whatever is requested, a unit left over would not renew itself.
    const keepsStock = total * ratePercent <= state.stock * (ratePercent - 100)
    return keepsStock ? (allotments[seat] ?? request) : request
  }
}

function createTable(situation: NegotiationSituation, options: ClosedFormOptions): Table {
  const { policy, prosociality } = options
  const ratePercent = 'ratePercent' in policy ? policy.ratePercent : RATE_PERCENT_DEFAULT
  const plays = createPlays(situation, options, ratePercent)
  const target = situation.epoch + situation.contractDelay
  const isLaw = situation.contract === 'law'

  const value = (law: ForeseenLaw | null): Outlook => foresee(situation, law, plays, prosociality)
  const noDeal = value(coveringLaw(situation))
  // Words bind nobody: whatever they say, what comes of them is what comes without them.
  const judge = ({ terms, holders }: Standing): Outlook | undefined => {
    if (terms.subnet !== situation.subnet) return undefined
    if (terms.rounds[0] > target || terms.rounds[1] < target) return undefined
    if (!situation.seats.every((agent) => terms.parties.includes(agent))) return undefined
    if (terms.mode !== 'law') return noDeal
    const law = isLaw ? bindTerms(situation, terms, expectSigners(situation, holders)) : undefined
    return law === undefined ? undefined : value(law)
  }

  const candidates: readonly Candidate[] =
    options.law === undefined
      ? computeCandidates(situation, ratePercent)
      : [imposedCandidate(options.law)]
  const signers = expectSigners(situation, [])
  const until = situation.epoch + situation.params.rounds - situation.state.round
  const tabled = candidates.flatMap((candidate): Option[] => {
    if (!isLaw) return [{ candidate, outlook: noDeal }]
    const bound = bindLaw(situation, candidate.law, signers)
    return bound === undefined ? [] : [{ candidate, outlook: value({ ...bound, until }) }]
  })
  return { options: tabled, noDeal, judge }
}

function createPlays(
  situation: CommonsSituation,
  options: ClosedFormOptions,
  ratePercent: number,
): readonly SeatPlay[] {
  const own = createOwnPlay(situation, options)
  const count = situation.seats.length
  return supposePolicies(situation, ratePercent).map((policy, seat): SeatPlay => {
    if (seat === situation.seat) return own
    return ({ stock }) => computeRequest(policy, stock, count)
  })
}

function coveringLaw(situation: NegotiationSituation): ForeseenLaw | null {
  const { covering, law, seats } = situation
  if (covering === null) return null
  if (covering.id === law?.id) return lawInForce(situation)
  const everybody = seats.map(() => true)
  return bindTerms(situation, covering.terms, everybody) ?? null
}

function bindTerms(
  situation: CommonsSituation,
  terms: Terms,
  signer: readonly boolean[],
): ForeseenLaw | undefined {
  if (terms.law === null) return undefined
  const collateral = situation.seats.map((agent) => {
    const party = terms.parties.indexOf(agent)
    return terms.collateralMicro[party] ?? 0n
  })
  const bound = bindLaw(situation, terms.law, signer, collateral)
  return bound === undefined ? undefined : { ...bound, until: terms.rounds[1] }
}

/** A law that these seats sign and that binds all; `undefined` if the instance's language does not allow it. */
function bindLaw(
  { params, seats }: CommonsSituation,
  law: Law,
  signer: readonly boolean[],
  collateralMicro: readonly bigint[] = seats.map(() => 0n),
): RoundLaw | undefined {
  const checked = checkLaw(law, commons.language(params, seats.length))
  if (!checked.ok) return undefined
  return {
    bound: { law: checked.value, signer, bound: seats.map(() => true) },
    state: createLawState(collateralMicro),
  }
}
