import type { Instance } from '../engine/instance.ts'
import type { Checker, Failure } from './checker.ts'

/** [SIM-6] Conservation: after each final block, what the ledger's own laws say of the state holds. */
export class ConservationChecker implements Checker {
  onFinal(instance: Instance, _effect: unknown, nowMs: number): readonly Failure[] {
    const sentence = instance.process?.findStateFault?.() ?? null
    if (sentence === null) return []
    return [
      {
        property: 'conservation',
        atMs: nowMs,
        sentence: `instance ${instance.index}: ${sentence}`,
      },
    ]
  }
}
