import { toReport } from '@commonweal/node/agent'
import type { Report } from '@commonweal/protocol'

export { toReport }

/** A report on a question with two outcomes that gives the first this probability. */
export function binaryReport(probability: number): Report {
  return toReport([probability, 1 - probability])
}
