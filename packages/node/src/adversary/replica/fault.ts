import type { StateChange } from '../../replica-port.ts'
import type { FaultKind } from '../kinds.ts'
import { createBehaviour, type FaultyBehaviour } from './behaviour.ts'
import { createCrasher } from './crasher.ts'
import { createDoubleSpender } from './double-spender.ts'
import { createDoubleVote } from './double-vote.ts'
import { type BehaviourTools, withStep } from './faulty-process.ts'
import { createFlooder } from './flooder.ts'
import { createIsolated } from './isolated.ts'
import { createPauser } from './pauser.ts'
import type { Process } from './process.ts'
import { oneSpell } from './spell.ts'
import { createTalkEquivocator } from './talk-equivocator.ts'
import { withholdReveals, withholdShares } from './withheld.ts'

const SKEWED: ClockFault = {
  clockOffsetMs: 60_000,
  clockDriftPpm: 200_000,
}

/** How far a clock is ahead, and how much faster it runs. */
export interface ClockFault {
  readonly clockOffsetMs: number
  readonly clockDriftPpm: number
}

/** The clock of a replica with a fault; null stands for none. */
export function clockOf(kind: FaultKind | null): ClockFault {
  return kind === 'clock-skew' ? SKEWED : { clockOffsetMs: 0, clockDriftPpm: 0 }
}

/** What a fault does to the replica's own state. */
export function stateChangeOf(kind: FaultKind, fromEpoch: number): StateChange | undefined {
  if (kind === 'withhold-reveals') return withholdReveals(fromEpoch)
  return kind === 'withhold-shares' ? withholdShares(fromEpoch) : undefined
}

export interface FaultTools extends BehaviourTools {
  readonly fromEpoch: number
  readonly spellMs: number
  /** Starts the replica again from its disk. */
  readonly restart: (nowMs: number) => Process
}

/** A replica as the fault makes it, from an epoch on. */
export function createFaulty(kind: FaultKind, replica: Process, tools: FaultTools): Process {
  const { fromEpoch, restart, spellMs } = tools
  const spell = oneSpell(fromEpoch, spellMs)
  switch (kind) {
    case 'clock-skew':
    case 'withhold-reveals':
    case 'withhold-shares':
      return replica
    case 'crash':
      return createCrasher(replica, spell, restart)
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
    default:
      return startAt(replica, createBehaviour(VOTE_FAULTS[kind], replica, tools), fromEpoch)
  }
}

const VOTE_FAULTS = {
  'contradict-votes': 'contradictor',
  'equivocate-proposals': 'equivocator',
  'skip-blocks': 'skipper',
  'withhold-votes': 'withholder',
  'silent-leader': 'silent-leader',
  replay: 'replayer',
} as const satisfies Partial<Record<FaultKind, FaultyBehaviour>>

/** Both are the same replica: the one that keeps the rules steps it until the epoch. */
export function startAt(replica: Process, faulty: Process, fromEpoch: number): Process {
  const isFaulty = (): boolean => replica.inspect().epoch >= fromEpoch
  return {
    ...withStep(replica, (input) => (isFaulty() ? faulty : replica).step(input)),
    nextDeadlineMs: () => (isFaulty() ? faulty : replica).nextDeadlineMs(),
  }
}
