import type { SuspicionKind } from '@commonweal/node/conduct'
import { type AgentId, TOKEN_MICRO } from '@commonweal/protocol'
import type { HeightedEvent } from '../chain/slashings.ts'
import type { Metrics } from '../run-result.ts'

export interface AttackFacts {
  /** Agents by seat. */
  readonly seats: readonly AgentId[]
  readonly faults: readonly ({ readonly kind: string } | null)[]
  readonly events: readonly HeightedEvent[]
  /** Offenders that were overheard, and the height of their first offence. */
  readonly offences: ReadonlyMap<AgentId, number>
  /** Whom a replica that keeps the rules names for what, and at which height first; null where nobody kept count. */
  readonly named: ReadonlyMap<AgentId, ReadonlyMap<SuspicionKind, number>> | null
}

/** A punishment, and the height of the offence that it is for. */
interface Punishment {
  readonly agent: AgentId
  readonly amountMicro: bigint
  readonly height: number
  readonly offenceHeight: number
}

/**
 * How an attack was met: whom the ledger punished, and how soon.
 *
 * Tokens are what it took from faulty agents. Precision is the part of the agents punished that are faulty, recall the part of the
 * offenders that were punished. Null where nobody was punished, or nobody did what the protocol punishes.
 */
export function attackMetrics(facts: AttackFacts): Metrics {
  const { seats, faults, events, offences, named } = facts
  const punishments = findPunishments(events, offences)
  const slashed = new Set(punishments.map(({ agent }) => agent))
  const isFaulty = (agent: AgentId): boolean => (faults[seats.indexOf(agent)] ?? null) !== null
  const faultySlashed = [...slashed].filter(isFaulty)
  const offenders = new Set([...offences.keys(), ...withholders(seats, faults), ...faultySlashed])
  const delays = faultySlashed.map((agent) => detectionHeights(agent, punishments))
  const takenMicro = punishments
    .filter(({ agent }) => isFaulty(agent))
    .reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
  return {
    'slashed.tokens': Number(takenMicro) / Number(TOKEN_MICRO),
    'slashed.faulty': faultySlashed.length,
    'slashed.honest': slashed.size - faultySlashed.length,
    'slashing.precision': rateOf(faultySlashed.length, slashed.size),
    'slashing.recall': rateOf(faultySlashed.length, offenders.size),
    'detection.heights': meanOf(delays),
    ...(named === null ? {} : suspectMetrics({ seats, faults, named }, slashed)),
  }
}

/** Faults of which no more than absence may be said. */
const AWAY: readonly string[] = ['crash', 'pause', 'partition']

/**
 * Whom one replica that keeps the rules names by what it sees of the others, whatever the ledger punishes.
 *
 * Precision is the part of those named that are faulty, and absent where no more is named; recall the part of the faulty that are
 * named. Heights count from the start of the run.
 */
function suspectMetrics(
  {
    seats,
    faults,
    named,
  }: Pick<AttackFacts, 'seats' | 'faults'> & { readonly named: NonNullable<AttackFacts['named']> },
  slashed: ReadonlySet<AgentId>,
): Metrics {
  const faulty = seats.filter((_, seat) => (faults[seat] ?? null) !== null)
  const right = [...named].filter(([agent, kinds]) => {
    const fault = faults[seats.indexOf(agent)] ?? null
    if (fault === null) return false
    return !AWAY.includes(fault.kind) || [...kinds.keys()].every((kind) => kind === 'absent')
  })
  const known = faulty.filter((agent) => slashed.has(agent) || named.has(agent))
  return {
    'suspects.precision': rateOf(right.length, named.size),
    'suspects.recall': rateOf(faulty.filter((agent) => named.has(agent)).length, faulty.length),
    'suspects.honest': [...named.keys()].filter((agent) => !faulty.includes(agent)).length,
    'suspects.heights': meanOf(right.map(([, kinds]) => Math.min(...kinds.values()))),
    named: rateOf(known.length, faulty.length),
  }
}

/** Each punishment beside its offence: what was said, or the beginning of the phase in which something was not revealed. */
function findPunishments(
  events: readonly HeightedEvent[],
  offences: ReadonlyMap<AgentId, number>,
): readonly Punishment[] {
  const phaseHeights = new Map<string, number>()
  const punishments: Punishment[] = []
  for (const { height, event } of events) {
    if (event.kind === 'phase') phaseHeights.set(event.phase, height)
    if (event.kind !== 'slashed') continue
    const { agent, amountMicro } = event
    const phase = phaseOf(event.offence)
    const begun = phase === null ? offences.get(agent) : phaseHeights.get(phase)
    punishments.push({ agent, amountMicro, height, offenceHeight: begun ?? height })
  }
  return punishments
}

function phaseOf(offence: string): string | null {
  if (offence === 'seal-not-revealed') return 'reveal'
  return offence === 'share-not-revealed' ? 'beacon' : null
}

/** Who keeps back what it has sealed says nothing that could be overheard. */
function withholders(
  seats: readonly AgentId[],
  faults: readonly ({ readonly kind: string } | null)[],
): readonly AgentId[] {
  return seats.filter(
    (_, seat) =>
      faults[seat]?.kind.startsWith('withhold-') === true &&
      faults[seat]?.kind !== 'withhold-votes',
  )
}

/** From the first offence of an agent to its first punishment. */
function detectionHeights(agent: AgentId, punishments: readonly Punishment[]): number {
  const first = punishments.find((punishment) => punishment.agent === agent)
  return first === undefined ? 0 : first.height - first.offenceHeight
}

function rateOf(count: number, whole: number): number | null {
  return whole === 0 ? null : count / whole
}

function meanOf(values: readonly number[]): number | null {
  return rateOf(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  )
}
