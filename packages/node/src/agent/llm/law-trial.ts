import {
  type CommonsState,
  type CompiledLaw,
  checkLaw,
  commons,
  createLawState,
  enforceSubmission,
  type Law,
  type LawState,
} from '@commonweal/protocol'
import type { CommonsSituation } from '../agent.ts'

/** Cases in which a law is tried out: fewer stocks where there is more to vary. */
const CASES_MAX = 4_000
/** The same in steps of clauses, of all seats together: of a law that takes many it is fewer cases. */
const STEPS_MAX = 40_000_000
const STOCKS_MAX = 100
const STOCKS_MIN = 8
const ROUNDS_MAX = 16

/** Undefined where no ledger takes the law. */
export function compileFor({ params, seats }: CommonsSituation, law: Law): CompiledLaw | undefined {
  const checked = checkLaw(law, commons.language(params, seats.length))
  return checked.ok ? checked.value : undefined
}

/** Steps that one seat takes at most. */
export function computeSteps({ clauses }: CompiledLaw): number {
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
 * The least share, in percent of the mean of all seats, that a law leaves to the seat in the cases that are tried.
 *
 * Tried are: every round left; a hundred stocks from the capacity down, or fewer where that takes long; all seats requesting the whole stock, or an equal
 * part, or the seat alone the whole, or alone being there; the law as it begins, and one that remembers violations of the
 * seat's alone. What the law does not name makes no difference to it, and is not varied. One unit is forgiven: it is
 * rounding. A law can be written that is harsh only where nobody looks; it is bad for the seat only there.
 */
export function computeWorstShare(situation: CommonsSituation, law: CompiledLaw): number {
  const { params, state } = situation
  const memories = memoriesOf(situation, law)
  const profileCount = profilesOf(situation, law, params.capacity).length
  const roundsLeft = params.rounds - state.round + 1
  const roundStep = doesName(law, 'round|history') ? Math.ceil(roundsLeft / ROUNDS_MAX) : roundsLeft
  const casesPerStock = Math.ceil(roundsLeft / roundStep) * profileCount * memories.length
  const steps = Math.max(1, computeSteps(law)) * situation.seats.length
  const casesMax = Math.min(CASES_MAX, Math.floor(STEPS_MAX / steps))
  const stocks = Math.min(STOCKS_MAX, Math.max(STOCKS_MIN, Math.floor(casesMax / casesPerStock)))
  const stockStep = Math.max(1, Math.ceil(params.capacity / stocks))
  let worst = Number.POSITIVE_INFINITY
  for (let round = state.round; round <= params.rounds; round += roundStep) {
    for (let stock = params.capacity; stock >= params.collapseBelow; stock -= stockStep) {
      for (const actions of profilesOf(situation, law, stock)) {
        const requests = [...state.requests]
        while (requests.length < round - 1) requests.push(actions.map(({ request }) => request))
        for (const memory of memories) {
          const trial = { state: { ...state, round, stock, requests }, actions, memory }
          worst = Math.min(worst, shareOf(situation, enforce(situation, trial, law)))
        }
      }
    }
  }
  return worst
}

/** The share, in percent of the mean, that a law leaves to the seat of a full stock when everybody requests all of it. */
export function computeFullShare(situation: CommonsSituation, law: CompiledLaw): number {
  const { params, state } = situation
  const trial = fullTrial(situation, state.round, params.capacity)
  return shareOf(situation, enforce(situation, trial, law))
}

/** What a law leaves to the seat of a full stock, over the rounds left, in percent of equal parts of all of it. */
export function computeHarvest(situation: CommonsSituation, law: CompiledLaw): number {
  const { params, state, seats, seat } = situation
  let harvest = 0
  let parts = 0
  for (let round = state.round; round <= params.rounds; round++) {
    harvest += enforce(situation, fullTrial(situation, round, params.capacity), law)[seat] ?? 0
    parts += params.capacity / seats.length
  }
  return parts === 0 ? 100 : (100 * harvest) / parts
}

interface TriedAction {
  readonly request: number
  readonly isAbsent: boolean
}

/** One case. */
interface Trial {
  readonly state: CommonsState
  readonly actions: readonly TriedAction[]
  readonly memory: LawState
}

function profilesOf(
  { seats, seat }: CommonsSituation,
  law: CompiledLaw,
  stock: number,
): readonly (readonly TriedAction[])[] {
  const part = Math.floor(stock / seats.length)
  const profile = (requestOf: (other: number) => number, areOthersAbsent = false): TriedAction[] =>
    seats.map((_, other) => ({
      request: requestOf(other),
      isAbsent: areOthersAbsent && other !== seat,
    }))
  const all = profile(() => stock)
  if (!doesName(law, 'requests|absent|history')) return [all]
  return [
    all,
    profile(() => part),
    profile((other) => (other === seat ? stock : part)),
    // What the others would have been left is what the share is of.
    profile(() => stock, true),
  ]
}

function memoriesOf({ seats, seat }: CommonsSituation, law: CompiledLaw): readonly LawState[] {
  const fresh = createLawState(seats.map(() => 0n))
  if (!doesName(law, 'violations|escrow|pool')) return [fresh]
  const violations = fresh.violations.with(seat, 3)
  const escrowMicro = fresh.escrowMicro.with(seat, 1n)
  return [fresh, { ...fresh, violations, escrowMicro, poolMicro: 1n }]
}

function fullTrial({ state, seats }: CommonsSituation, round: number, capacity: number): Trial {
  return {
    state: { ...state, round, stock: capacity },
    actions: seats.map(() => ({ request: capacity, isAbsent: false })),
    memory: createLawState(seats.map(() => 0n)),
  }
}

/** In percent of the mean; 100 where the law leaves nobody anything. */
function shareOf({ seat }: CommonsSituation, enforced: readonly number[]): number {
  const mean = enforced.reduce((sum, action) => sum + action, 0) / enforced.length
  return mean <= 0 ? 100 : (100 * ((enforced[seat] ?? 0) + 1)) / Math.max(mean, 1)
}

/** What a law that all have signed makes of requests, by seat. */
function enforce(
  { params, seats }: CommonsSituation,
  { state, actions, memory }: Trial,
  law: CompiledLaw,
): readonly number[] {
  const everybody = seats.map(() => true)
  const submitted = actions.map(({ request, isAbsent }) => ({
    action: BigInt(request),
    absent: isAbsent,
  }))
  const { actions: enforced } = enforceSubmission(
    { law, signer: everybody, bound: everybody },
    memory,
    commons.viewSubmission(params, state, submitted),
    submitted.map(({ action }) => action),
  )
  return enforced.map((action, seat) => Number(action ?? actions[seat]?.request ?? 0))
}

export function doesName({ clauses }: CompiledLaw, variables: string): boolean {
  const pattern = new RegExp(`\\b(?:${variables})\\b`)
  return clauses.some(({ when, then }) =>
    [when, ...Object.values(then)].some(
      (part) => typeof part === 'object' && part !== null && pattern.test(part.text),
    ),
  )
}
