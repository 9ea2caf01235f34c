import type { AgentId } from '../identity/agent-id.ts'
import type { Vote } from '../message/consensus.ts'
import { ok, type Result, reject } from '../result.ts'
import type { Ballot } from './certificate.ts'
import { ballotOf } from './certificate.ts'

/** What a validator can be convicted of by two of its votes. [CON-11] */
export type VoteOffence = 'double-notarize' | 'double-finalize' | 'nullify-and-finalize'

export interface VoteConviction {
  readonly offender: AgentId
  readonly offence: VoteOffence
  readonly epoch: number
  readonly view: number
}

export type VoteEvidenceCode =
  | 'evidence-two-authors'
  | 'evidence-two-views'
  | 'evidence-no-contradiction'

/**
 * Judges two votes whose signatures are checked, in either order. [CON-11]
 *
 * Errors  all reject: 'evidence-two-authors' · 'evidence-two-views': not the same epoch and view ·
 *         'evidence-no-contradiction': an honest validator may cast both
 */
export function checkVoteEvidence(
  first: Vote,
  second: Vote,
): Result<VoteConviction, VoteEvidenceCode> {
  const { author, epoch, view } = first
  if (second.author !== author) return reject('evidence-two-authors')
  if (second.epoch !== epoch || second.view !== view) return reject('evidence-two-views')
  const offence = offenceOf(ballotOf(first), ballotOf(second))
  if (offence === null) {
    return reject('evidence-no-contradiction', { first: first.kind, second: second.kind })
  }
  return ok({ offender: author, offence, epoch, view })
}

/** How two ballots of one validator in one view contradict each other: not at all (null), or in one of three ways. [CON-11] */
export function offenceOf(first: Ballot, second: Ballot): VoteOffence | null {
  if (first.kind === second.kind) {
    if (first.block === second.block) return null
    return first.kind === 'notarize' ? 'double-notarize' : 'double-finalize'
  }
  const kinds = [first.kind, second.kind]
  return kinds.includes('nullify') && kinds.includes('finalize') ? 'nullify-and-finalize' : null
}
