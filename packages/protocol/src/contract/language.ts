import { present } from '../invariant.ts'
import type { Primitive } from './terms.ts'

/** The type of an observable. Every list has a declared greatest length, so that work can be bounded beforehand. */
export type ValueType =
  | { readonly type: 'int' }
  | { readonly type: 'bool' }
  | { readonly type: 'string' }
  | { readonly type: 'list'; readonly lengthMax: number }

/** The two moments of a round at which a law acts: on what was submitted, and on what came of it. */
export type Point = 'submission' | 'settlement'

/**
 * What a contract of one subnet instance may name, at each point.
 *
 * This is the partition of the theory: two states with equal observables are one state to every law. [CTR-1]
 */
export interface Language {
  readonly name: string
  /** What acting is called when a law is told in words: `harvest`, say. Without it, `take`. */
  readonly verb?: string
  readonly submission: Readonly<Record<string, ValueType>>
  readonly settlement: Readonly<Record<string, ValueType>>
  /** The primitives of the admissible class of mechanisms. Without it, all. [CTR-4] */
  readonly primitives?: readonly Primitive['primitive'][]
  /** Which of {@link LAW_VARIABLES} a clause may name. Without it, all. [CTR-2] */
  readonly lawVariables?: readonly string[]
}

/** A value that a law can see: an int64, a truth value, a text, or a list of int64. */
export type ObservableValue = bigint | boolean | string | readonly bigint[]

/**
 * What is to be seen at one point of one round.
 *
 * Shape   `common`: the same for every seat (round, stock). `bySeat`: lists indexed by seat (requests, catches, absent).
 *         `own[seat]`: that seat's own variables (history: its past requests). No name occurs twice among the three.
 */
export interface View {
  readonly common: Readonly<Record<string, ObservableValue>>
  readonly bySeat: Readonly<Record<string, readonly bigint[]>>
  readonly own: readonly Readonly<Record<string, ObservableValue>>[]
}

/** [CTR-2] The law's own variables, usable at both points: the seat it looks at, and its state as that seat sees it. */
export const LAW_VARIABLES: Readonly<Record<string, ValueType>> = {
  self: { type: 'int' },
  n: { type: 'int' },
  escrow: { type: 'int' },
  violations: { type: 'int' },
  pool: { type: 'int' },
}

/** [CTR-2] Every variable that a clause at this point may name. */
export function computeVariables(
  language: Language,
  point: Point,
): Readonly<Record<string, ValueType>> {
  const { lawVariables } = language
  if (lawVariables === undefined) return { ...language[point], ...LAW_VARIABLES }
  const admitted = Object.entries(LAW_VARIABLES).filter(([name]) => lawVariables.includes(name))
  return { ...language[point], ...Object.fromEntries(admitted) }
}

/** What a law reads: the variables of one seat, the law's own among them. */
export type Observations = Readonly<Record<string, ObservableValue>>

/** Law state as one seat sees it. */
export interface LawSight {
  readonly escrowMicro: bigint
  readonly violations: number
  readonly poolMicro: bigint
}

/** The variables of a seat at this point. */
export function observe(
  view: View,
  seat: number,
  seatCount: number,
  sight: LawSight,
): Observations {
  const own = present(view.own[seat], 'a view has own variables for every seat')
  return {
    ...view.common,
    ...view.bySeat,
    ...own,
    self: BigInt(seat),
    n: BigInt(seatCount),
    escrow: sight.escrowMicro,
    violations: BigInt(sight.violations),
    pool: sight.poolMicro,
  }
}

/** [CTR-17] The view had `seat` done what `model` did: its own variables and its entry of every list are the model's. */
export function substitute(view: View, seat: number, model: number): View {
  const bySeat: Record<string, readonly bigint[]> = {}
  for (const [name, values] of Object.entries(view.bySeat)) {
    bySeat[name] = values.with(seat, present(values[model], `${name} has an entry for every seat`))
  }
  const own = present(view.own[model], 'a view has own variables for every seat')
  return { common: view.common, bySeat, own: view.own.with(seat, own) }
}
