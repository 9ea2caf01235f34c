import type { Genesis } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { accountOf, changeAccount } from '../ledger/account.ts'
import type { Ledger } from '../ledger/draft.ts'
import { changeTreasury, post, treasuryOf } from '../ledger/money.ts'
import { ignore, ok, type Result } from '../result.ts'
import { headOf } from './head.ts'
import type { TransactionOf, Work } from './work.ts'

export type ValueCode =
  | 'insufficient-balance'
  | 'insufficient-bond'
  | 'too-many-unbondings'
  | 'no-faucet'
  | 'faucet-empty'
  | 'faucet-too-soon'
  | 'faucet-epoch-limit'

/** Unbondings of one account that may wait at once. [LED-5] */
export const UNBONDING_COUNT_MAX = 16

/** [LED-3] Balance to balance; the receiver's account comes into being where there is none. */
export function applyTransfer(work: Work, tx: TransactionOf<'transfer'>): Result<void, ValueCode> {
  const done = post(work, {
    debit: { kind: 'balance', agent: tx.author },
    credit: { kind: 'balance', agent: tx.to },
    amountMicro: tx.amountMicro,
  })
  return done ? ok(undefined) : ignore('insufficient-balance', { amount: tx.amountMicro })
}

/** [LED-5] Balance to stake. An ejected validator comes back by bonding anew, once all its old bond is out. */
export function applyBond(work: Work, tx: TransactionOf<'bond'>): Result<void, ValueCode> {
  const hadNoBond = accountOf(work.ledger, tx.author).bondMicro === 0n
  const done = post(work, {
    debit: { kind: 'balance', agent: tx.author },
    credit: { kind: 'bond', agent: tx.author },
    amountMicro: tx.amountMicro,
  })
  if (!done) return ignore('insufficient-balance', { amount: tx.amountMicro })
  if (hadNoBond) changeAccount(work, tx.author, { ejected: false })
  return ok(undefined)
}

/** [LED-5] Stake on its way to the balance: it waits, and can be slashed for what it signed until then. */
export function applyUnbond(work: Work, tx: TransactionOf<'unbond'>): Result<void, ValueCode> {
  const account = accountOf(work.ledger, tx.author)
  if (account.bondMicro < tx.amountMicro) {
    return ignore('insufficient-bond', { amount: tx.amountMicro, bond: account.bondMicro })
  }
  if (account.unbonding.length >= UNBONDING_COUNT_MAX) return ignore('too-many-unbondings')
  // Of this epoch it may still sign votes: all of the epochs after it in which these can be punished pass first.
  const releaseEpoch = headOf(work.ledger).epoch + work.context.genesis.epochs.unbondingEpochs + 1
  changeAccount(work, tx.author, {
    bondMicro: account.bondMicro - tx.amountMicro,
    unbonding: [...account.unbonding, { amountMicro: tx.amountMicro, releaseEpoch }],
  })
  return ok(undefined)
}

/** [LED-7] Whether the faucet may pay this account in this epoch, the limits of all apart. */
export function checkFaucet(
  faucet: Genesis['faucet'],
  ledger: Ledger,
  agent: AgentId,
): Result<{ readonly faucet: NonNullable<Genesis['faucet']> }, 'no-faucet' | 'faucet-too-soon'> {
  if (faucet === null) return ignore('no-faucet')
  const { faucetEpoch } = accountOf(ledger, agent)
  if (faucetEpoch !== null && headOf(ledger).epoch < faucetEpoch + faucet.intervalEpochs) {
    return ignore('faucet-too-soon', { last: faucetEpoch, interval: faucet.intervalEpochs })
  }
  return ok({ faucet })
}

/** [LED-7] Pays the grant: once an interval to an account, and a limited number in an epoch. */
export function applyFaucet(work: Work, agent: AgentId): Result<void, ValueCode> {
  const checked = checkFaucet(work.context.genesis.faucet, work.ledger, agent)
  if (!checked.ok) return checked
  const { faucet } = checked.value
  const { epoch } = headOf(work.ledger)
  const { faucetGrants } = treasuryOf(work.ledger)
  if (faucetGrants >= faucet.grantsPerEpochMax) {
    return ignore('faucet-epoch-limit', { limit: faucet.grantsPerEpochMax })
  }
  const paid = post(work, {
    debit: { kind: 'faucet' },
    credit: { kind: 'balance', agent },
    amountMicro: faucet.grantMicro,
  })
  if (!paid) return ignore('faucet-empty')
  changeTreasury(work, { faucetGrants: faucetGrants + 1 })
  changeAccount(work, agent, { faucetEpoch: epoch })
  return ok(undefined)
}
