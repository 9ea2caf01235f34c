import { blockIdOf, type CertifiedHeader } from '@commonweal/protocol'
import { type ErrorFacts, OperationalError } from './errors.ts'

/**
 * - `too-few-peers`: fewer peers than whose heads must be compared.
 * - `conflicting-heads`: two different blocks of one place in the chain are both certified. Somebody holds a third of the stake
 *   and lies, or one of the histories was made with keys that have left.
 * - `genesis-too-old`, `checkpoint-too-old`: the chain behind what we trust is longer than stake stays bonded, so that keys
 *   which have nothing to lose could have signed another. A later checkpoint helps.
 * - `absent-too-long`: the same of a node that has data: it was away for longer than stake stays bonded.
 * - `checkpoint-unknown`: no peer knows the block of the checkpoint.
 * - `no-chain`: no peer gave a chain that its certificates prove.
 */
export type JoinErrorCode =
  | 'too-few-peers'
  | 'conflicting-heads'
  | 'genesis-too-old'
  | 'checkpoint-too-old'
  | 'absent-too-long'
  | 'checkpoint-unknown'
  | 'no-chain'

/** One of two certified blocks that cannot both be, and who gave it. */
export interface Claim extends CertifiedHeader {
  readonly peerId: string
}

/** Why a newcomer, or a node that was away, does not follow what it is shown. */
export class JoinError extends OperationalError<JoinErrorCode> {
  override readonly name = 'JoinError'
  /** For `conflicting-heads`: the two certified blocks. */
  readonly evidence: readonly Claim[]

  constructor(
    code: JoinErrorCode,
    sentence: string,
    options: { facts?: ErrorFacts; evidence?: readonly Claim[] } = {},
  ) {
    const { facts } = options
    super(code, sentence, {
      retryable: code === 'too-few-peers' || code === 'no-chain',
      ...(facts === undefined ? {} : { facts }),
    })
    this.evidence = options.evidence ?? []
  }
}

/** What is said where two different blocks of one place in the chain are proven. */
export function conflict(one: Claim, other: Claim): JoinError {
  const { epoch, height } = other.header
  return new JoinError(
    'conflicting-heads',
    `${one.peerId} and ${other.peerId} prove different blocks at the end of epoch ${epoch}: a third of the stake contradicts itself`,
    {
      facts: { epoch, height, one: blockIdOf(one.header), other: blockIdOf(other.header) },
      evidence: [one, other],
    },
  )
}
