import type { Rejection } from '@commonweal/protocol'

/** "not-whole, sum 9990": a refusal as a model is told it. */
export function sayRejection({ code, facts }: Rejection): string {
  return [code, ...Object.entries(facts).map(([name, fact]) => `${name} ${fact}`)].join(', ')
}
