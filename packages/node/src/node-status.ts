import {
  type AgentId,
  type Cid,
  headOf,
  instances,
  type Ledger,
  PROTOCOL_VERSION,
  type ReplicaView,
  type Run,
  runs,
  subnetStates,
} from '@commonweal/protocol'
import type { ModelUsage } from './agent/llm/model-usage.ts'
import type { Suspicion } from './conduct/conduct.ts'
import type { PeerView } from './network/port.ts'
import type { OffenderView } from './peer-faults.ts'

/** One subnet instance where it stands after the last final block. */
export interface InstanceStatus {
  readonly id: string
  readonly kind: string
  readonly status: Run['status']
  /** Counts from 1. */
  readonly run: number
  readonly seats: readonly AgentId[]
  readonly joining: readonly AgentId[]
  readonly leaving: readonly AgentId[]
  /** Agreements in force or to come. */
  readonly agreements: readonly Cid[]
  /** The subnet's own state: of a commons `round`, `stock`, `status` … */
  readonly state: unknown
}

/** A node at a glance: the answer to `GET /status`. */
export interface NodeStatus extends ReplicaView {
  readonly name: string
  readonly network: {
    readonly id: Cid
    readonly name: string
    readonly protocolVersion: number
  }
  readonly peerId: string
  readonly agent: AgentId
  /** Of the policy: "utility λ=0.6". */
  readonly agentName: string
  readonly addresses: readonly string[]
  /** Whether the node's agent is in the validator set of this epoch. */
  readonly isValidator: boolean
  readonly peers: readonly PeerView[]
  readonly instances: readonly InstanceStatus[]
  /** Messages and frames refused since the start, by code. */
  readonly refusals: Readonly<Record<string, number>>
  /** Peers that this node scored down since its start, and what for. */
  readonly offenders: readonly OffenderView[]
  /** Questions that the agent failed to answer since the start. */
  readonly agentFaults: number
  /** Validators that this node names by what it has seen of them. To be absent is no accusation. */
  readonly suspects: readonly Suspicion[]
  /** What the agent asked of its language model since the start; null where it has none. */
  readonly model: ModelUsage | null
}

export interface StatusParts
  extends Omit<NodeStatus, keyof ReplicaView | 'network' | 'isValidator' | 'instances'> {
  readonly networkId: Cid
  readonly networkName: string
  readonly view: ReplicaView
  readonly ledger: Ledger
}

export function createStatus({
  view,
  ledger,
  networkId,
  networkName,
  ...rest
}: StatusParts): NodeStatus {
  return {
    ...rest,
    network: { id: networkId, name: networkName, protocolVersion: PROTOCOL_VERSION },
    ...view,
    isValidator: headOf(ledger).validators.some(({ agent }) => agent === rest.agent),
    instances: describeInstances(ledger),
  }
}

function describeInstances(ledger: Ledger): readonly InstanceStatus[] {
  return [...instances.entries(ledger)].flatMap(([id, { kind }]) => {
    const run = runs.find(ledger, id)
    if (run === undefined) return []
    const { status, run: count, seats, joining, leaving, agreements } = run
    const state = subnetStates.find(ledger, id)
    return [{ id, kind, status, run: count, seats, joining, leaving, agreements, state }]
  })
}
