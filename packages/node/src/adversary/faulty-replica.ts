import { invariant, open, type ReplicaContext } from '@commonweal/protocol'
import type { ReplicaPort, StorePort } from '../ports.ts'
import { openReplica, type StartedReplica } from '../replica-port.ts'
import { DRAWS } from './draws.ts'
import { type Fault, isWireKind } from './kinds.ts'
import { createMortal } from './mortal.ts'
import { createFaulty, startAt, stateChangeOf } from './replica/fault.ts'
import type { BehaviourTools } from './replica/faulty-process.ts'
import type { Process } from './replica/process.ts'
import { dropPool } from './replica/second-mouth.ts'
import { createWireAttacker } from './wire/attacker.ts'

export interface FaultyReplicaOptions {
  readonly fault: Fault
  readonly context: ReplicaContext
  readonly store: StorePort
  readonly nowMs: number
  /** Ends the whole process at once, as kill -9 does. */
  readonly die: () => void
}

/** The replica of a store as a fault makes it: what the simulator does to a replica, done to that of a node. */
export function openFaultyReplica(options: FaultyReplicaOptions): StartedReplica {
  const { fault, context, store, nowMs } = options
  const change = isWireKind(fault.kind) ? undefined : stateChangeOf(fault.kind, fault.fromEpoch)
  const { replica, effects } = openReplica(context, store, nowMs, change)
  return { replica: toReplica(replica, createProcess(options, toProcess(replica))), effects }
}

function createProcess(options: FaultyReplicaOptions, process: Process): Process {
  const { fault, context, store, nowMs, die } = options
  const { kind, fromEpoch, spellMs } = fault
  const tools: BehaviourTools = {
    networkId: context.networkId,
    signer: context.signer,
    agents: agentsOf(context),
    random: DRAWS,
    open: (envelope) => {
      const opened = open(envelope, context)
      return opened.ok ? opened.value : null
    },
    createSecond: () => mouthOf(toProcess(openReplica(context, store, nowMs, dropPool).replica)),
  }
  if (isWireKind(kind)) {
    return startAt(process, createWireAttacker(kind, process, tools), fromEpoch)
  }
  if (kind === 'crash') return createMortal(process, fromEpoch, die)
  return createFaulty(kind, process, { ...tools, fromEpoch, spellMs, restart: () => process })
}

/** Those whom the network began with, and itself. */
function agentsOf({
  genesis,
  signer,
}: ReplicaContext): readonly ReplicaContext['signer']['agent'][] {
  return [...new Set([...genesis.accounts.map(({ agent }) => agent), signer.agent])]
}

/** A process that only speaks: disk, agent and ledger are those of the other. */
function mouthOf(process: Process): Process {
  const step: Process['step'] = (input) =>
    process
      .step(input)
      .filter(({ kind }) => kind === 'publish' || kind === 'send' || kind === 'fetch-block')
  return { ...process, step }
}

function toProcess(replica: ReplicaPort): Process {
  return {
    step: (input) => replica.step(input),
    nextDeadlineMs: () => replica.nextDeadlineMs(),
    inspect: () => {
      const { epoch, view, finalHeight: height } = replica.view()
      return { epoch, view, height, stateDigest: replica.ledger().digest() }
    },
  }
}

function toReplica(replica: ReplicaPort, process: Process): ReplicaPort {
  return {
    step: (input) =>
      process.step(input).map((effect) => {
        invariant(effect.kind !== 'evidence', 'a whole replica reports evidence itself')
        return effect
      }),
    nextDeadlineMs: () => process.nextDeadlineMs(),
    view: () => replica.view(),
    ledger: () => replica.ledger(),
    reopen: (nowMs) => replica.reopen(nowMs),
  }
}
