import type { Ledger } from '../ledger/draft.ts'
import type { ValidatorSet } from '../message/consensus.ts'
import { BLOCK_SIZE_MAX, BLOCK_TRANSACTIONS_MAX } from '../message/consensus.ts'
import { type OpenCode, openAs, type Verified } from '../message/envelope.ts'
import {
  type Transaction,
  type TransactionKind,
  transactionSchemas,
} from '../message/transaction.ts'
import { ok, type Result, reject } from '../result.ts'
import { applyTransaction, type InclusionCode } from './apply-transaction.ts'
import type { ChainContext } from './context.ts'
import type { ChainEvent } from './event.ts'
import { headOf } from './head.ts'
import { endBlock } from './phases.ts'
import type { Receipt } from './receipt.ts'
import type { Work } from './work.ts'

/** The chain after a block: the ledger, and what the block itself did. */
export interface ChainState {
  readonly ledger: Ledger
  readonly receipts: readonly Receipt[]
  readonly events: readonly ChainEvent[]
  /** The validators of the next epoch where the block is b_e, else null. */
  readonly nextSet: ValidatorSet | null
}

export type BlockCode =
  | OpenCode
  | 'wrong-kind'
  | InclusionCode
  | 'too-many-transactions'
  | 'block-too-large'

const KINDS: readonly TransactionKind[] = [...transactionSchemas.keys()]

/**
 * Applies a block's transactions in order, then what the end of a block brings. [TX-2] [EPO-1]
 *
 * Errors  {@link BlockCode}: the block is invalid. Every other refusal is a receipt.
 */
export function executeBlock(
  context: ChainContext,
  parent: Ledger,
  transactions: readonly Uint8Array[],
): Result<ChainState, BlockCode> {
  const fits = checkSize(transactions)
  if (!fits.ok) return fits
  const work: Work = { ledger: parent, context, events: [] }
  const receipts: Receipt[] = []
  for (const envelope of transactions) {
    const opened = openAs<Transaction>(envelope, KINDS, context)
    if (!opened.ok) return opened
    const applied = applyTransaction(work, opened.value)
    if (!applied.ok) return applied
    receipts.push(applied.value)
  }
  return ok(finishBlock(work, receipts))
}

/**
 * Builds a block from candidates: takes each that may be included, in the order given, up to the limits. [TX-2]
 *
 * Result  the transactions taken, and the chain after them.
 */
export function buildBlock(
  context: ChainContext,
  parent: Ledger,
  candidates: Iterable<Verified<Transaction>>,
): { readonly transactions: readonly Uint8Array[]; readonly post: ChainState } {
  const work: Work = { ledger: parent, context, events: [] }
  const receipts: Receipt[] = []
  const transactions: Uint8Array[] = []
  let size = 0
  for (const candidate of candidates) {
    if (transactions.length >= BLOCK_TRANSACTIONS_MAX) break
    if (size + candidate.envelope.length > BLOCK_SIZE_MAX) continue
    const applied = applyTransaction(work, candidate)
    if (!applied.ok) continue
    receipts.push(applied.value)
    transactions.push(candidate.envelope)
    size += candidate.envelope.length
  }
  return { transactions, post: finishBlock(work, receipts) }
}

function finishBlock(work: Work, receipts: readonly Receipt[]): ChainState {
  const isLast = endBlock(work)
  const { ledger, events } = work
  return { ledger, receipts, events, nextSet: isLast ? headOf(ledger).validators : null }
}

function checkSize(transactions: readonly Uint8Array[]): Result<void, BlockCode> {
  if (transactions.length > BLOCK_TRANSACTIONS_MAX) {
    return reject('too-many-transactions', { count: transactions.length })
  }
  const size = transactions.reduce((sum, envelope) => sum + envelope.length, 0)
  return size > BLOCK_SIZE_MAX ? reject('block-too-large', { size }) : ok(undefined)
}
