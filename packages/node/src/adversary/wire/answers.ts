import {
  answerSync,
  type CertifiedHeader,
  type ChainSource,
  type SyncFrame,
  type SyncRequest,
} from '@commonweal/protocol'
import type { AnswerSync } from '../../sync/responder.ts'
import type { Draws } from '../replica/faulty-process.ts'
import { SYNC_LIES } from './sync-lies.ts'

/** A height that nobody has: who asks the highest first asks whoever claims it. */
export const CLAIMED_HEIGHT = 1_000_000

/** A height that nobody has and all will have soon: when it is asked for its head, a liar has it. */
export function claimALittle(finalHeight: number): number {
  return finalHeight + 1
}

/** Answers what an honest node answers, but for a lie in each. */
export function createLiar({ pick }: Draws): AnswerSync {
  return function* (request, source) {
    const lies = SYNC_LIES.filter(({ on }) => on === request.kind)
    const lie = lies.length === 0 ? undefined : pick(lies)
    for (const frame of answerSync(request, source)) yield lie?.tell(frame) ?? frame
  }
}

/** Answers truly, but as if the chain had ended with an epoch. */
export function createStaleAnswer(lastEpoch: number): AnswerSync {
  return (request: SyncRequest, source: ChainSource): Iterable<SyncFrame> =>
    answerSync(request, createStaleSource(source, lastEpoch))
}

/** A chain up to the end of an epoch; all of it while that epoch lasts. */
export function createStaleSource(source: ChainSource, lastEpoch: number): ChainSource {
  const end = (): CertifiedHeader | undefined => source.epochEnd(lastEpoch)
  const isKnown = (height: number): boolean => height <= (end()?.header.height ?? height)
  return {
    head: () => end() ?? source.head(),
    blockById: (id) => source.blockById(id),
    finalBlock: (height) => (isKnown(height) ? source.finalBlock(height) : undefined),
    certificateAt: (height) => (isKnown(height) ? source.certificateAt(height) : undefined),
    epochEnd: (epoch) => (epoch <= lastEpoch ? source.epochEnd(epoch) : undefined),
    snapshot: (epoch) =>
      epoch !== null && epoch > lastEpoch ? undefined : source.snapshot(epoch ?? lastEpoch),
  }
}
