import { closeLock, topUpLock } from '../../emission/weight-lock.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { accountOf } from '../../ledger/account.ts'
import type { Ledger } from '../../ledger/draft.ts'
import { adjust } from '../../ledger/money.ts'
import { ignore, ok, type Result } from '../../result.ts'
import { headOf } from '../head.ts'
import type { TransactionOf, Work } from '../work.ts'
import {
  changeMarket,
  closings,
  type Entry,
  findRules,
  locks,
  marketOf,
  unsettled,
} from './market.ts'

export type LockCode =
  | 'no-market'
  | 'nothing-locked'
  | 'insufficient-balance'
  | 'no-lock'
  | 'unsettled-statements'

/** Turns balance into weight. What is added after a seal takes no part in that question. [EMI-8] [FOR-5] */
export function applyLock(work: Work, tx: TransactionOf<'lock'>): Result<void, LockCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const { amountMicro } = tx
  if (amountMicro === 0n) return ignore('nothing-locked')
  const { balanceMicro } = accountOf(work.ledger, tx.author)
  if (balanceMicro < amountMicro) return ignore('insufficient-balance', { amount: amountMicro })
  adjust(work, { kind: 'balance', agent: tx.author }, -amountMicro)
  addToLock(work, tx.author, amountMicro)
  return ok(undefined)
}

export function addToLock(work: Work, agent: AgentId, amountMicro: bigint): void {
  const before = locks.find(work.ledger, agent)
  locks.put(work, agent, {
    ...topUpLock(before ?? null, amountMicro),
    addedMicro: (before?.addedMicro ?? 0n) + amountMicro,
  })
  const { totalWeightMicro } = marketOf(work.ledger)
  changeMarket(work, { totalWeightMicro: totalWeightMicro + amountMicro })
}

/** Weight that an agent has on a question: what was added after its first seal takes no part. [FOR-5] */
export function weightOn(ledger: Ledger, agent: AgentId, { addedMicro }: Entry): bigint {
  const lock = locks.find(ledger, agent)
  if (lock === undefined) return 0n
  const weightMicro = lock.weightMicro - (lock.addedMicro - addedMicro)
  // Where it has lost more since than it had, nothing is left of what it sealed with.
  return weightMicro > 0n ? weightMicro : 0n
}

/** Ends all of an agent's weight; what is left of the lock comes back after `unbondingEpochs`. [EMI-8] */
export function applyCloseLock(work: Work, author: AgentId): Result<void, LockCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const lock = locks.find(work.ledger, author)
  if (lock === undefined) return ignore('no-lock')
  const { questionCount } = unsettled.find(work.ledger, author) ?? { questionCount: 0 }
  if (questionCount > 0) return ignore('unsettled-statements', { questionCount })
  const { returnedMicro, burnedMicro, houseWeightMicro } = closeLock(lock)
  locks.delete(work, author)
  const market = marketOf(work.ledger)
  changeMarket(work, {
    houseWeightMicro: market.houseWeightMicro + houseWeightMicro,
    totalWeightMicro: market.totalWeightMicro - returnedMicro,
  })
  adjust(work, { kind: 'burned' }, burnedMicro)
  const releaseEpoch = headOf(work.ledger).epoch + work.context.genesis.epochs.unbondingEpochs + 1
  const key = closingKey(releaseEpoch, author)
  const waiting = closings.find(work.ledger, key)?.amountMicro ?? 0n
  closings.put(work, key, { agent: author, amountMicro: waiting + returnedMicro })
  return ok(undefined)
}

/** Pays out what has waited its time when this epoch begins. [EMI-8] */
export function releaseClosings(work: Work, epoch: number): void {
  for (const [key, { agent, amountMicro }] of closings.entries(work.ledger)) {
    if (key >= closingKey(epoch + 1, '')) break
    closings.delete(work, key)
    adjust(work, { kind: 'balance', agent }, amountMicro)
  }
}

function closingKey(epoch: number, agent: string): string {
  return `${String(epoch).padStart(16, '0')}/${agent}`
}
