import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Head, putHead } from '../chain/head.ts'
import type { Cid } from '../codec/cid.ts'
import { networkIdOf } from '../genesis.ts'
import { createNobleSigner, secretKeyOf } from '../identity/noble.ts'
import type { Signer } from '../identity/signature.ts'
import { present } from '../invariant.ts'
import { changeAccount } from '../ledger/account.ts'
import { type Draft, emptyLedger, type Ledger } from '../ledger/draft.ts'
import { seal, type Verified } from '../message/envelope.ts'
import type { Transaction } from '../message/transaction.ts'
import {
  ACCOUNT_GAP_MAX,
  ACCOUNT_NONCES_MAX,
  addTransaction,
  candidatesOf,
  emptyPool,
  evictStuck,
  FAUCET_REQUESTS_MAX,
  nextNonce,
  type Pool,
  prunePool,
} from './mempool.ts'

const signers: readonly Signer[] = Array.from({ length: 3 }, (_, index) => {
  const { agent, derive } = createNobleSigner(secretKeyOf('pool', index))
  return { agent, derive, sign: () => new Uint8Array(64) }
})
const networkId: Cid = networkIdOf({ name: 'pool' } as never)
const [alice, bob, stranger] = signers.map((signer) => signer.agent)

const faucet = { fundMicro: 1n, grantMicro: 1n, grantsPerEpochMax: 8, intervalEpochs: 100 }
const genesis = { feePerByteMicro: 1n, faucet }

function createLedger(nonce = 0, balanceMicro = 1_000_000n): Ledger {
  const draft: Draft = { ledger: emptyLedger() }
  for (const agent of [alice, bob]) {
    changeAccount(draft, present(agent, 'there is an agent'), { nonce, balanceMicro })
  }
  return draft.ledger
}

function createTransfer(author: number, nonce: number, feeMicro = 1000n): Verified<Transaction> {
  const signer = present(signers[author], 'there is a signer')
  const to = present(alice, 'there is an agent')
  const head = { author: signer.agent, nonce, feeMicro }
  return seal({ kind: 'transfer', to, amountMicro: 1n, ...head }, networkId, signer)
}

function add(pool: Pool, transaction: Verified<Transaction>, ledger = createLedger()): Pool {
  const added = addTransaction(pool, transaction, { ledger, genesis })
  assert.ok(added.ok, added.ok ? '' : added.error.code)
  return added.value
}

function refusal(pool: Pool, transaction: Verified<Transaction>, ledger = createLedger()): string {
  const added = addTransaction(pool, transaction, { ledger, genesis })
  return added.ok ? 'taken' : `${added.error.verdict} ${added.error.code}`
}

const noncesOf = (transactions: Iterable<Verified<Transaction>>): readonly number[] =>
  [...transactions].map(({ message }) => message.nonce)

