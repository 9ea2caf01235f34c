import type { AgentId } from '../identity/agent-id.ts'
import type { Block, Certificate } from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'
import type { Command } from './command.ts'

/** Everything that can happen to a replica. Each carries the time at which it happened. */
export type Input =
  /** A message from a peer, by gossip or direct, its signature checked. */
  | {
      readonly kind: 'message'
      readonly message: Verified
      readonly from: AgentId | null
      readonly nowMs: number
    }
  /** A certificate sent directly; its signatures are checked against the epoch's set inside. */
  | {
      readonly kind: 'certificate'
      readonly certificate: Certificate
      readonly from: AgentId | null
      readonly nowMs: number
    }
  /** A body that we asked for; checked against the id that we asked for. */
  | {
      readonly kind: 'block'
      readonly block: Block
      readonly from: AgentId | null
      readonly nowMs: number
    }
  /** Final blocks above our height, oldest first, and a finalize certificate for the last. */
  | {
      readonly kind: 'chain'
      readonly blocks: readonly Block[]
      readonly certificate: Certificate
      readonly from: AgentId | null
      readonly nowMs: number
    }
  /** The deadline that `nextDeadlineMs` named has come. */
  | { readonly kind: 'tick'; readonly nowMs: number }
  /** The local agent or operator wants something. */
  | { readonly kind: 'command'; readonly command: Command; readonly nowMs: number }
  | { readonly kind: 'peer-up' | 'peer-down'; readonly peer: AgentId; readonly nowMs: number }
