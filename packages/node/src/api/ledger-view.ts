import {
  type Account,
  accounts,
  blockIdOf,
  computeChainTotals,
  type Genesis,
  type Hold,
  headOf,
  holds,
  instances,
  type Ledger,
  rowsOf,
  runs,
  subnetStates,
  type Totals,
} from '@commonweal/protocol'
import type { Checkpoint } from '../bundle.ts'
import type { StorePort } from '../ports.ts'

/** The ledger after the last final block; amounts in micro-tokens. */
export interface LedgerView {
  readonly height: number
  readonly epoch: number
  readonly stateDigest: string
  readonly totals: Totals
  /** Whether everything that was issued and not burned is somewhere. */
  readonly isConserved: boolean
  readonly accounts: readonly (Account & { readonly agent: string })[]
  readonly holds: readonly (Hold & { readonly id: string })[]
  readonly validators: readonly { readonly agent: string; readonly stakeMicro: bigint }[]
}

export function viewLedger(ledger: Ledger, genesis: Genesis): LedgerView {
  const { height, epoch, validators } = headOf(ledger)
  const totals = computeChainTotals(ledger)
  const names = new Map<string, string>(genesis.accounts.map(({ agent, name }) => [agent, name]))
  return {
    height,
    epoch,
    stateDigest: ledger.digest(),
    totals,
    isConserved: totals.errorMicro === 0n,
    accounts: [...accounts.entries(ledger)].map(([agent, account]) => {
      const name = account.name === '' ? (names.get(agent) ?? '') : account.name
      return { agent, ...account, name }
    }),
    holds: [...holds.entries(ledger)].map(([id, hold]) => ({ id, ...hold })),
    validators,
  }
}

/** The end of the last epoch that has one, for the bundle of a newcomer; undefined in the first epoch. */
export function viewCheckpoint(store: StorePort, ledger: Ledger): Checkpoint | undefined {
  const end = store.epochEnd(headOf(ledger).epoch - 1)
  if (end === undefined) return undefined
  const { header, certificate } = end
  const { epoch, height, stateDigest } = header
  return { epoch, height, block: blockIdOf(header), stateDigest, certificate }
}

/** One subnet instance: what it was founded with, where it stands, and the public record of its rounds. */
export function viewInstance(ledger: Ledger, id: string): unknown {
  const instance = instances.find(ledger, id)
  if (instance === undefined) return undefined
  const run = runs.find(ledger, id)
  return { instance, run, state: subnetStates.find(ledger, id), rows: rowsOf(ledger, id) }
}
