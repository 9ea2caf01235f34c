import type { Failure } from './checker/checker.ts'
import type { Behaviour } from './plan/plan.ts'

/**
 * Where a plan comes from. `chaos`: everything drawn at random · `crashes`: the same with crashes all the time · `twins`: cuts by
 * view and messages held back, drawn at random · `enumeration`: the seed counts through leaders × cuts · `mixed`: all in turn.
 */
export const FAMILIES = ['mixed', 'chaos', 'crashes', 'twins', 'enumeration'] as const
export type Family = (typeof FAMILIES)[number]

/** `consensus`: bare consensus around a counter, for thousands of seeds · `replica`: whole replicas. */
export const PROCESS_KINDS = ['consensus', 'replica'] as const
export type ProcessKind = (typeof PROCESS_KINDS)[number]

export const STAKE_SHARES = ['none', 'below', 'above'] as const
export type StakeShare = (typeof STAKE_SHARES)[number]

/** Names a run in full: the same request gives the same trace digest, on any machine. */
export interface RunRequest {
  readonly seed: number
  readonly family: Family
  readonly process: ProcessKind
  readonly nodeCountMin: number
  readonly nodeCountMax: number
  /** Faulty stake against a third of the whole. */
  readonly byzantine: StakeShare
  /** Which faults, where there are any; empty for all. */
  readonly behaviours: readonly Behaviour[]
  /** Short epochs and early healing: rare paths become common. */
  readonly isTiny: boolean
}

/** What became of a run, as plain data. */
export interface RunResult {
  readonly request: RunRequest
  readonly traceDigest: string
  readonly eventCount: number
  readonly failures: readonly Failure[]
  readonly forkCount: number
  readonly convictedCount: number
  readonly heightMax: number
  readonly epochMax: number
  readonly viewsAfterHealing: number
  readonly virtualMs: number
  readonly lines: readonly string[] | null
}

/** The options that name this request on the command line, defaults left out. */
export function formatRequest(request: RunRequest, mutant: string | null): string {
  const parts = [`--seed ${request.seed}`]
  if (request.family !== 'mixed') parts.push(`--family ${request.family}`)
  if (request.process !== 'consensus') parts.push(`--process ${request.process}`)
  if (request.nodeCountMin !== 4 || request.nodeCountMax !== 7) {
    parts.push(`--nodes ${request.nodeCountMin}..${request.nodeCountMax}`)
  }
  if (request.byzantine !== 'below') parts.push(`--byzantine ${request.byzantine}`)
  if (request.behaviours.length > 0) parts.push(`--behaviours ${request.behaviours.join()}`)
  if (request.isTiny) parts.push('--preset tiny')
  if (mutant !== null) parts.push(`--mutant ${mutant}`)
  return parts.join(' ')
}
