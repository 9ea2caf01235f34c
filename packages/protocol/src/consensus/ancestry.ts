import type { Cid } from '../codec/cid.ts'
import { ANCESTRY_MAX, type Certificate } from '../message/consensus.ts'
import { reject } from '../result.ts'
import { verifyCertificate } from './certificate.ts'
import type { Refusal } from './code.ts'
import { knownVotes } from './count.ts'
import type { Draft } from './draft.ts'

/** What a proposal of a view has to prove. */
export interface Footing {
  /** The block that must be notarized: a new block's parent, or the b_e that is proposed again. */
  readonly block: Cid
  /** The view that the certificates lead to: that of the proposal. */
  readonly view: number
}

/**
 * Checks the certificates that a proposal stands on: the notarization of its parent, then the nullification of each view between,
 * ascending; on the epoch's root, which is final, the nullifications from view 0 on. [CON-9]
 *
 * Errors  reject: 'wrong-ancestry', or the code of the certificate that fails
 */
export function checkAncestry<State>(
  draft: Draft<State>,
  { block, view }: Footing,
  certificates: readonly Certificate[],
): Refusal {
  const isOnRoot = block === draft.fields.root
  const [notarization] = certificates
  if (!isOnRoot) {
    if (notarization?.kind !== 'notarize' || notarization.block !== block) {
      return refuse('parent')
    }
    if (notarization.view >= view) return refuse('view')
  }
  const nullifications = isOnRoot ? certificates : certificates.slice(1)
  const first = isOnRoot || notarization === undefined ? 0 : notarization.view + 1
  if (nullifications.length !== view - first) return refuse('count')
  for (const [index, { kind, view: nullified }] of nullifications.entries()) {
    if (kind !== 'nullify' || nullified !== first + index) return refuse('gap')
  }
  return verifyAll(draft, certificates)
}

function verifyAll<State>(draft: Draft<State>, certificates: readonly Certificate[]): Refusal {
  const { epoch, schedule } = draft.fields
  for (const certificate of certificates) {
    if (certificate.epoch !== epoch) return refuse('epoch')
    const isKnown = knownVotes(draft, certificate)
    const checked = verifyCertificate(certificate, schedule.electorate, draft.context, isKnown)
    if (!checked.ok) return checked.error
  }
  return null
}

function refuse(part: string): Refusal {
  return reject('wrong-ancestry', { part }).error
}

/**
 * The certificates that a proposal of our view on the tip stands on; null while we lack one of them, or where they are more than a
 * block holds. [CON-9]
 */
export function collectAncestry<State>(draft: Draft<State>): readonly Certificate[] | null {
  const { tip, root, view } = draft.fields
  const found: Certificate[] = []
  if (tip.id !== root) {
    if (tip.notarization === null) return null
    found.push(tip.notarization)
  }
  if (view - tip.view > ANCESTRY_MAX) return null
  for (let gap = tip.view + 1; gap < view; gap++) {
    const nullification = draft.rounds.get(gap)?.nullification
    if (nullification == null) return null
    found.push(nullification)
  }
  return found
}
