import { encode } from '../codec/cbor.ts'
import { type Digest, digestOf } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { SharePurpose } from '../message/transaction.ts'
import { ignore, ok, type Result } from '../result.ts'
import { headOf, shareKey, shares } from './head.ts'
import type { TransactionOf, Work } from './work.ts'

export type ShareCode =
  | 'not-a-validator'
  | 'wrong-phase'
  | 'already-sealed'
  | 'not-sealed'
  | 'already-revealed'
  | 'wrong-reveal'

/** The digest that commits a validator to its 32 bytes; its author is in it, so it cannot be copied. [EPO-6] */
export function shareDigest(of: {
  readonly author: AgentId
  readonly epoch: number
  readonly purpose: SharePurpose
  readonly share: Uint8Array
}): Digest {
  return digestOf(encode(['share', of.author, of.epoch, of.purpose, of.share]))
}

/** In the seal phase: a `beacon` share for this epoch, a `signal` share for the next. [EPO-6] [EPO-8] */
export function applySealShare(
  work: Work,
  tx: TransactionOf<'seal-share'>,
): Result<void, ShareCode> {
  const { phase, epoch, validators } = headOf(work.ledger)
  if (!validators.some((validator) => validator.agent === tx.author)) {
    return ignore('not-a-validator')
  }
  if (phase !== 'seal') return ignore('wrong-phase', { phase, wanted: 'seal' })
  const target = tx.purpose === 'beacon' ? epoch : epoch + 1
  const key = shareKey(target, tx.purpose, tx.author)
  if (shares.find(work.ledger, key) !== undefined) return ignore('already-sealed')
  shares.put(work, key, {
    agent: tx.author,
    epoch: target,
    purpose: tx.purpose,
    digest: tx.digest,
    share: null,
  })
  return ok(undefined)
}

/** Beacon shares are opened last of all in an epoch, signal shares before the seal phase. [EPO-6] [EPO-8] */
export function applyRevealShare(
  work: Work,
  tx: TransactionOf<'reveal-share'>,
): Result<void, ShareCode> {
  const { phase, epoch } = headOf(work.ledger)
  const wanted = tx.purpose === 'beacon' ? 'beacon' : 'signal'
  if (phase !== wanted) return ignore('wrong-phase', { phase, wanted })
  const key = shareKey(epoch, tx.purpose, tx.author)
  const sealed = shares.find(work.ledger, key)
  if (sealed === undefined) return ignore('not-sealed')
  if (sealed.share !== null) return ignore('already-revealed')
  const digest = shareDigest({ author: tx.author, epoch, purpose: tx.purpose, share: tx.share })
  if (digest !== sealed.digest) return ignore('wrong-reveal', { given: digest })
  shares.put(work, key, { ...sealed, share: tx.share })
  return ok(undefined)
}
