import { checkFaucet } from '../chain/value.ts'
import { Tree } from '../codec/tree.ts'
import type { Genesis } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { accountOf, accounts } from '../ledger/account.ts'
import type { Ledger } from '../ledger/draft.ts'
import type { Verified } from '../message/envelope.ts'
import type { Transaction } from '../message/transaction.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { Heap } from './heap.ts'

/** Transactions of one account that wait with consecutive nonces. [MEM-1] */
export const ACCOUNT_NONCES_MAX = 64
/** Transactions of one account that wait for a nonce before theirs. [MEM-1] */
export const ACCOUNT_GAP_MAX = 8
/** Transactions that wait in all: eight full blocks, which a leader looks through well within its time. [MEM-1] */
export const POOL_SIZE_MAX = 4_096
/** Requests to the faucet that wait: they cost nothing, so a flood of names must not fill the pool. [MEM-1] */
export const FAUCET_REQUESTS_MAX = 64
/** Percent of the old fee that the new one must at least be, to replace a transaction of the same nonce. [MEM-2] */
export const REPLACEMENT_FEE_PERCENT = 110n

export type PoolCode =
  | 'duplicate-transaction'
  | 'unknown-account'
  | 'nonce-used'
  | 'nonce-gap'
  | 'account-queue-full'
  | 'pool-full'
  | 'underpriced'
  | 'fee-too-low'
  | 'cannot-pay-fee'
  | 'no-faucet'
  | 'faucet-too-soon'

/** What waits to be put into a block, by author and nonce. */
export type Pool = Tree<Verified<Transaction>>

export function emptyPool(): Pool {
  return Tree.empty<Verified<Transaction>>()
}

/**
 * Adds a transaction. [MEM-1] [MEM-2]
 *
 * Errors  reject: 'fee-too-low', which the genesis decides; the rest depends on what we have seen: ignore.
 */
export function addTransaction(
  pool: Pool,
  transaction: Verified<Transaction>,
  at: {
    readonly ledger: Ledger
    readonly genesis: Pick<Genesis, 'feePerByteMicro' | 'faucet'>
  },
): Result<Pool, PoolCode> {
  const { author, nonce, feeMicro, kind } = transaction.message
  const isFree = kind === 'faucet'
  const least = isFree ? 0n : at.genesis.feePerByteMicro * BigInt(transaction.envelope.length)
  if (feeMicro < least) return reject('fee-too-low', { given: feeMicro, least })
  if (!isFree && accounts.find(at.ledger, author) === undefined) {
    return ignore('unknown-account', { author })
  }
  if (isFree) {
    // One that cannot be paid would hold up all that its author says after it.
    const payable = checkFaucet(at.genesis.faucet, at.ledger, author)
    if (!payable.ok) return payable
    if (countFree(pool) >= FAUCET_REQUESTS_MAX) {
      return ignore('pool-full', { limit: FAUCET_REQUESTS_MAX })
    }
  }
  const account = accountOf(at.ledger, author)
  if (nonce < account.nonce) return ignore('nonce-used', { given: nonce, next: account.nonce })
  const key = poolKey(author, nonce)
  const replaced = pool.get(key)
  if (replaced !== undefined) {
    if (replaced.id === transaction.id) return ignore('duplicate-transaction')
    if (feeMicro * 100n < replaced.message.feeMicro * REPLACEMENT_FEE_PERCENT) {
      return ignore('underpriced', { given: feeMicro, replaces: replaced.message.feeMicro })
    }
  }
  const queue = waitingOf(pool, author)
  const promisedMicro = queue.reduce((sum, waiting) => sum + waiting.message.feeMicro, feeMicro)
  if (promisedMicro > account.balanceMicro && !isFree) {
    return ignore('cannot-pay-fee', { fees: promisedMicro, balance: account.balanceMicro })
  }
  if (isFree && queue.some(({ message }) => message.kind === 'faucet' && message.nonce !== nonce)) {
    return ignore('account-queue-full', { given: nonce, next: account.nonce })
  }
  const fits = checkQueue(queue, {
    next: account.nonce,
    nonce,
    gapMax: isFree ? 0 : ACCOUNT_GAP_MAX,
  })
  if (!fits.ok) return fits
  if (pool.size >= POOL_SIZE_MAX) return ignore('pool-full', { limit: POOL_SIZE_MAX })
  return ok(pool.set(key, transaction))
}

