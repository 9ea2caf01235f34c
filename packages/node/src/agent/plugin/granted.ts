import type { Rejection, Result } from '@commonweal/protocol'
import type { Mandate } from '../llm/mandate.ts'
import { ModelFailure, type ModelFailureCode } from '../llm/model-failure.ts'
import { sayRejection } from '../llm/say-rejection.ts'

/** What the mandate lets an agent say or sign; without one, what the ledger takes. Errors  ModelFailure */
export function granted<T>(mandate: Mandate | null, checked: Result<T, ModelFailureCode>): T {
  if (checked.ok) return checked.value
  const { code, facts } = checked.error
  throw new ModelFailure(mandate === null ? 'wrong-shape' : code, String(facts['detail'] ?? code))
}

/** What the ledger takes. Errors  ModelFailure 'wrong-shape' */
export function grantedByLedger<T>(
  checked:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly error: Rejection },
): T {
  return checked.ok
    ? checked.value
    : refuseAnswer(`no ledger takes it: ${sayRejection(checked.error)}`)
}

/** Errors  ModelFailure 'wrong-shape', always */
export function refuseAnswer(sentence: string): never {
  throw new ModelFailure('wrong-shape', sentence)
}
