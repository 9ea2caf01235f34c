import { sumBigint } from '../integer.ts'
import { isAction, type Move } from './clause-move.ts'
import { divideUp } from './divide.ts'

/** What a law has made of an action so far: `limit` null while nothing was done to it. [CTR-11] */
export interface ActionLimit {
  readonly limit: bigint | null
  readonly isOverridden: boolean
}

export const UNLIMITED: ActionLimit = { limit: null, isOverridden: false }

/** The action that a limit leaves of a request. */
export function limitAction(request: bigint, { limit, isOverridden }: ActionLimit): bigint {
  if (limit === null) return request
  return isOverridden || request > limit ? limit : request
}

export function applyLimit(before: ActionLimit, move: Move | null): ActionLimit {
  if (move === null || !isAction(move)) return before
  if (move.effect === 'override') return { limit: move.value, isOverridden: true }
  const { limit, isOverridden } = before
  return { limit: limit === null || move.value < limit ? move.value : limit, isOverridden }
}

/** [CTR-16] The least limit that a hold-out's action may be given: the signers' mean, rounded up. */
export function computeLimitFloor(
  request: bigint,
  limits: readonly (ActionLimit | null)[],
): bigint {
  const values = limits.filter((limit) => limit !== null).map(({ limit }) => limit ?? request)
  return values.length === 0 ? request : divideUp(sumBigint(values), BigInt(values.length))
}

/** The limit, no lower than this. */
export function raiseLimit(limit: ActionLimit, floor: bigint): ActionLimit {
  return limit.limit === null || limit.limit >= floor ? limit : { ...limit, limit: floor }
}
