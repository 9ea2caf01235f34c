import { actionCountOf, baseOf, type GameParams, type RoundLaw } from '@commonweal/protocol'
import { OperationalError } from '../../errors.ts'
import type { GameNegotiation, GameSituation, Move, Player } from '../agent.ts'
import { type Prosociality, weigh } from '../prosocial.ts'
import { bargain, type Option } from '../utility/bargaining.ts'
import {
  bindLaw,
  bindStanding,
  coveringLaw,
  type ForeseenLaw,
  lawInForce,
} from '../utility/bind-terms.ts'
import { collateralOf } from '../utility/candidate.ts'
import type { AlwaysPolicy, GamePolicy } from '../utility/policy.ts'
import { expectSigners } from '../utility/supposition.ts'
import type { Outlook } from '../utility/valuation.ts'
import { type Derive, drawAction } from './draw.ts'
import { computeGameCandidates } from './game-law.ts'
import { chooseBestReply, respondQuantally, solveStage } from './response.ts'
import { foreseeStage, partnerOf } from './stage.ts'
import { BETA_SUPPOSED, supposeWeight } from './supposition.ts'

export interface GamePlayerOptions {
  readonly policy: GamePolicy | AlwaysPolicy
  readonly prosociality: Prosociality
  readonly derive: Derive
  /** Whether it talks about contracts at all. */
  readonly bargains?: boolean
}

/** The built-in player of a game: answers at once, and always the same to the same. [AGT-14] [AGT-15] */
export function createGamePlayer(options: GamePlayerOptions): Player<GameSituation> {
  const { policy, prosociality, derive, bargains = true } = options
  return {
    negotiate(situation: GameNegotiation): Move {
      const { params, state, contractDelay, contract } = situation
      const hasRoundAtStake = state.round + contractDelay <= params.rounds
      if (!bargains || contract === 'none' || !hasRoundAtStake) return { move: 'pass' }
      return bargainOver(situation, prosociality)
    },
    act(situation: GameSituation): bigint {
      if (policy.name === 'always') return BigInt(actionNamed(policy.action, situation.params))
      const stage = foreseeStage(situation, lawInForce(situation), situation.signalState)
      if (policy.name === 'best-reply') {
        return BigInt(chooseBestReply(stage, situation, prosociality))
      }
      const { subnet, epoch } = situation
      const response = respondQuantally(stage, prosociality, policy.beta)
      return BigInt(drawAction(response, derive(`draw/${subnet}/${epoch}`)))
    },
  }
}

/** The four actions of a game with hidden effort; `C` and `D` are the first action of base 0 and of base 1. */
const EFFORT_NAMES = ['CH', 'CL', 'DH', 'DL']

/** Errors  OperationalError where the game has no such action: the operator has named one. */
function actionNamed(name: string, params: GameParams): number {
  const count = actionCountOf(params)
  const actions = Array.from({ length: count }, (_, index) => index)
  const base = ['C', 'D'].indexOf(name)
  const action = /^\d/.test(name)
    ? Number(name)
    : base === -1
      ? EFFORT_NAMES.indexOf(name)
      : actions.findIndex((index) => baseOf(params, index) === base)
  if (action >= 0 && action < count) return action
  const accepted = `accepted: 0 to ${count - 1}, and where it has them CH, CL, DH, DL, C, D`
  throw new OperationalError('agent-out-of-range', `the game has no action ${name}; ${accepted}`)
}

function bargainOver(situation: GameNegotiation, prosociality: Prosociality): Move {
  const isLaw = situation.contract === 'law'
  const weights = { own: prosociality, other: supposeWeight(situation, prosociality) }
  const value = (law: ForeseenLaw | null): Outlook => foresee(situation, law, weights)
  const noDeal = value(coveringLaw(situation))
  const signers = expectSigners(situation, [])
  const until = situation.epoch + situation.params.rounds - situation.state.round
  const options = computeGameCandidates(situation).flatMap((candidate): Option[] => {
    if (!isLaw) return [{ candidate, outlook: noDeal }]
    const collateral = collateralOf(candidate, situation.seats.length)
    const bound = bindLaw(situation, candidate.law, signers, collateral)
    return bound === undefined ? [] : [{ candidate, outlook: value({ ...bound, until }) }]
  })
  return bargain(situation, {
    options,
    noDeal,
    judge(standing): Outlook | undefined {
      const law = bindStanding(situation, standing)
      if (law === undefined || law === 'words') return law && noDeal
      return value(law)
    },
  })
}

interface Weights {
  readonly own: Prosociality
  readonly other: Prosociality
}

/** What an agent expects of the rest of a run: quantal responses. [AGT-15] */
function foresee(situation: GameSituation, law: ForeseenLaw | null, weights: Weights): Outlook {
  const { params, state, contractDelay, epoch, seats, seat } = situation
  const totals = seats.map(() => 0)
  const once = new Map<RoundLaw | null, readonly number[]>()
  const expect = (under: RoundLaw | null): readonly number[] => {
    const known = once.get(under) ?? expectRound(situation, under, weights)
    once.set(under, known)
    return known
  }
  // Before the round at stake nothing of what is compared differs.
  for (let ahead = contractDelay; state.round + ahead <= params.rounds; ahead++) {
    const isCovered = law !== null && epoch + ahead <= law.until
    for (const [index, payoff] of expect(isCovered ? law : null).entries()) {
      totals[index] = (totals[index] ?? 0) + payoff
    }
  }
  const welfare = totals.reduce((sum, payoff) => sum + payoff, 0)
  return { value: weigh(weights.own, totals[seat] ?? 0, welfare), payoffs: totals }
}

function expectRound(
  situation: GameSituation,
  law: RoundLaw | null,
  weights: Weights,
): readonly number[] {
  const { params, seats } = situation
  const totals = seats.map(() => 0)
  for (const { state, chance } of statesOf(params)) {
    const stage = foreseeStage(situation, law, state)
    const { own, other } = solveStage(stage, weights, BETA_SUPPOSED)
    for (const [mine, line] of stage.payoffs.entries()) {
      for (const [theirs, all] of line.entries()) {
        const weight = chance * (own[mine] ?? 0) * (other[theirs] ?? 0)
        for (const [index, payoff] of all.entries()) {
          totals[index] = (totals[index] ?? 0) + weight * payoff
        }
      }
    }
  }
  // Pairs that it does not see are supposed to fare as its own does.
  if (params.game.form === 'hidden-state') return totals
  const own = new Set([situation.seat, partnerOf(situation.seat, seats.length)])
  const mean = [...own].reduce((sum, index) => sum + (totals[index] ?? 0), 0) / own.size
  return totals.map((total, index) => (own.has(index) ? total : mean))
}

function statesOf({ game }: GameParams): readonly { state: number | null; chance: number }[] {
  if (game.form === 'matrix') return [{ state: null, chance: 1 }]
  return [
    { state: 1, chance: game.chancePercent / 100 },
    { state: 0, chance: 1 - game.chancePercent / 100 },
  ]
}
