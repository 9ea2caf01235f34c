import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import type { LawState } from '../contract/law-state.ts'
import type { Terms } from '../contract/terms.ts'
import type { InstanceGenesis } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import { createTable, type Draft, type Ledger, type Table } from '../ledger/draft.ts'
import type { AnySubnet } from '../subnet/registry.ts'
import type { ChainContext } from './context.ts'

/** What a seat has done in this epoch. [EPO-3] */
export interface SeatAct {
  /** Passed, or bound by an agreement, in the negotiate phase. */
  readonly negotiated: boolean
  readonly seal: Digest | null
  /** Passed in the seal phase. */
  readonly passed: boolean
  readonly revealed: number | null
  /** Could not cover a round's seal bond and fees when the epoch began: owes nothing, counts as absent. */
  readonly sitsOut: boolean
}

export const NO_ACT: SeatAct = {
  negotiated: false,
  seal: null,
  passed: false,
  revealed: null,
  sitsOut: false,
}

/** The run of an instance: who sits, who waits, and what each has done in this epoch. [SUB-2] */
export interface Run {
  readonly status: 'running' | 'ended'
  /** Counts from 1. */
  readonly run: number
  /** Epoch of its round 1. */
  readonly startEpoch: number
  readonly seats: readonly AgentId[]
  /** Take their seats when the next run starts, in this order. */
  readonly joining: readonly AgentId[]
  /** Give up their seats when this run ends. */
  readonly leaving: readonly AgentId[]
  /** One a seat, of this epoch. */
  readonly acts: readonly SeatAct[]
  /** Agreements in force or to come, in the order in which they formed. */
  readonly agreements: readonly Cid[]
}

/** An agreement in force or to come; gone when it ends. [AGR-2] */
export interface Agreement {
  readonly terms: Terms
  readonly subnet: string
  readonly formedHeight: number
  /** Last epoch whose round it governs: that of its terms, or earlier where it was replaced or terminated. */
  readonly until: number
  /** The seats that signed, and those that it binds, by seat of the run. */
  readonly signer: readonly boolean[]
  readonly bound: readonly boolean[]
  /** Custody of collateral, escrows and pool; null where the mode is not `law`. */
  readonly lawState: LawState | null
}

export const instances: Table<InstanceGenesis> = createTable<InstanceGenesis>('instance')
export const runs: Table<Run> = createTable<Run>('run')
/** The subnet's own state, opaque here. */
export const subnetStates: Table<unknown> = createTable<unknown>('state')
export const agreements: Table<Agreement> = createTable<Agreement>('agreement')
/** Agreements that ended before or in their first epoch: their acceptances must not form them again. [AGR-9] */
export const endedAgreements: Table<{ readonly fromEpoch: number }> = createTable<{
  readonly fromEpoch: number
}>('ended')

/** Public records of the rounds of the run, by subnet and epoch; those of a run go when the next one starts. */
export const rows: Table<unknown> = createTable<unknown>('row')

/** Ten digits, so that keys are in the order of their epochs. */
export function rowKey(subnet: string, epoch: number): string {
  return `${subnet}/${String(epoch).padStart(10, '0')}`
}

export function rowsOf(ledger: Ledger, subnet: string): readonly unknown[] {
  return [...ledger.entries(`row/${subnet}/`)].map(([, row]) => row)
}

export function changeRun(draft: Draft, subnet: string, change: (run: Run) => Run): void {
  const run = runs.find(draft.ledger, subnet)
  if (run !== undefined) runs.put(draft, subnet, change(run))
}

export function changeAct(
  draft: Draft,
  subnet: string,
  seat: number,
  change: Partial<SeatAct>,
): void {
  changeRun(draft, subnet, (run) => ({
    ...run,
    acts: run.acts.map((act, index) => (index === seat ? { ...act, ...change } : act)),
  }))
}

export function sealHoldId(subnet: string, agent: AgentId): string {
  return `seal/${subnet}/${agent}`
}

export function seatHoldId(subnet: string, agent: AgentId): string {
  return `seat/${subnet}/${agent}`
}

/** The parties that an agreement binds: those whose word counts when it is to end. [AGR-7] [AGR-8] */
export function boundPartiesOf({ terms, bound }: Agreement, run: Run): readonly AgentId[] {
  return terms.parties.filter((party) => bound[run.seats.indexOf(party)] === true)
}

/** Signatures that form an agreement under `members`: ⌈4n/5⌉ of the seats unless the genesis says otherwise. [AGR-4] */
export function formationQuorum(instance: InstanceGenesis, seatCount: number): number {
  const quorum = instance.quorum ?? Math.ceil((4 * seatCount) / 5)
  return Math.min(Math.max(quorum, 1), seatCount)
}

/** The state machine of an instance's kind: a genesis that names an unknown kind founds nothing. [GEN-4] */
export function subnetOf(
  context: Pick<ChainContext, 'subnets'>,
  instance: InstanceGenesis,
): AnySubnet {
  return present(context.subnets.get(instance.kind), 'every instance has its subnet')
}
