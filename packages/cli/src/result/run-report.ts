import type { ModelUsage } from '@commonweal/node/agent'
import type { NewcomerReport } from '@commonweal/node/local'
import type { CommonsMetrics, CommonsRow } from '@commonweal/protocol'
import type { OffenderReport } from './name-offenders.ts'

/** What became of one run, ready to be shown: words and figures, no ids to look up. */
export interface RunReport {
  readonly network: string
  readonly networkId: string
  readonly seed: string
  readonly run: number
  /** Rounds that a run may have, T. */
  readonly rounds: number
  readonly capacity: number
  readonly metrics: CommonsMetrics
  readonly rows: readonly CommonsRow[]
  readonly agents: readonly AgentReport[]
  readonly contractMode: 'none' | 'text' | 'law'
  /** In the order in which they formed. */
  readonly contracts: readonly ContractReport[]
  /** Talks that ended without a contract, by round. */
  readonly failedTalks: readonly FailedTalks[]
  readonly counterfactuals: readonly Counterfactual[]
  /** Who broke the protocol, and what became of it. */
  readonly offenders: readonly OffenderReport[]
  /** What became of the node that joined, where an adversary preys on newcomers. */
  readonly newcomer: NewcomerReport | null
}

export interface AgentReport {
  readonly name: string
  readonly agent: string
  readonly policy: string
  readonly model: ModelUsage | null
  readonly lambda: number
  /** What a unit is worth to it: 1 is the standard. */
  readonly value: number
  readonly catchTotal: number
  /** value × catch, and what laws moved to or from it, in units of the resource. */
  readonly payoff: number
  /** u + λW; W alone at λ = ∞. */
  readonly utility: number
  readonly balanceMicro: bigint
  /** Against what it had when the network started. */
  readonly balanceChangeMicro: bigint
  /** What laws moved: received less paid. */
  readonly transfersMicro: bigint
}

/** A contract: what it says, how it came about, what it did. */
export interface ContractReport {
  readonly id: string
  readonly mode: 'none' | 'text' | 'law'
  readonly words: readonly string[]
  /** Rounds of the run, both included. */
  readonly rounds: readonly [from: number, to: number]
  readonly signers: readonly string[]
  /** Seats that it binds without their signature. */
  readonly bound: readonly string[]
  readonly talks: readonly TalkTurn[]
  readonly effects: ContractEffects
}

export interface TalkTurn {
  readonly speaker: string
  readonly move: 'propose' | 'accept' | 'reject' | 'pass' | 'silent'
  /** What was proposed. */
  readonly words: readonly string[]
  readonly text: string
}

export interface ContractEffects {
  /** Requests that it cut, and by how many units in all. */
  readonly capsApplied: number
  readonly unitsCut: number
  readonly sanctions: number
  readonly sanctionsMicro: bigint
  readonly transfersMicro: bigint
  readonly shortfalls: number
  readonly shortfallMicro: bigint
  readonly faults: number
}

export interface FailedTalks {
  readonly round: number
  readonly talks: readonly TalkTurn[]
}

/** The same seed and agents under another rule, from the plain state machine. */
export interface Counterfactual {
  readonly title: string
  readonly metrics: CommonsMetrics
  /** Welfare: the sum of all payoffs. */
  readonly welfare: number
}
