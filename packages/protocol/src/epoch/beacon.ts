import { fromString } from 'uint8arrays/from-string'
import type { Cid } from '../codec/cid.ts'
import { type Digest, digestBytes, digestOf, hashOf } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { SharePurpose } from '../message/transaction.ts'

/** The beacon of every epoch before the first: SHA-256 of the network id's text. [EPO-6] */
export function firstBeacon(networkId: Cid): Digest {
  return digestOf(fromString(networkId))
}

/**
 * The next beacon, or, from signal shares, the signal that agents are shown. [EPO-6]
 *
 * Shape   shares: 32 bytes each, in the order of their authors' agent ids; a missing one is left out.
 * Formula R_e = SHA-256(R_{e−1} ‖ share ‖ share …)
 */
export function nextBeacon(previous: Digest, shares: readonly Uint8Array[]): Digest {
  return digestOf(digestBytes(previous), ...shares)
}

/**
 * A validator's share in a seeded run, where everybody may know it beforehand and every run must be the same. [EPO-7]
 *
 * Formula SHA-256("commonweal/seeded-share/" ‖ seed ‖ "/" ‖ agent ‖ "/" ‖ epoch ‖ "/" ‖ purpose), numbers in decimal.
 */
export function seededShare(
  seed: number | string,
  agent: AgentId,
  epoch: number,
  purpose: SharePurpose,
): Uint8Array {
  return hashOf(fromString(`commonweal/seeded-share/${seed}/${agent}/${epoch}/${purpose}`))
}
