import { encode } from '../codec/cbor.ts'
import { seal, type Verified } from '../message/envelope.ts'
import type { Message } from '../message/message.ts'
import { isTransaction, type Transaction, type TransactionBody } from '../message/transaction.ts'
import { ok, type Result } from '../result.ts'
import type { Effect, Topic } from './effect.ts'
import { addTransaction, nextNonce, type PoolCode } from './mempool.ts'
import { finalLedger, type Replica, type ReplicaContext } from './state.ts'

/** A replica while one step works on it: what is to be done piles up beside, in order. */
export interface ReplicaWork {
  readonly context: ReplicaContext
  readonly nowMs: number
  replica: Replica
  readonly effects: Effect[]
}

/** Signs a message of our own, puts it on disk, and then on the wire. [REP-3] */
export function sign<M extends Message>(work: ReplicaWork, message: M): Verified<M> {
  const { networkId, signer } = work.context
  const signed = seal(message, networkId, signer)
  work.effects.push(
    { kind: 'persist', records: [{ kind: 'signed', envelope: signed.envelope }] },
    { kind: 'publish', topic: topicOf(message), envelope: signed.envelope },
  )
  return signed
}

/** Signs and sends a transaction of our own; nonce and fee are filled in. */
export function submit(
  work: ReplicaWork,
  body: TransactionBody,
): Result<Verified<Transaction>, PoolCode> {
  const { signer, genesis, networkId } = work.context
  const ledger = finalLedger(work.replica)
  const transaction: Transaction = {
    ...body,
    author: signer.agent,
    nonce: nextNonce(work.replica.pool, ledger, signer.agent),
    feeMicro: body.kind === 'faucet' ? 0n : feeOf(body, work),
  }
  const signed = seal(transaction, networkId, signer)
  const added = addTransaction(work.replica.pool, signed, { ledger, genesis })
  if (!added.ok) return added
  work.effects.push(
    { kind: 'persist', records: [{ kind: 'signed', envelope: signed.envelope }] },
    { kind: 'publish', topic: 'transactions', envelope: signed.envelope },
  )
  const resendAtMs = work.replica.resendAtMs ?? work.nowMs + genesis.consensus.retryMs
  work.replica = { ...work.replica, pool: added.value, resendAtMs }
  return ok(signed)
}

/** What a transaction of this content costs at most: its fee and nonce are counted at their greatest size. [TX-4] */
function feeOf(body: TransactionBody, work: ReplicaWork): bigint {
  const { signer, genesis } = work.context
  const greatest = { author: signer.agent, nonce: Number.MAX_SAFE_INTEGER, feeMicro: 2n ** 62n }
  const payload = encode({ ...body, ...greatest })
  const size = encode({ payload, signature: new Uint8Array(64) }).length
  return genesis.feePerByteMicro * BigInt(size)
}

export function topicOf(message: Message): Topic {
  if (isTransaction(message)) return 'transactions'
  switch (message.kind) {
    case 'notarize':
    case 'nullify':
    case 'finalize':
    case 'proposal':
      return 'consensus'
    default:
      return 'negotiation'
  }
}
