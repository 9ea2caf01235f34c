import {
  type CommonsState,
  type CompiledLaw,
  checkLaw,
  commons,
  createLawState,
  enforceSubmission,
  type Law,
  ok,
  type Result,
  reject,
  type Terms,
} from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation, Move } from '../agent.ts'
import { computeAllotments } from '../utility/allotment.ts'
import type { MandateConfig } from './model-config.ts'

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
  if (move.move === 'pass' || move.move === 'reject') return ok(move)
  const { standing, holds, seat } = situation
  if (move.move === 'accept') {
    if (standing === null) return refuse('there are no terms on the table to accept')
    if (holds[seat] === standing.id) return refuse('you hold these terms already')
  }
  const terms = move.move === 'propose' ? move.terms : standing?.terms
  if (terms === undefined) return refuse('there are no terms on the table to accept')
  const problem =
    findIllegality(situation, terms) ??
    (mandate === null ? undefined : findBreach(mandate, situation, terms))
  return problem === undefined ? ok(move) : refuse(problem)
}

/** What would keep terms from binding, or make them bind something else than this negotiation is about. */
function findIllegality(situation: CommonsNegotiation, terms: Terms): string | undefined {
  const { epoch, contractDelay, params, state, seats, covering, contract, quorum } = situation
  const [from, to] = terms.rounds
  const target = epoch + contractDelay
  const last = epoch + params.rounds - state.round
  if (terms.subnet !== situation.subnet) return 'the terms are about something else'
  if (terms.mode !== contract) return `the terms are no contract of the kind ${contract}`
  if (from !== target || to > last) return 'the terms are for other rounds than those of this run'
  if (terms.quorum < quorum || terms.quorum > seats.length) return 'the quorum is out of range'
  if (terms.replaces !== (covering?.id ?? null)) return 'the terms replace another contract'
  if (terms.law === null) return undefined
  const checked = checkLaw(terms.law, commons.language(params, seats.length))
  return checked.ok ? undefined : `no ledger takes the law: ${checked.error.code}`
}