/** What may come next in a block on this ledger: the dearest by fee per byte first, each account in its own order. [MEM-3] */
export function* candidatesOf(pool: Pool, ledger: Ledger): Iterable<Verified<Transaction>> {
  const heads: Verified<Transaction>[] = []
  for (const queue of queuesOf(pool)) {
    const first = queue.find(
      ({ message }) => message.nonce === accountOf(ledger, message.author).nonce,
    )
    if (first !== undefined) heads.push(first)
  }
  const waiting = new Heap(heads, isDearer)
  for (let best = waiting.take(); best !== undefined; best = waiting.take()) {
    yield best
    const { author, nonce } = best.message
    const next = pool.get(poolKey(author, nonce + 1))
    if (next !== undefined) waiting.put(next)
  }
}

/** Drops what a final ledger has done with. */
export function prunePool(pool: Pool, ledger: Ledger): Pool {
  let pruned = pool
  for (const [key, { message }] of pool.entries()) {
    if (message.nonce < accountOf(ledger, message.author).nonce) pruned = pruned.delete(key)
  }
  return pruned
}

/**
 * Drops what no block could take as things stand: what waits for a nonce before its own, and what its account cannot pay
 * behind the rest. Done once an epoch, so that nothing of the kind fills the pool for good. [MEM-5]
 */
export function evictStuck(pool: Pool, ledger: Ledger): Pool {
  let kept = pool
  for (const queue of queuesOf(pool)) {
    let next: number | null = null
    let leftMicro = 0n
    for (const { message } of queue) {
      const account = accountOf(ledger, message.author)
      if (next === null) {
        next = account.nonce
        leftMicro = account.balanceMicro
      }
      leftMicro -= message.feeMicro
      if (message.nonce === next && leftMicro >= 0n) next += 1
      else kept = kept.delete(poolKey(message.author, message.nonce))
    }
  }
  return kept
}

/** The nonce of an account's next transaction, behind those that wait. */
export function nextNonce(pool: Pool, ledger: Ledger, author: AgentId): number {
  let { nonce } = accountOf(ledger, author)
  while (pool.has(poolKey(author, nonce))) nonce += 1
  return nonce
}

/** An account's transactions that wait, in the order of their nonces. */
export function waitingOf(pool: Pool, author: AgentId): readonly Verified<Transaction>[] {
  return [...pool.entries(`${author}/`)].map(([, transaction]) => transaction)
}

function countFree(pool: Pool): number {
  let count = 0
  for (const [, { message }] of pool.entries()) if (message.kind === 'faucet') count += 1
  return count
}

function checkQueue(
  queue: readonly Verified<Transaction>[],
  {
    next,
    nonce,
    gapMax,
  }: { readonly next: number; readonly nonce: number; readonly gapMax: number },
): Result<void, PoolCode> {
  if (nonce >= next + ACCOUNT_NONCES_MAX)
    return ignore('account-queue-full', { given: nonce, next })
  const waiting = new Set(queue.map(({ message }) => message.nonce))
  let reachable = next
  while (waiting.has(reachable)) reachable += 1
  const isInGap = nonce > reachable
  const gapCount = queue.filter(({ message }) => message.nonce > reachable).length
  if (isInGap && !waiting.has(nonce) && gapCount >= gapMax) {
    return ignore('nonce-gap', { given: nonce, next: reachable })
  }
  return ok(undefined)
}

function* queuesOf(pool: Pool): Iterable<readonly Verified<Transaction>[]> {
  let queue: Verified<Transaction>[] = []
  for (const [, transaction] of pool.entries()) {
    const [first] = queue
    if (first !== undefined && first.message.author !== transaction.message.author) {
      yield queue
      queue = []
    }
    queue.push(transaction)
  }
  if (queue.length > 0) yield queue
}

function isDearer(a: Verified<Transaction>, b: Verified<Transaction>): boolean {
  const left = a.message.feeMicro * BigInt(b.envelope.length)
  const right = b.message.feeMicro * BigInt(a.envelope.length)
  return left === right ? a.message.author < b.message.author : left > right
}

/** Sixteen digits, so that keys of one author are in the order of nonces. */
function poolKey(author: AgentId, nonce: number): string {
  return `${author}/${String(nonce).padStart(16, '0')}`
}
