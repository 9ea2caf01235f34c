import type { Rejection } from '@commonweal/protocol'

/** What is wrong with a condition, and where. */
export interface ConditionFault {
  readonly path: readonly (string | number)[]
  readonly sentence: string
}

/** Why the ledger does not take a law, with what it says of the place. */
export function describeRefusal({ code, facts }: Rejection): string {
  const said = Object.entries(facts).map(([name, fact]) => `${name} ${String(fact)}`)
  return [`is refused: ${code}`, ...said].join(', ')
}
