import type { Rejection } from '../result.ts'
import type { BlockBodyCode } from './block.ts'
import type { CertificateCode } from './certificate.ts'
import type { ValidatorSetCode } from './validators.ts'

/** Why a proposal, vote, certificate, block or chain was not taken. [CON-18] */
export type ConsensusCode =
  | CertificateCode
  | BlockBodyCode
  | ValidatorSetCode
  /** Of an epoch that is over: its author is answered. */
  | 'old-epoch'
  /** Of an epoch that we have not reached. */
  | 'future-epoch'
  /** Of a view that nothing depends on any more. */
  | 'old-view'
  /** More than `viewGapMax` views ahead. */
  | 'too-far-ahead'
  | 'duplicate'
  | 'not-validator'
  /** A third different vote of one kind in one view: two are evidence enough. */
  | 'contradicts-own-vote'
  | 'wrong-leader'
  /** The header's epoch, view or proposer is not that of its proposal. */
  | 'wrong-header'
  /** The views of a proposal allow no justification, or call for one. */
  | 'wrong-justification'
  /** A third different proposal in one view. */
  | 'too-many-proposals'
  /** The certificates are not the parent's notarization and the nullifications of the views between. */
  | 'wrong-ancestry'
  /** The parent is not here yet. */
  | 'unknown-parent'
  /** The application refuses the block, or it does not continue its parent. */
  | 'invalid-block'
  | 'unasked-block'
  /** Nothing in it is above our last final block. */
  | 'chain-stale'
  /** It does not start at our last final block. */
  | 'chain-detached'
  /** Its blocks do not follow one another within one epoch. */
  | 'chain-unlinked'
  /** The certificate is not a finalize quorum on the last block. */
  | 'chain-uncertified'

export type ConsensusRejection = Rejection<ConsensusCode>
/** Null: taken. */
export type Refusal = ConsensusRejection | null
