import type { Cid } from '../codec/cid.ts'
import type { EnforcementRecord } from '../contract/enforcement.ts'
import type { Terms } from '../contract/terms.ts'
import type { AgentId } from '../identity/agent-id.ts'

/** A phase of an epoch, in this order; `signal` only where an instance shows one. [EPO-1] */
export type Phase = 'negotiate' | 'signal' | 'seal' | 'reveal' | 'beacon'

/** What a block did beyond its receipts, for whoever watches. Follows from the block; not part of the state. */
export type ChainEvent =
  | {
      readonly kind: 'phase'
      readonly epoch: number
      readonly phase: Phase
      readonly height: number
    }
  | {
      readonly kind: 'agreement-formed'
      readonly id: Cid
      readonly terms: Terms
      readonly signers: readonly AgentId[]
    }
  | {
      readonly kind: 'agreement-ended'
      readonly id: Cid
      readonly why: 'expired' | 'replaced' | 'terminated' | 'run-ended'
    }
  /** A round was settled. `row` is the subnet's public record of it. */
  | {
      readonly kind: 'round-settled'
      readonly subnet: string
      readonly epoch: number
      readonly run: number
      readonly row: unknown
      readonly laws: readonly { readonly id: Cid; readonly records: readonly EnforcementRecord[] }[]
      readonly creditsMicro: readonly bigint[]
    }
  | {
      readonly kind: 'run-started'
      readonly subnet: string
      readonly run: number
      readonly seats: readonly AgentId[]
    }
  | { readonly kind: 'run-ended'; readonly subnet: string; readonly run: number }
  | {
      readonly kind: 'sits-out'
      readonly subnet: string
      readonly agent: AgentId
      readonly code: 'cannot-fund-round'
    }
  | {
      readonly kind: 'slashed'
      readonly agent: AgentId
      readonly offence: Offence
      readonly amountMicro: bigint
    }

/** [SLA-1] */
export type Offence =
  | 'conflicting-votes'
  | 'equivocation'
  | 'seal-not-revealed'
  | 'share-not-revealed'
  | 'unfunded-agreement'
