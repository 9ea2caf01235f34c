import { createClock } from '../clock.ts'
import type { NetworkLimits } from '../network/limits.ts'
import type { NodeParts } from '../node-parts.ts'
import { DRAWS } from './draws.ts'
import { openFaultyReplica } from './faulty-replica.ts'
import type { Fault } from './kinds.ts'
import { clockOf } from './replica/fault.ts'
import { createSkewedClock } from './skewed-clock.ts'
import { CLAIMED_HEIGHT, claimALittle, createLiar, createStaleAnswer } from './wire/answers.ts'
import { startSybils } from './wire/sybils.ts'

/** So that nothing of its own holds it back. */
const BOUNDLESS: Partial<NetworkLimits> = {
  gossipBytesMax: 16 * 1024 * 1024,
  sendBytesMax: 16 * 1024 * 1024,
}

/** The parts of a node that a fault is in, in the place of the honest ones. */
export function sabotage(fault: Fault, parts: NodeParts): NodeParts {
  const { die = killSelf } = parts
  return {
    ...parts,
    ...partsOf(fault, parts),
    openReplica: (context, store, nowMs) =>
      openFaultyReplica({ fault, context, store, nowMs, die }),
  }
}

function partsOf({ kind, fromEpoch }: Fault, parts: NodeParts): NodeParts {
  switch (kind) {
    case 'clock-skew':
      return { clock: createSkewedClock(parts.clock ?? createClock(), clockOf(kind)) }
    case 'oversize':
      return { limits: { ...parts.limits, ...BOUNDLESS } }
    case 'lying-sync':
      return { claimHeight: claimALittle, answerSync: createLiar(DRAWS) }
    case 'stale-sync':
      return { claimHeight: () => CLAIMED_HEIGHT, answerSync: createStaleAnswer(fromEpoch) }
    case 'eclipse':
      return {
        claimHeight: () => CLAIMED_HEIGHT,
        answerSync: createStaleAnswer(fromEpoch),
        startCompanions: (config, store) => startSybils(config, store, fromEpoch),
      }
    default:
      return {}
  }
}

function killSelf(): void {
  process.kill(process.pid, 'SIGKILL')
}
