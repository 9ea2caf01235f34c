import { type CompiledLaw, ok, type Result, type Terms } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move } from '../agent.ts'
import { computeAllotments } from '../utility/allotment.ts'
import {
  compileFor,
  computeFullShare,
  computeHarvest,
  computeSteps,
  computeWorstShare,
} from './law-trial.ts'
import type { MandateConfig } from './model-config.ts'
import {
  checkSigned,
  collateralOfSeat,
  findOwnProposal,
  isAmongSeats,
  refuse,
} from './signed-terms.ts'

/** The operator's limits: what the agent may sign, whatever its model says or was told. Shares in percent. */
export interface Mandate extends Omit<MandateConfig, 'collateralMicroMax'> {
  readonly collateralMicroMax: bigint
}

export function createMandate({ collateralMicroMax, ...shares }: MandateConfig): Mandate {
  return { ...shares, collateralMicroMax: BigInt(collateralMicroMax) }
}

/** What the agent may request, both included. */
export interface ActBounds {
  readonly min: number
  readonly max: number
}

/**
 * Formula max = ⌊stock · requestPercentMax⌋ · min = ⌊least(equal share, what the law allots) · requestPercentMin⌋, and no
 * more than max. Without a mandate 0 … stock.
 */
export function computeActBounds(mandate: Mandate | null, situation: CommonsSituation): ActBounds {
  const { params, state, law, seats, seat } = situation
  if (mandate === null) return { min: 0, max: state.stock }
  const max = Math.floor((state.stock * mandate.requestPercentMax) / 100)
  const share = Math.floor(state.stock / seats.length)
  const allotted =
    law === null ? share : (computeAllotments(params, state, law.bound)[seat] ?? share)
  const min = Math.floor((Math.min(share, allotted) * mandate.requestPercentMin) / 100)
  return { min: Math.min(min, max), max }
}

/** Errors  'outside-mandate' */
export function checkRequest(
  { min, max }: ActBounds,
  request: number,
): Result<bigint, 'outside-mandate'> {
  if (request >= min && request <= max) return ok(BigInt(request))
  return refuse(`the request ${request} is not from ${min} to ${max}`)
}

/**
 * Whether a move may be signed. A pass and a rejection always may; terms that are proposed or accepted must be legal here,
 * among the seats alone, within the collateral, over with the run, and leave the seat its share of what seats may take.
 *
 * Without a mandate only what no ledger would take is refused.
 *
 * Errors  'outside-mandate'
 */
export function checkMove(
  mandate: Mandate | null,
  situation: CommonsNegotiation,
  move: Move,
): Result<Move, 'outside-mandate'> {
  return checkSigned(situation, move, (terms) =>
    mandate === null ? undefined : findBreach(mandate, situation, terms),
  )
}

function findBreach(
  mandate: Mandate,
  situation: CommonsNegotiation,
  terms: Terms,
): string | undefined {
  const { law } = terms
  if (!isAmongSeats(situation, terms)) return 'the parties are not exactly the seats'
  const own = collateralOfSeat(situation, terms, situation.seat)
  if (own > mandate.collateralMicroMax) {
    return `you would set aside ${own} millionths of a token, and may set aside ${mandate.collateralMicroMax}`
  }
  if (law === null) return undefined
  const compiled = compileFor(situation, law)
  if (compiled === undefined || computeSteps(compiled) > LAW_STEPS_MAX) {
    return 'the law is too complicated to be tried out'
  }
  const share = Math.floor(computeWorstShare(situation, compiled))
  if (share < mandate.allotmentPercentMin) {
    return `the law can leave you ${share} % of what seats may take on average, and you may sign no less than ${mandate.allotmentPercentMin} %`
  }
  if (computeHarvest(situation, compiled) < mandate.harvestPercentMin) {
    return `the law leaves you less than ${mandate.harvestPercentMin} % of an equal part of the stock`
  }
  const conceded = computeConceded(situation, compiled)
  if (conceded <= mandate.concessionPercentMax) return undefined
  return `the law leaves you ${Math.ceil(conceded)} % less than what you proposed before, and you may give up ${mandate.concessionPercentMax} % at a time`
}

/** Steps that one seat takes: a law that takes more would make trying it out long. */
export const LAW_STEPS_MAX = 2_000
/** How much less of the mean a law leaves to the seat than its own latest proposal did, at a full stock, in percent of the mean. */
function computeConceded(situation: CommonsNegotiation, law: CompiledLaw): number {
  const before = findOwnProposal(situation)?.law ?? null
  const proposed = before === null ? undefined : compileFor(situation, before)
  if (proposed === undefined) return 0
  return computeFullShare(situation, proposed) - computeFullShare(situation, law)
}
