import type { Fault } from '@commonweal/node/adversary'
import type { NewcomerReport } from '@commonweal/node/local'
import type { AgentId } from '@commonweal/protocol'
import type { HeightedEvent } from '../chain/slashings.ts'
import type { Metrics } from '../run-result.ts'
import { attackMetrics } from '../sim/attack-metrics.ts'
import type { NodeView } from './node-view.ts'

export interface NetFacts {
  /** Agents by seat. */
  readonly seats: readonly AgentId[]
  readonly faults: readonly (Fault | null)[]
  readonly events: readonly HeightedEvent[]
  /** What the nodes that keep the rules say at the end. */
  readonly views: readonly Pick<NodeView, 'offenders' | 'errorMicro'>[]
  readonly newcomer: NewcomerReport | null
}

/** Faults that say something for which the protocol punishes. */
const SAID: readonly string[] = ['double-vote', 'contradict-votes', 'equivocate-talk']

/**
 * How an attack on processes was met, as far as the chain and the nodes' own words tell.
 *
 * Nobody overhears a process: an offence that is said begins with the epoch from which on the node says it.
 */
export function netMetrics({ seats, faults, events, views, newcomer }: NetFacts): Metrics {
  if (faults.every((fault) => fault === null)) return {}
  const offences = new Map<AgentId, number>()
  for (const [seat, agent] of seats.entries()) {
    const fault = faults[seat] ?? null
    const height = fault === null ? undefined : firstHeightOf(fault.fromEpoch, events)
    if (fault !== null && SAID.includes(fault.kind) && height !== undefined) {
      offences.set(agent, height)
    }
  }
  const errors = views.map(({ errorMicro }) => Math.abs(Number(errorMicro)))
  return {
    ...attackMetrics({ seats, faults, events, offences, named: null }),
    ...peerMetrics(seats, faults, [...views, ...(newcomer === null ? [] : [newcomer])]),
    ...(newcomer === null ? {} : { 'newcomer.follows': Number(newcomer.status === 'follows') }),
    conservationError: errors.length === 0 ? null : Math.max(...errors),
  }
}

function firstHeightOf(epoch: number, events: readonly HeightedEvent[]): number | undefined {
  return events.find(({ event }) => event.kind === 'phase' && event.epoch >= epoch)?.height
}

/** Seats that at least one node which keeps the rules thinks ill of. */
function peerMetrics(
  seats: readonly AgentId[],
  faults: readonly (Fault | null)[],
  views: readonly Pick<NodeView, 'offenders'>[],
): Metrics {
  const offenders = views.flatMap(({ offenders: own }) => own)
  const down = new Set(offenders.map(({ agent }) => agent))
  const banned = new Set(offenders.flatMap(({ agent, isBanned }) => (isBanned ? [agent] : [])))
  const count = (agents: ReadonlySet<string | null>, isFaulty: boolean): number =>
    seats.filter(
      (agent, seat) => agents.has(agent) && ((faults[seat] ?? null) !== null) === isFaulty,
    ).length
  return {
    'scoredDown.faulty': count(down, true),
    'scoredDown.honest': count(down, false),
    'banned.faulty': count(banned, true),
    'banned.honest': count(banned, false),
  }
}
