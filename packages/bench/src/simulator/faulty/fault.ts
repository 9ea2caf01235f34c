import type { ReplicaNetwork, StateChange } from '../network/replica-network.ts'
import type { Behaviour, InstancePlan } from '../plan/plan.ts'
import type { Process } from '../process.ts'
import { createBehaviour } from './behaviour.ts'
import { createCrasher } from './crasher.ts'
import { createDoubleSpender } from './double-spender.ts'
import { createDoubleVote } from './double-vote.ts'
import { createFlooder } from './flooder.ts'
import { createIsolated } from './isolated.ts'
import { createPauser } from './pauser.ts'
import { oneSpell } from './spell.ts'
import { createTalkEquivocator } from './talk-equivocator.ts'
import { withholdReveals, withholdShares } from './withheld.ts'
import { type BehaviourTools, withStep } from './wrap.ts'

/** What a replica of an experiment may do against the protocol, beside playing its agent's part. */
export const FAULT_KINDS = [
  'double-vote',
  'contradict-votes',
  'equivocate-proposals',
  'skip-blocks',
  'withhold-votes',
  'silent-leader',
  'replay',
  'equivocate-talk',
  'double-spend',
  'flood',
  'withhold-reveals',
  'withhold-shares',
  'clock-skew',
  'crash',
  'pause',
  'partition',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** Faults that a process has from its start or not at all. */
export const LIFELONG_FAULTS: readonly FaultKind[] = ['equivocate-proposals', 'clock-skew']

/** Long enough to be missed, too short to miss a phase of 24 heights of 100 ms. */
const SPELL_MS = 1_500
const SKEWED: Pick<InstancePlan, 'clockOffsetMs' | 'clockDriftPpm'> = {
  clockOffsetMs: 60_000,
  clockDriftPpm: 200_000,
}

export function isFaultKind(kind: string): kind is FaultKind {
  return FAULT_KINDS.some((name) => name === kind)
}

/** The clock of a replica with a fault; null stands for none. */
export function clockOf(
  kind: FaultKind | null,
): Pick<InstancePlan, 'clockOffsetMs' | 'clockDriftPpm'> {
  return kind === 'clock-skew' ? SKEWED : { clockOffsetMs: 0, clockDriftPpm: 0 }
}

/** What a fault does to the replica's own state. */
export function stateChangeOf(kind: FaultKind, fromEpoch: number): StateChange | undefined {
  if (kind === 'withhold-reveals') return withholdReveals(fromEpoch)
  return kind === 'withhold-shares' ? withholdShares(fromEpoch) : undefined
}

export interface FaultTools extends BehaviourTools {
  readonly network: ReplicaNetwork
  readonly fromEpoch: number
}

/** A replica as the fault makes it, from an epoch on. */
export function createFaulty(kind: FaultKind, replica: Process, tools: FaultTools): Process {
  const { fromEpoch, network, options } = tools
  const spell = oneSpell(fromEpoch, SPELL_MS)
  switch (kind) {
    case 'clock-skew':
    case 'withhold-reveals':
    case 'withhold-shares':
      return replica
    case 'crash':
      return createCrasher(replica, spell, (nowMs) => network.createProcess({ ...options, nowMs }))
    case 'pause':
      return createPauser(replica, spell)
    case 'partition':
      return createIsolated(replica, spell)
    case 'double-vote':
      return startAt(replica, createDoubleVote(replica, tools), fromEpoch)
    case 'double-spend':
      return startAt(replica, createDoubleSpender(replica, tools), fromEpoch)
    case 'flood':
      return startAt(replica, createFlooder(replica, tools), fromEpoch)
    case 'equivocate-talk':
      return startAt(replica, createTalkEquivocator(replica, tools), fromEpoch)
    default: {
      const own = {
        ...network,
        createProcess: (asked: FaultTools['options']) =>
          asked.instance === options.instance ? replica : network.createProcess(asked),
      }
      const faulty = createBehaviour(VOTE_FAULTS[kind], { ...tools, network: own })
      return startAt(replica, faulty, fromEpoch)
    }
  }
}

const VOTE_FAULTS = {
  'contradict-votes': 'contradictor',
  'equivocate-proposals': 'equivocator',
  'skip-blocks': 'skipper',
  'withhold-votes': 'withholder',
  'silent-leader': 'silent-leader',
  replay: 'replayer',
} as const satisfies Partial<Record<FaultKind, Behaviour>>

/** Both are the same replica: the one that keeps the rules steps it until the epoch. */
function startAt(replica: Process, faulty: Process, fromEpoch: number): Process {
  const isFaulty = (): boolean => replica.inspect().epoch >= fromEpoch
  return {
    ...withStep(replica, (input) => (isFaulty() ? faulty : replica).step(input)),
    nextDeadlineMs: () => (isFaulty() ? faulty : replica).nextDeadlineMs(),
  }
}
