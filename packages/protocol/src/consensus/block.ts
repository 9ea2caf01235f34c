import { encode } from '../codec/cbor.ts'
import { type Cid, cidOf } from '../codec/cid.ts'
import { type Digest, digestOf } from '../codec/digest.ts'
import {
  BLOCK_SIZE_MAX,
  BLOCK_TRANSACTIONS_MAX,
  type BlockBody,
  type Certificate,
  type Header,
} from '../message/consensus.ts'
import { ok, type Result, reject } from '../result.ts'

export type BlockBodyCode = 'body-too-large' | 'body-mismatch'

/** The id of a block: the cid of its header's DAG-CBOR. [CON-6] */
export function blockIdOf(header: Header): Cid {
  return cidOf(encode(header))
}

/** SHA-256 over the DAG-CBOR of the list of signed envelopes. [CON-6] */
export function transactionsDigestOf(transactions: readonly Uint8Array[]): Digest {
  return digestOf(encode(transactions))
}

/** SHA-256 over the DAG-CBOR of the list of certificates. [CON-6] */
export function ancestryDigestOf(ancestry: readonly Certificate[]): Digest {
  return digestOf(encode(ancestry))
}

/** What a body takes in a proposal, in bytes: decides whether it travels with its header. [CON-14] */
export function bodySizeOf({ transactions, ancestry }: BlockBody): number {
  return encode({ transactions, ancestry }).length
}

/**
 * Checks a body against the header that names its digests. [CON-2] [CON-6]
 *
 * Errors  'body-too-large': more transactions or bytes than a block holds · 'body-mismatch': not the body of this header;
 *         both reject
 */
export function checkBlockBody(header: Header, body: BlockBody): Result<null, BlockBodyCode> {
  const { transactions, ancestry } = body
  const size = transactions.reduce((sum, envelope) => sum + envelope.length, 0)
  if (transactions.length > BLOCK_TRANSACTIONS_MAX || size > BLOCK_SIZE_MAX) {
    return reject('body-too-large', { count: transactions.length, size })
  }
  if (transactionsDigestOf(transactions) !== header.transactionsDigest) {
    return reject('body-mismatch', { part: 'transactions' })
  }
  if (ancestryDigestOf(ancestry) !== header.ancestryDigest) {
    return reject('body-mismatch', { part: 'ancestry' })
  }
  return ok(null)
}
