import { type Fault, type FaultKind, isFaultKind, isWireKind } from '@commonweal/node/adversary'
import { type Prosociality, parseProsociality } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { Adversaries, Condition } from './experiment.ts'

/** Who sits in a seat. */
export interface ExperimentSeat {
  /** Entry of the population, from 0. */
  readonly entry: number
  readonly policy: string
  /** Where the policy is to ask one. */
  readonly model: string | null
  readonly prosociality: Prosociality
  /** What it turns into. */
  readonly adversary: {
    readonly kind: string
    readonly fromRound: number
    readonly spellMs: number
    /** The seats of its kind, its own among them. */
    readonly ring: readonly number[]
  } | null
}

/** The seats of a run: the population in its order, its last seats taken by the adversaries in theirs. */
export function seatsOf({ population, adversaries }: SeatedCondition): readonly ExperimentSeat[] {
  const seats = population.flatMap(({ policy, model = null, count, prosociality }, entry) => {
    const weight = prosocialityOf(prosociality)
    return Array.from({ length: count }, (): ExperimentSeat => {
      return { entry, policy, model, prosociality: weight, adversary: null }
    })
  })
  const sizes = adversaries.map((size) => countOf(size, seats.length))
  let next = Math.max(0, seats.length - sizes.reduce((sum, size) => sum + size, 0))
  const taken = adversaries.flatMap(({ kind, fromRound, spellMs }, entry) => {
    const ring = Array.from({ length: sizes[entry] ?? 0 }, (_, place) => next + place)
    next += ring.length
    return ring.map((seat) => [seat, { kind, fromRound, spellMs, ring }] as const)
  })
  const adversaryOf = new Map(taken)
  return seats.map((seat, index) => ({ ...seat, adversary: adversaryOf.get(index) ?? null }))
}

/** What the replica of a seat does against the protocol; null where its adversary, if it has one, is its agent. */
export function faultOf(seat: Pick<ExperimentSeat, 'adversary'>): ReplicaFault | null {
  const fault = nodeFaultOf(seat)
  return fault !== null && isFaultKind(fault.kind) ? { ...fault, kind: fault.kind } : null
}

/** A fault that a simulated replica may have too. */
type ReplicaFault = Fault & { readonly kind: FaultKind }

/** The same of the whole node, its connections included. */
export function nodeFaultOf({ adversary }: Pick<ExperimentSeat, 'adversary'>): Fault | null {
  if (adversary === null) return null
  const { kind, fromRound: fromEpoch, spellMs } = adversary
  return isFaultKind(kind) || isWireKind(kind) ? { kind, fromEpoch, spellMs } : null
}

type SeatedCondition = Pick<Condition, 'population' | 'adversaries'>

/** How many seats adversaries take of a number of seats. */
export function countOf(
  { count, share }: Pick<Adversaries, 'count' | 'share'>,
  seatCount: number,
): number {
  return count ?? Math.round((share ?? 0) * seatCount)
}

function prosocialityOf(written: number | string): Prosociality {
  const parsed = parseProsociality(String(written))
  return present(parsed.ok ? parsed.value : null, 'a file that was read has good weights')
}