function findBreach(
  mandate: Mandate,
  situation: CommonsNegotiation,
  terms: Terms,
): string | undefined {
  const { seats, seat } = situation
  const { parties, collateralMicro, law } = terms
  const isAmongSeats =
    parties.length === seats.length && seats.every((agent) => parties.includes(agent))
  if (!isAmongSeats) return 'the parties are not exactly the seats'
  const own = collateralMicro[parties.findIndex((agent) => agent === seats[seat])] ?? 0n
  if (own > mandate.collateralMicroMax) {
    return `you would set aside ${own} millionths of a token, and may set aside ${mandate.collateralMicroMax}`
  }
  if (law === null) return undefined
  const compiled = compileFor(situation, law)
  if (compiled === undefined || stepsOf(compiled) > LAW_STEPS_MAX) {
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
const LAW_STEPS_MAX = 2_000
/** Stocks at which a law is tried out in every round: all of them in a commons of the default size. */
const STOCKS_TRIED = 100
const ROUNDS_TRIED = 16

function compileFor({ params, seats }: CommonsSituation, law: Law): CompiledLaw | undefined {
  const checked = checkLaw(law, commons.language(params, seats.length))
  return checked.ok ? checked.value : undefined
}

function stepsOf({ clauses }: CompiledLaw): number {
  let steps = 0
  for (const { when, then } of clauses) {
    steps += when.cost
    for (const part of Object.values(then)) {
      if (typeof part === 'object' && part !== null) steps += part.cost
    }
  }
  return steps
}

/**
 * The least share, in percent of the mean of all seats, that a law leaves to the seat in any round left, at any stock, and
 * whatever of three things the seats do: all request the whole stock, all request an equal part, or the seat alone the
 * whole.
 *
 * What the law does not name makes no difference to it, and is not varied. One unit is forgiven: it is rounding.
 */
function computeWorstShare(situation: CommonsNegotiation, law: CompiledLaw): number {
  const { params, state, seats, seat } = situation
  const stockStep = Math.max(1, Math.ceil(params.capacity / STOCKS_TRIED))
  const roundsLeft = params.rounds - state.round + 1
  const roundStep = doesName(law, 'round') ? Math.ceil(roundsLeft / ROUNDS_TRIED) : roundsLeft
  const dependsOnOthers = doesName(law, 'requests')
  let worst = Number.POSITIVE_INFINITY
  for (let round = state.round; round <= params.rounds; round += roundStep) {
    for (let stock = params.capacity; stock >= params.collapseBelow; stock -= stockStep) {
      const part = Math.floor(stock / seats.length)
      const whole = seats.map(() => stock)
      const profiles = dependsOnOthers
        ? [whole, seats.map(() => part), seats.map((_, other) => (other === seat ? stock : part))]
        : [whole]
      for (const requests of profiles) {
        const share = shareOf(situation, { ...state, round, stock }, law, requests)
        worst = Math.min(worst, share)
      }
    }
  }
  return worst
}

function doesName({ clauses }: CompiledLaw, variable: string): boolean {
  const pattern = new RegExp(`\\b${variable}\\b`)
  return clauses.some(({ when, then }) =>
    [when, ...Object.values(then)].some(
      (part) => typeof part === 'object' && part !== null && pattern.test(part.text),
    ),
  )
}

/** How much less of the mean a law leaves to the seat than its own latest proposal did, at a full stock, in percent of the mean. */
function computeConceded(situation: CommonsNegotiation, law: CompiledLaw): number {
  const { params, state, seats, seat, transcript } = situation
  const before = transcript.findLast((turn) => turn.seat === seat && turn.move.move === 'propose')
  if (before?.move.move !== 'propose' || before.move.terms.law === null) return 0
  const proposed = compileFor(situation, before.move.terms.law)
  if (proposed === undefined) return 0
  const full = { ...state, stock: params.capacity }
  const requests = seats.map(() => full.stock)
  return shareOf(situation, full, proposed, requests) - shareOf(situation, full, law, requests)
}

/** What a law makes of requests, for the seat, in percent of the mean; 100 where it leaves nobody anything. */
function shareOf(
  situation: CommonsSituation,
  state: CommonsState,
  law: CompiledLaw,
  requests: readonly number[],
): number {
  const enforced = enforce(situation, state, law, requests)
  const mean = enforced.reduce((sum, action) => sum + action, 0) / enforced.length
  return mean <= 0 ? 100 : (100 * ((enforced[situation.seat] ?? 0) + 1)) / Math.max(mean, 1)
}

/** What a law leaves to the seat of a full stock, over the rounds left, in percent of equal parts of all of it. */
function computeHarvest(situation: CommonsSituation, law: CompiledLaw): number {
  const { params, state, seats, seat } = situation
  const requests = seats.map(() => params.capacity)
  let harvest = 0
  let parts = 0
  for (let round = state.round; round <= params.rounds; round++) {
    const full = { ...state, round, stock: params.capacity }
    harvest += enforce(situation, full, law, requests)[seat] ?? 0
    parts += params.capacity / seats.length
  }
  return parts === 0 ? 100 : (100 * harvest) / parts
}

function enforce(
  { params, seats }: CommonsSituation,
  state: CommonsState,
  law: CompiledLaw,
  requests: readonly number[],
): readonly number[] {
  const everybody = seats.map(() => true)
  const actions = requests.map((request) => ({ action: BigInt(request), absent: false }))
  const { actions: enforced } = enforceSubmission(
    { law, signer: everybody, bound: everybody },
    createLawState(seats.map(() => 0n)),
    commons.viewSubmission(params, state, actions),
    actions.map(({ action }) => action),
  )
  return enforced.map((action, seat) => Number(action ?? requests[seat] ?? 0))
}

function refuse(detail: string): ReturnType<typeof reject<'outside-mandate'>> {
  return reject('outside-mandate', { detail })
}
