import type { Input, Verified } from '@commonweal/protocol'
import type { Instance } from '../engine/instance.ts'
import type { ProcessEffect } from '../process.ts'

/** A property that does not hold, and where it showed. */
export interface Failure {
  readonly property:
    | 'agreement'
    | 'accountability'
    | 'progress'
    | 'conservation'
    | 'verdict'
    | 'crash'
  readonly atMs: number
  readonly sentence: string
}

export type FinalEffect = Extract<ProcessEffect, { kind: 'final' }>
export type VerdictEffect = Extract<ProcessEffect, { kind: 'verdict' }>
export type EvidenceEffect = Extract<ProcessEffect, { kind: 'evidence' }>

/**
 * Watches a world from outside: knows the rules and not the code. It hears of honest instances alone.
 *
 * Each call gives the failures that it found, most often none.
 */
export interface Checker {
  onReleased?(instance: Instance, message: Verified, nowMs: number): readonly Failure[]
  onDelivered?(instance: Instance, input: Input, nowMs: number): readonly Failure[]
  onFinal?(instance: Instance, effect: FinalEffect, nowMs: number): readonly Failure[]
  onVerdict?(
    instance: Instance,
    given: { readonly message: Verified; readonly verdict: VerdictEffect },
    nowMs: number,
  ): readonly Failure[]
  onEvidence?(instance: Instance, effect: EvidenceEffect, nowMs: number): readonly Failure[]
  /** After each step; `isHealed` from the plan's `healAtMs` on. */
  onStepped?(instance: Instance, nowMs: number, isHealed: boolean): readonly Failure[]
  onEnd?(nowMs: number): readonly Failure[]
}
