import type { Cid } from '../codec/cid.ts'
import { accountOf, accounts, changeAccount } from '../ledger/account.ts'
import { post } from '../ledger/money.ts'
import type { Verified } from '../message/envelope.ts'
import type { Transaction } from '../message/transaction.ts'
import type { Result } from '../result.ts'
import { ignore, ok, reject } from '../result.ts'
import { type ActCode, applyPass, applyReveal, applySeal } from './act.ts'
import { type AgreementCode, applyAgreement } from './agreement.ts'
import type { ChainContext } from './context.ts'
import { applyEvidence, type EvidenceCode } from './evidence.ts'
import { applyForecast, type ForecastCode } from './forecast/apply.ts'
import type { Receipt } from './receipt.ts'
import { applyLeave, applySeat, type SeatCode } from './seat.ts'
import { applyRevealShare, applySealShare, type ShareCode } from './share.ts'
import { applyTerminate } from './terminate.ts'
import { applyBond, applyFaucet, applyTransfer, applyUnbond, type ValueCode } from './value.ts'
import type { Work } from './work.ts'

/** Why a transaction may not be in a block here: the only faults, with a bad signature, that void a block. [TX-2] */
export type InclusionCode =
  | 'unknown-account'
  | 'wrong-nonce'
  | 'fee-too-low'
  | 'cannot-pay-fee'
  | ValueCode

type ReceiptCode =
  | 'ok'
  | ValueCode
  | SeatCode
  | AgreementCode
  | ActCode
  | ShareCode
  | EvidenceCode
  | ForecastCode

/** The fee that a transaction of this size must offer at least. [TX-4] */
function feeMinMicro(context: ChainContext, envelopeSize: number): bigint {
  return context.genesis.feePerByteMicro * BigInt(envelopeSize)
}

/**
 * Applies one transaction: nonce and fee are spent, and either its effect happens or a receipt says why not. [TX-3]
 *
 * Errors  ignore: 'unknown-account' · 'wrong-nonce' · 'cannot-pay-fee', and every refusal of a faucet request, which pays
 *         no fee · reject: 'fee-too-low'. With an error nothing changed, and a block that holds the transaction is invalid.
 */
export function applyTransaction(
  work: Work,
  transaction: Verified<Transaction>,
): Result<Receipt, InclusionCode> {
  const { message, id, envelope } = transaction
  if (message.kind === 'faucet') return applyFree(work, transaction)
  const account = accounts.find(work.ledger, message.author)
  if (account === undefined) return ignore('unknown-account', { author: message.author })
  if (account.nonce !== message.nonce) {
    return ignore('wrong-nonce', { given: message.nonce, next: account.nonce })
  }
  const least = feeMinMicro(work.context, envelope.length)
  if (message.feeMicro < least) return reject('fee-too-low', { given: message.feeMicro, least })
  const paid = post(work, {
    debit: { kind: 'balance', agent: message.author },
    credit: { kind: 'burned' },
    amountMicro: message.feeMicro,
  })
  if (!paid) return ignore('cannot-pay-fee', { fee: message.feeMicro })
  changeAccount(work, message.author, { nonce: account.nonce + 1 })
  const before = work.ledger
  const applied = dispatch(work, message, id)
  const receipt = { id, author: message.author, kind: message.kind }
  if (applied.ok) return ok({ ...receipt, code: 'ok', facts: {} })
  // [AGR-6] The one refusal that does more than to spend nonce and fee; it takes back the rest itself.
  if (applied.error.code !== 'cannot-fund-agreement') work.ledger = before
  return ok({ ...receipt, code: applied.error.code, facts: applied.error.facts })
}

/** The faucet's request has no fee and may be an account's first act, so it is in a block only where it succeeds. [TX-5] */
function applyFree(work: Work, transaction: Verified<Transaction>): Result<Receipt, InclusionCode> {
  const { message, id } = transaction
  const { nonce } = accountOf(work.ledger, message.author)
  if (nonce !== message.nonce) return ignore('wrong-nonce', { given: message.nonce, next: nonce })
  const applied = applyFaucet(work, message.author)
  if (!applied.ok) return applied
  changeAccount(work, message.author, { nonce: nonce + 1 })
  return ok({ id, author: message.author, kind: message.kind, code: 'ok', facts: {} })
}

function dispatch(
  work: Work,
  message: Exclude<Transaction, { readonly kind: 'faucet' }>,
  id: Cid,
): Result<void, Exclude<ReceiptCode, 'ok'>> {
  switch (message.kind) {
    case 'register': {
      const { name, roles, endpoint, prosociality } = message
      changeAccount(work, message.author, { name, roles, endpoint, prosociality })
      return ok(undefined)
    }
    case 'transfer':
      return applyTransfer(work, message)
    case 'bond':
      return applyBond(work, message)
    case 'unbond':
      return applyUnbond(work, message)
    case 'seat':
      return applySeat(work, message)
    case 'leave':
      return applyLeave(work, message)
    case 'agreement':
      return applyAgreement(work, message)
    case 'terminate':
      return applyTerminate(work, message)
    case 'seal':
      return applySeal(work, message)
    case 'reveal':
      return applyReveal(work, message)
    case 'pass':
      return applyPass(work, message)
    case 'seal-share':
      return applySealShare(work, message)
    case 'reveal-share':
      return applyRevealShare(work, message)
    case 'evidence':
      return applyEvidence(work, message)
    default:
      return applyForecast(work, message, id)
  }
}
