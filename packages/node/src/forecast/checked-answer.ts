import { type Statement, statementSchema } from '@commonweal/protocol'
import { OperationalError } from '../errors.ts'

/**
 * What an agent says, where a ledger would take it: a seal on anything else could not be opened, and who cannot open its seal
 * loses its bond.
 *
 * Errors  OperationalError 'agent-out-of-range'
 */
export function checkedStatement(statement: Statement | null): Statement | null {
  const error = statement === null ? undefined : statementSchema.safeParse(statement).error
  if (error === undefined) return statement
  throw new OperationalError('agent-out-of-range', `what it says is no statement: ${error.message}`)
}

/** The same of a verdict. Errors  OperationalError 'agent-out-of-range' */
export function checkedVerdict(outcome: number | null, outcomeCount: number): number | null {
  if (outcome === null || (Number.isInteger(outcome) && outcome >= 0 && outcome < outcomeCount)) {
    return outcome
  }
  const sentence = `the verdict ${outcome} is none of the outcomes 0 … ${outcomeCount - 1}`
  throw new OperationalError('agent-out-of-range', sentence)
}
