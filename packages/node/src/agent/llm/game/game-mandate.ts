import {
  actionCountOf,
  checkLaw,
  type GameParams,
  type Law,
  ok,
  type Result,
  type Terms,
} from '@commonweal/protocol'
import type { GameNegotiation, Move } from '../../agent.ts'
import { languageOf } from '../../language-of.ts'
import { computeSteps } from '../law-trial.ts'
import { LAW_STEPS_MAX, type Mandate } from '../mandate.ts'
import {
  checkSigned,
  collateralOfSeat,
  findOwnProposal,
  isAmongSeats,
  refuse,
} from '../signed-terms.ts'
import { computeScale } from './deposit.ts'
import { computeLawCost } from './game-trial.ts'

/** The actions that the agent may choose; all of the game without a mandate. */
export function listActions(mandate: Mandate | null, params: GameParams): readonly number[] {
  const all = Array.from({ length: actionCountOf(params) }, (_, action) => action)
  const allowed = mandate?.game.actions ?? null
  return allowed === null ? all : all.filter((action) => allowed.includes(action))
}

/** Errors  'outside-mandate' */
export function checkAction(
  actions: readonly number[],
  action: number,
): Result<bigint, 'outside-mandate'> {
  if (actions.includes(action)) return ok(BigInt(action))
  return refuse(`the action ${action} is none of ${actions.join(', ')}`)
}

/** The most that the agent sets aside for each round, in micro-tokens; null without a mandate. */
export function computeDepositMax(mandate: Mandate | null, params: GameParams): bigint | null {
  if (mandate === null) return null
  const percent = BigInt(Math.floor(mandate.game.depositPercentMax))
  return (BigInt(computeScale(params)) * params.unitMicro * percent) / 100n
}

/**
 * Whether a move may be signed. Terms must be legal here, among the seats alone, within the deposit, over with the run, no
 * worse for the seat than for the others, and leave all together what they could have.
 *
 * Without a mandate only what no ledger would take is refused.
 *
 * Errors  'outside-mandate'
 */
export function checkGameMove(
  mandate: Mandate | null,
  situation: GameNegotiation,
  move: Move,
): Result<Move, 'outside-mandate'> {
  return checkSigned(situation, move, (terms) =>
    mandate === null ? undefined : findBreach(mandate, situation, terms),
  )
}

function findBreach(
  mandate: Mandate,
  situation: GameNegotiation,
  terms: Terms,
): string | undefined {
  const { params, state, seat } = situation
  if (!isAmongSeats(situation, terms)) return 'the parties are not exactly the seats'
  const depositMicroMax = computeDepositMax(mandate, params) ?? 0n
  const roundsLeft = BigInt(params.rounds - state.round + 1)
  if (collateralOfSeat(situation, terms, seat) > depositMicroMax * roundsLeft) {
    // How many rounds are left is not for the model to learn from this.
    return `you would set aside more than ${depositMicroMax} millionths of a token for each round that is left`
  }
  if (terms.law === null) return undefined
  const cost = computeCost(situation, terms.law, terms)
  if (cost === undefined) return 'the law is too complicated to be tried out'
  const { disadvantagePercentMax, lossPercentMax } = mandate.game
  const { disadvantage, loss } = cost
  if (disadvantage > disadvantagePercentMax) {
    return `the law can cost you ${Math.ceil(disadvantage)} % of what a choice is worth more than it costs a seat on average, and you may sign no more than ${disadvantagePercentMax} %`
  }
  if (loss > lossPercentMax) {
    return `the law takes ${Math.ceil(loss)} % of what a choice is worth from what you get where all do the best, and you may sign no more than ${lossPercentMax} %`
  }
  const conceded = computeConceded(situation, disadvantage + loss)
  if (conceded <= mandate.concessionPercentMax) return undefined
  return `the law costs you ${Math.ceil(conceded)} % of what a choice is worth more than what you proposed before, and you may give up ${mandate.concessionPercentMax} % at a time`
}

/** In percent of what a choice is worth; undefined where the law cannot be tried out. */
function computeCost(
  situation: GameNegotiation,
  law: Law,
  terms: Terms,
): ReturnType<typeof computeLawCost> | undefined {
  const checked = checkLaw(law, languageOf(situation))
  if (!checked.ok || computeSteps(checked.value) > LAW_STEPS_MAX) return undefined
  const collateralMicro = situation.seats.map((_, seat) => collateralOfSeat(situation, terms, seat))
  const { disadvantage, loss } = computeLawCost(situation, checked.value, collateralMicro)
  const scale = computeScale(situation.params) / 100
  return { disadvantage: disadvantage / scale, loss: loss / scale }
}

/** How much more a law costs the seat than its own latest proposal did. */
function computeConceded(situation: GameNegotiation, costPercent: number): number {
  const own = findOwnProposal(situation)
  const law = own?.law ?? null
  const before = own === undefined || law === null ? undefined : computeCost(situation, law, own)
  return before === undefined ? 0 : costPercent - before.disadvantage - before.loss
}
