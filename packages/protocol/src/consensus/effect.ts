import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Block, Certificate, Vote } from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'

/** What consensus puts on disk, before anything that depends on it goes on the wire. [CON-W] */
export type ConsensusRecord =
  /** A vote or proposal of our own, signed. */
  | { readonly kind: 'signed'; readonly envelope: Uint8Array }
  /** A certificate that let us enter a view, or that notarizes or finalizes a block that we hold. */
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** A block that we voted for or that is notarized. */
  | { readonly kind: 'block'; readonly id: Cid; readonly block: Block }

/** Two votes of one validator that contradict each other. [CON-11] */
export interface VoteEvidence {
  readonly first: Verified<Vote>
  readonly second: Verified<Vote>
}

/**
 * What consensus wants done, in this order: a `persist` is on disk before any effect behind it is carried out.
 *
 * `final` lists the blocks that became final, oldest first, with the post state of each and the certificate of the last.
 */
export type ConsensusEffect<State> =
  | { readonly kind: 'persist'; readonly records: readonly ConsensusRecord[] }
  /** Gossip a signed envelope to all. */
  | { readonly kind: 'publish'; readonly topic: 'consensus'; readonly envelope: Uint8Array }
  /** Directly, past gossip's seen cache: to one validator, or to every connected one (null). */
  | { readonly kind: 'send'; readonly to: AgentId | null; readonly frame: ConsensusFrame }
  /** A body that we lack: the answer comes back as an input. */
  | { readonly kind: 'fetch-block'; readonly id: Cid; readonly from: AgentId | null }
  /** We are behind: final blocks above our height, from anybody. */
  | { readonly kind: 'sync'; readonly from: AgentId | null }
  | {
      readonly kind: 'final'
      readonly blocks: readonly { readonly id: Cid; readonly block: Block; readonly post: State }[]
      readonly certificate: Certificate
    }
  | { readonly kind: 'evidence'; readonly evidence: VoteEvidence }

/** What travels on the direct stream `/commonweal/consensus/1`. */
export type ConsensusFrame =
  | { readonly kind: 'envelope'; readonly envelope: Uint8Array }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
