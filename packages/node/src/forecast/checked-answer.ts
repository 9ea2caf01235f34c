import { checkReport, type Statement, statementSchema } from '@commonweal/protocol'
import type { Answer } from '../agent/agent.ts'
import { OperationalError } from '../errors.ts'

/**
 * What an agent says, where a ledger would take it: a seal on anything else could not be opened, and who cannot open its seal
 * loses its bond.
 *
 * Errors  OperationalError 'agent-out-of-range'
 */
export function checkedStatement(
  statement: Statement | null,
  outcomeCount: number,
): Statement | null {
  if (statement === null) return null
  const { error } = statementSchema.safeParse(statement)
  if (error !== undefined) throw outOfRange(`what it says is no statement: ${error.message}`)
  const { report } = statement
  if (report === null) return statement
  const valid = checkReport(report, outcomeCount)
  if (valid.ok) return statement
  const sentence = `the report ${report.join(', ')} is none on ${outcomeCount} outcomes`
  throw outOfRange(`${sentence} (${valid.error.code})`)
}

/** The same of a verdict. Errors  OperationalError 'agent-out-of-range' */
export function checkedVerdict(outcome: number | null, outcomeCount: number): number | null {
  if (outcome === null || (Number.isInteger(outcome) && outcome >= 0 && outcome < outcomeCount)) {
    return outcome
  }
  throw outOfRange(`the verdict ${outcome} is none of the outcomes 0 … ${outcomeCount - 1}`)
}

/** What an agent says, now or later, once it is checked. */
export function checked<T>(said: Answer<T>, check: (said: T) => T): Answer<T> {
  return said instanceof Promise ? said.then(check) : check(said)
}

function outOfRange(sentence: string): OperationalError {
  return new OperationalError('agent-out-of-range', sentence)
}
