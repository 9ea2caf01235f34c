import type { AgentId } from '../identity/agent-id.ts'
import { createTable, type Draft, type Ledger, type Table } from './draft.ts'

/** Stake that waits to be paid out, and can be slashed until then. [LED-5] */
export interface Unbonding {
  readonly amountMicro: bigint
  /** First epoch in which it is in the balance. */
  readonly releaseEpoch: number
}

/** One agent's account. Amounts in micro-tokens. [LED-2] */
export interface Account {
  /** Nonce of the next transaction. */
  readonly nonce: number
  readonly balanceMicro: bigint
  readonly bondMicro: bigint
  readonly unbonding: readonly Unbonding[]
  /** Out of the validator set for contradicting itself, until it has no bond left and bonds anew. [SLA-4] */
  readonly ejected: boolean
  /** Last epoch in which the faucet paid this account. */
  readonly faucetEpoch: number | null
  readonly name: string
  readonly roles: readonly string[]
  readonly endpoint: string
  /** λ in thousandths, as the agent declares it. */
  readonly prosociality: number | null
}

export const accounts: Table<Account, AgentId> = createTable<Account, AgentId>('account')

const NEW_ACCOUNT: Account = {
  nonce: 0,
  balanceMicro: 0n,
  bondMicro: 0n,
  unbonding: [],
  ejected: false,
  faucetEpoch: null,
  name: '',
  roles: [],
  endpoint: '',
  prosociality: null,
}

/** The account, or an empty one that exists as soon as something is put into it. */
export function accountOf(ledger: Ledger, agent: AgentId): Account {
  return accounts.find(ledger, agent) ?? NEW_ACCOUNT
}

export function changeAccount(draft: Draft, agent: AgentId, change: Partial<Account>): void {
  accounts.put(draft, agent, { ...accountOf(draft.ledger, agent), ...change })
}

/** All that an offence can be taken from: the bond, and what is on its way out of it. */
export function slashableMicro(account: Account): bigint {
  return account.unbonding.reduce((sum, entry) => sum + entry.amountMicro, account.bondMicro)
}
