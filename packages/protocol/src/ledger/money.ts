import type { AgentId } from '../identity/agent-id.ts'
import { minBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'
import { accountOf, changeAccount, slashableMicro } from './account.ts'
import { createTable, type Draft, type Ledger, type Table } from './draft.ts'

/** What the network has issued and destroyed, and what its faucet still holds. [LED-4] */
export interface Treasury {
  readonly issuedMicro: bigint
  readonly burnedMicro: bigint
  readonly faucetMicro: bigint
  /** Grants that the faucet has paid in this epoch. */
  readonly faucetGrants: number
}

/** Value set aside, owned by one agent: pending → posted | voided | expired. An ended hold is gone. [LED-6] */
export interface Hold {
  readonly owner: AgentId
  readonly purpose: 'seal' | 'seat' | 'question' | 'statement' | 'assertion' | 'verdict'
  /** The subnet instance that it is for; empty for the forecasting market. */
  readonly subnet: string
  readonly amountMicro: bigint
}

export const treasuries: Table<Treasury> = createTable<Treasury>('treasury')
export const holds: Table<Hold> = createTable<Hold>('hold')

export function treasuryOf(ledger: Ledger): Treasury {
  const treasury = treasuries.find(ledger, 'main')
  invariant(treasury !== undefined, 'the treasury exists from the genesis on')
  return treasury
}

export function changeTreasury(draft: Draft, change: Partial<Treasury>): void {
  treasuries.put(draft, 'main', { ...treasuryOf(draft.ledger), ...change })
}

/** Where value may be. A posting takes from one and gives to another, so the sum never changes. [LED-4] */
export type Pocket =
  | { readonly kind: 'balance'; readonly agent: AgentId }
  | { readonly kind: 'bond'; readonly agent: AgentId }
  | { readonly kind: 'burned' }
  | { readonly kind: 'faucet' }

/**
 * Moves value from one pocket to another. [LED-4]
 *
 * Result  false, and nothing done, where the debited pocket holds less.
 */
export function post(
  draft: Draft,
  posting: { readonly debit: Pocket; readonly credit: Pocket; readonly amountMicro: bigint },
): boolean {
  const { debit, credit, amountMicro } = posting
  invariant(amountMicro >= 0n, 'a posting moves no negative amount')
  if (pocketMicro(draft.ledger, debit) < amountMicro) return false
  adjust(draft, debit, -amountMicro)
  adjust(draft, credit, amountMicro)
  return true
}

/** Sets value of an agent's balance aside under an id that is not in use; false where there is less. */
export function openHold(draft: Draft, id: string, hold: Hold): boolean {
  invariant(holds.find(draft.ledger, id) === undefined, 'a hold id is used once')
  const pocket: Pocket = { kind: 'balance', agent: hold.owner }
  if (pocketMicro(draft.ledger, pocket) < hold.amountMicro) return false
  adjust(draft, pocket, -hold.amountMicro)
  holds.put(draft, id, hold)
  return true
}

/** The same with value of its stake: of the bond first, then of what is unbonding. [LED-6] */
export function holdStake(draft: Draft, id: string, hold: Hold): boolean {
  invariant(holds.find(draft.ledger, id) === undefined, 'a hold id is used once')
  if (slashableMicro(accountOf(draft.ledger, hold.owner)) < hold.amountMicro) return false
  takeStake(draft, hold.owner, hold.amountMicro)
  holds.put(draft, id, hold)
  return true
}

/** Ends a hold: `voided` gives it back to its owner, `posted` gives it to another pocket. */
export function closeHold(draft: Draft, id: string, to: 'owner' | Pocket): bigint {
  const hold = holds.find(draft.ledger, id)
  invariant(hold !== undefined, 'a hold ends once')
  holds.delete(draft, id)
  adjust(draft, to === 'owner' ? { kind: 'balance', agent: hold.owner } : to, hold.amountMicro)
  return hold.amountMicro
}

/**
 * Takes a part of an agent's stake, rounded up: the bond first, then what is unbonding, latest release first. [LED-5]
 *
 * Units  parts per million of the stake. A tenth of what is taken goes to the reporter, if there is one, the rest is burned.
 */
export function slash(
  draft: Draft,
  offence: { readonly agent: AgentId; readonly ppm: bigint; readonly reporter: AgentId | null },
): bigint {
  const account = accountOf(draft.ledger, offence.agent)
  const takenMicro = (slashableMicro(account) * offence.ppm + 999_999n) / 1_000_000n
  takeStake(draft, offence.agent, takenMicro)
  const rewardMicro = offence.reporter === null ? 0n : takenMicro / 10n
  if (offence.reporter !== null) {
    adjust(draft, { kind: 'balance', agent: offence.reporter }, rewardMicro)
  }
  adjust(draft, { kind: 'burned' }, takenMicro - rewardMicro)
  return takenMicro
}

/** Takes an amount out of a stake that has as much: the bond first, then what is unbonding, latest release first. */
function takeStake(draft: Draft, agent: AgentId, amountMicro: bigint): void {
  const account = accountOf(draft.ledger, agent)
  let leftMicro = amountMicro
  const fromBondMicro = minBigint(leftMicro, account.bondMicro)
  leftMicro -= fromBondMicro
  const unbonding = account.unbonding
    .toReversed()
    .map((entry) => {
      const partMicro = minBigint(leftMicro, entry.amountMicro)
      leftMicro -= partMicro
      return { ...entry, amountMicro: entry.amountMicro - partMicro }
    })
    .toReversed()
    .filter((entry) => entry.amountMicro > 0n)
  invariant(leftMicro === 0n, 'no more is taken of a stake than there is')
  changeAccount(draft, agent, { bondMicro: account.bondMicro - fromBondMicro, unbonding })
}

/**
 * Changes one pocket alone. Only for value that enters or leaves a custody which its caller accounts for (a law's
 * collateral); the conservation check sees every mistake.
 */
export function adjust(draft: Draft, pocket: Pocket, deltaMicro: bigint): void {
  const nextMicro = pocketMicro(draft.ledger, pocket) + deltaMicro
  invariant(nextMicro >= 0n, 'no pocket goes below zero')
  if (deltaMicro === 0n) return
  switch (pocket.kind) {
    case 'balance':
      changeAccount(draft, pocket.agent, { balanceMicro: nextMicro })
      break
    case 'bond':
      changeAccount(draft, pocket.agent, { bondMicro: nextMicro })
      break
    case 'burned':
      changeTreasury(draft, { burnedMicro: nextMicro })
      break
    case 'faucet':
      changeTreasury(draft, { faucetMicro: nextMicro })
      break
  }
}

function pocketMicro(ledger: Ledger, pocket: Pocket): bigint {
  switch (pocket.kind) {
    case 'balance':
      return accountOf(ledger, pocket.agent).balanceMicro
    case 'bond':
      return accountOf(ledger, pocket.agent).bondMicro
    case 'burned':
      return treasuryOf(ledger).burnedMicro
    case 'faucet':
      return treasuryOf(ledger).faucetMicro
  }
}
