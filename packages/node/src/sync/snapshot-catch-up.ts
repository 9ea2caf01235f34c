import { JoinError, type JoinErrorCode } from '../join-error.ts'
import type { CertifiedState, ProvenChain } from './certified-state.ts'
import { fetchNewerState, type NewerStateOptions } from './newer-state.ts'

export interface SnapshotCatchUpOptions extends NewerStateOptions {
  /** Goes on from this state; resolves with whether it was newer than what we have. */
  readonly install: (state: CertifiedState) => Promise<boolean>
  readonly onInstalled: (state: CertifiedState, heads: ProvenChain['heads']) => void
  /** The node cannot go on without a person. */
  readonly onFatal: (error: JoinError) => void
}

/** What no other peer, and no later try, makes better. */
const FATAL: readonly JoinErrorCode[] = [
  'conflicting-heads',
  'absent-too-long',
  'genesis-too-old',
  'checkpoint-too-old',
]

/** Goes on from the latest certified snapshot that peers prove, as a newcomer does; else leaves everything as it is. [SYN-9] */
export async function catchUpBySnapshot(options: SnapshotCatchUpOptions): Promise<void> {
  const { install, onInstalled, onFatal, log } = options
  try {
    const { state, heads } = await fetchNewerState(options)
    if (state !== null && (await install(state))) onInstalled(state, heads)
  } catch (error) {
    if (!(error instanceof JoinError)) throw error
    if (FATAL.includes(error.code)) onFatal(error)
    else log.warn({ code: error.code, ...error.facts }, 'no snapshot could be taken')
  }
}