describe('the pool', () => {
  it('refuses a fee below the least by size, and takes the least', () => {
    const size = BigInt(createTransfer(0, 0, 300n).envelope.length)
    assert.equal(refusal(emptyPool(), createTransfer(0, 0, size - 1n)), 'reject fee-too-low')
    assert.equal(refusal(emptyPool(), createTransfer(0, 0, size)), 'taken')
  })

  it('ignores an account that it does not know, but takes its request to the faucet', () => {
    assert.equal(refusal(emptyPool(), createTransfer(2, 0)), 'ignore unknown-account')
    const signer = present(signers[2], 'there is a signer')
    const author = present(stranger, 'there is an agent')
    const request = seal({ kind: 'faucet', author, nonce: 0, feeMicro: 0n }, networkId, signer)
    assert.equal(refusal(emptyPool(), request), 'taken')
  })

  it('takes 64 requests to the faucet and not the 65th', () => {
    const requests = Array.from({ length: FAUCET_REQUESTS_MAX + 1 }, (_, index) => {
      const signer = createNobleSigner(secretKeyOf('sybil', index))
      const head = { author: signer.agent, nonce: 0, feeMicro: 0n }
      return seal({ kind: 'faucet', ...head }, networkId, signer)
    })
    const last = present(requests.at(-1), 'there is a last one')
    const pool = requests
      .slice(0, -1)
      .reduce((before, request) => add(before, request), emptyPool())
    assert.equal(refusal(pool, last), 'ignore pool-full')
    assert.equal(refusal(pool, createTransfer(0, 0)), 'taken')
  })

  it('takes one request to the faucet of an account, and only as what it says next', () => {
    const request = (nonce: number): Verified<Transaction> => {
      const signer = present(signers[2], 'there is a signer')
      const head = { author: signer.agent, nonce, feeMicro: 0n }
      return seal({ kind: 'faucet', ...head }, networkId, signer)
    }
    assert.equal(refusal(emptyPool(), request(1)), 'ignore nonce-gap')
    assert.equal(refusal(add(emptyPool(), request(0)), request(1)), 'ignore account-queue-full')
  })

  it('ignores a request that the faucet would not pay', () => {
    const signer = present(signers[0], 'there is a signer')
    const head = { author: signer.agent, nonce: 0, feeMicro: 0n }
    const request = seal({ kind: 'faucet', ...head }, networkId, signer)
    const draft: Draft = { ledger: createLedger() }
    putHead(draft, { epoch: 109 } as Head)
    changeAccount(draft, signer.agent, { faucetEpoch: 10 })
    assert.equal(refusal(emptyPool(), request, draft.ledger), 'ignore faucet-too-soon')
    putHead(draft, { epoch: 110 } as Head)
    assert.equal(refusal(emptyPool(), request, draft.ledger), 'taken')
    const without = { ledger: draft.ledger, genesis: { ...genesis, faucet: null } }
    const added = addTransaction(emptyPool(), request, without)
    assert.equal(added.ok ? 'taken' : added.error.code, 'no-faucet')
  })

  it('ignores a nonce that is used', () => {
    assert.equal(refusal(emptyPool(), createTransfer(0, 4), createLedger(5)), 'ignore nonce-used')
  })

  it('takes 64 consecutive nonces and not the 65th', () => {
    let pool = emptyPool()
    for (let nonce = 0; nonce < ACCOUNT_NONCES_MAX; nonce += 1) {
      pool = add(pool, createTransfer(0, nonce))
    }
    const next = createTransfer(0, ACCOUNT_NONCES_MAX)
    assert.equal(refusal(pool, next), 'ignore account-queue-full')
    assert.equal(refusal(pool, createTransfer(1, 0)), 'taken')
  })

  it('takes eight that wait for a nonce before theirs and not the ninth', () => {
    let pool = emptyPool()
    for (let gap = 0; gap < ACCOUNT_GAP_MAX; gap += 1) pool = add(pool, createTransfer(0, 2 + gap))
    assert.equal(refusal(pool, createTransfer(0, 2 + ACCOUNT_GAP_MAX)), 'ignore nonce-gap')
    assert.equal(refusal(pool, createTransfer(0, 0)), 'taken')
  })

  it('replaces a nonce only for a tenth more of fee', () => {
    const pool = add(emptyPool(), createTransfer(0, 0, 1000n))
    assert.equal(refusal(pool, createTransfer(0, 0, 1000n)), 'ignore duplicate-transaction')
    assert.equal(refusal(pool, createTransfer(0, 0, 1099n)), 'ignore underpriced')
    const replaced = add(pool, createTransfer(0, 0, 1100n))
    assert.equal(replaced.size, 1)
  })

  it('ignores what the account cannot pay together with what waits before it', () => {
    const ledger = createLedger(0, 1999n)
    const pool = add(emptyPool(), createTransfer(0, 0), ledger)
    assert.equal(refusal(pool, createTransfer(0, 1), ledger), 'ignore cannot-pay-fee')
  })

  it('offers the dearest first and each account in the order of its nonces', () => {
    let pool = emptyPool()
    for (const [author, nonce, fee] of [
      [0, 1, 9000n],
      [0, 0, 1000n],
      [1, 0, 2000n],
      [1, 1, 500n],
      [1, 3, 9000n],
    ] as const) {
      pool = add(pool, createTransfer(author, nonce, fee))
    }
    const offered = [...candidatesOf(pool, createLedger())]
    assert.deepEqual(
      offered.map(({ message }) => message.feeMicro),
      [2000n, 1000n, 9000n, 500n],
    )
  })

  it('drops what no block could take: behind a missing nonce, or beyond what the account has', () => {
    let pool = emptyPool()
    for (const nonce of [0, 1, 3]) pool = add(pool, createTransfer(0, nonce))
    for (const nonce of [0, 1]) pool = add(pool, createTransfer(1, nonce))
    const poorer = createLedger(0, 1999n)
    assert.deepEqual(
      noncesOf([...evictStuck(pool, createLedger()).entries()].map(([, each]) => each)).toSorted(),
      [0, 0, 1, 1],
    )
    assert.deepEqual(
      noncesOf([...evictStuck(pool, poorer).entries()].map(([, each]) => each)),
      [0, 0],
    )
  })

  it('goes on where a block that is not final left off, and forgets what is', () => {
    let pool = emptyPool()
    for (const nonce of [0, 1, 2]) pool = add(pool, createTransfer(0, nonce))
    assert.deepEqual(noncesOf(candidatesOf(pool, createLedger(1))), [1, 2])
    assert.equal(prunePool(pool, createLedger(2)).size, 1)
    assert.equal(nextNonce(pool, createLedger(), present(alice, 'there is an agent')), 3)
  })
})
