import type { CommonsState } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move } from '../agent.ts'
import { type Prosociality, weigh } from '../prosocial.ts'
import {
  bargain,
  type Concession,
  computeConcession,
  type Option,
  type Table,
} from './bargaining.ts'
import { bindLaw, bindStanding, coveringLaw, type ForeseenLaw } from './bind-terms.ts'
import { type Candidate, collateralOf, computeCandidates } from './candidate.ts'
import { computeRequest } from './policy.ts'
import { expectSigners, supposePolicies } from './supposition.ts'
import { foresee, type Outlook, type SeatPlay } from './valuation.ts'

/** How an agent bargains over the laws of a commons. */
export interface BargainerOptions {
  /** How it plays itself, as its look-ahead supposes. */
  readonly play: (situation: CommonsSituation) => SeatPlay
  readonly prosociality: Prosociality
  readonly ratePercent: number
  /** What it proposes; the stationary laws of AGT-10 unless given. */
  readonly candidates?: (situation: CommonsSituation) => readonly Candidate[]
  readonly concede?: Concession
  /** Seats whose payoffs count as its own; its own seat unless given. */
  readonly ring?: readonly number[]
}

/** A turn of an agent that bargains by what its look-ahead says each law is worth to it. [AGT-9] … [AGT-13] */
export function createBargainer(
  options: BargainerOptions,
): (situation: CommonsNegotiation) => Move {
  const { concede = computeConcession } = options
  const laid = new WeakMap<CommonsState, { key: string; table: Table }>()

  function layTable(situation: CommonsNegotiation): Table {
    const signers = expectSigners(situation, []).map(Number).join('')
    const { subnet, seat, covering, history } = situation
    const key = `${subnet}/${seat}/${history.length}/${covering?.id ?? ''}/${signers}`
    const known = laid.get(situation.state)
    if (known?.key === key) return known.table
    const table = createTable(situation, options)
    laid.set(situation.state, { key, table })
    return table
  }

  return (situation) => {
    const { params, state, contractDelay } = situation
    const hasRoundAtStake = state.round + contractDelay <= params.rounds
    if (situation.contract === 'none' || !hasRoundAtStake) return { move: 'pass' }
    return bargain(situation, layTable(situation), concede)
  }
}

function createTable(situation: CommonsNegotiation, options: BargainerOptions): Table {
  const { prosociality, ratePercent, ring = [situation.seat] } = options
  const plays = createPlays(situation, options)
  const isLaw = situation.contract === 'law'

  const value = (law: ForeseenLaw | null): Outlook => {
    const { payoffs } = foresee(situation, law, plays, prosociality)
    const own = ring.reduce((sum, seat) => sum + (payoffs[seat] ?? 0), 0)
    const welfare = payoffs.reduce((sum, payoff) => sum + payoff, 0)
    return { value: weigh(prosociality, own, welfare), payoffs }
  }
  const noDeal = value(coveringLaw(situation))
  const candidates = options.candidates?.(situation) ?? computeCandidates(situation, ratePercent)
  const signers = expectSigners(situation, [])
  const until = situation.epoch + situation.params.rounds - situation.state.round
  const tabled = candidates.flatMap((candidate): Option[] => {
    if (!isLaw) return [{ candidate, outlook: noDeal }]
    const collateral = collateralOf(candidate, situation.seats.length)
    const bound = bindLaw(situation, candidate.law, signers, collateral)
    return bound === undefined ? [] : [{ candidate, outlook: value({ ...bound, until }) }]
  })
  return {
    options: tabled,
    noDeal,
    judge(standing): Outlook | undefined {
      const law = bindStanding(situation, standing)
      // Words bind nobody: whatever they say, what comes of them is what comes without them.
      if (law === undefined || law === 'words') return law && noDeal
      return value(law)
    },
  }
}

function createPlays(
  situation: CommonsNegotiation,
  { play, ratePercent }: BargainerOptions,
): readonly SeatPlay[] {
  const own = play(situation)
  const count = situation.seats.length
  return supposePolicies(situation, ratePercent).map((policy, seat): SeatPlay => {
    if (seat === situation.seat) return own
    return ({ stock }) => computeRequest(policy, stock, count)
  })
}
