import {
  type EventQuery,
  ForecastDesk,
  OpenerDesk,
  type SignalFrame,
  type StoredEvent,
} from '@commonweal/node/agent'
import { type AgentId, type Command, type Ledger, present } from '@commonweal/protocol'
import { atOncePorts } from '../../forecast/desk-ports.ts'
import type { MarketPart } from '../../forecast/market-play.ts'
import type { Disk } from '../engine/disk.ts'
import type { Scheduled, SentSignal } from '../engine/event.ts'
import type { Instance } from '../engine/instance.ts'
import type { PeerChange, WorldOptions } from '../engine/world-options.ts'
import type { ProcessEffect } from '../process.ts'

export interface AttachedDesksOptions {
  /** By seat. */
  readonly agents: readonly AgentId[]
  /** The agent of a seat as it is before its first question: made again when its replica starts again. */
  readonly createPart: (seat: number) => MarketPart
  /** The latest replica of a seat. */
  readonly replicaOf: (seat: number) => Replica | undefined
  /** What an agent takes to answer, in virtual time. */
  readonly thinkMs: number
}

interface Replica {
  readonly ledger: Ledger
}

/** What stands beside one replica. */
interface Side {
  readonly replica: Replica
  readonly desk: ForecastDesk | null
  readonly opener: OpenerDesk | null
}

type Wanted = readonly (Scheduled | SentSignal)[]

/**
 * Attaches the desks of a node to the replicas of a world, an instance each: they answer what the replica asks about a market, and
 * their signals take their time on the links between the nodes.
 */
export class AttachedDesks
  implements Required<Pick<WorldOptions, 'onEffect' | 'onSignal' | 'onPeer'>>
{
  readonly #options: AttachedDesksOptions
  readonly #sides = new Map<number, Side>()
  readonly #outboxes = new Map<number, (Scheduled | SentSignal)[]>()

  constructor(options: AttachedDesksOptions) {
    this.#options = options
  }

  readonly onEffect = (instance: Instance, effect: ProcessEffect): Wanted => {
    const { side, isNew } = this.#sideOf(instance)
    switch (effect.kind) {
      case 'ask-forecast':
        side?.desk?.ask(effect)
        break
      case 'ask-verdict':
        side?.desk?.askVerdict(effect)
        break
      case 'statement-sealed':
        side?.desk?.sealed(effect)
        break
      case 'final':
        for (const { events } of isNew ? [] : effect.blocks) {
          side?.desk?.onEvents(events)
          side?.opener?.onEvents(events)
        }
        side?.opener?.act()
        break
      default:
    }
    return this.#take(instance.agent)
  }

  readonly onSignal = (instance: Instance, signal: SignalFrame, from: AgentId): Wanted => {
    this.#sideOf(instance).side?.desk?.onFrame(signal, from)
    return this.#take(instance.agent)
  }

  readonly onPeer = (instance: Instance, { kind, peer }: PeerChange): Wanted => {
    const { side } = this.#sideOf(instance)
    if (kind === 'peer-up') side?.desk?.onPeer(peer)
    else side?.desk?.onPeerGone(peer)
    return this.#take(instance.agent)
  }

  /** The side of an instance's replica; a new one where that has started, first or again. */
  #sideOf({ agent: seat, disk }: Instance): {
    readonly side: Side | undefined
    readonly isNew: boolean
  } {
    const replica = this.#options.replicaOf(seat)
    const known = this.#sides.get(seat)
    if (replica === undefined || known?.replica === replica) return { side: known, isNew: false }
    const side = this.#createSide(seat, replica, disk)
    this.#sides.set(seat, side)
    for (const agent of this.#options.agents) side.desk?.onPeer(agent)
    if (known !== undefined) this.#meetAgain(seat, side)
    return { side, isNew: true }
  }

  #createSide(seat: number, replica: Replica, disk: Disk): Side {
    const { agents, createPart, replicaOf, thinkMs } = this.#options
    const agent = present(agents[seat], 'every seat has an agent')
    const { forecaster, opener, marginHeights } = createPart(seat)
    const outbox = this.#outboxOf(seat)
    const ports = {
      store: { events: (query: EventQuery) => eventsOn(disk, query) },
      ledger: () => (replicaOf(seat) ?? replica).ledger,
      onCommand: (command: Command) =>
        void outbox.push({ delayMs: thinkMs, input: { kind: 'command', command } }),
    }
    const send = (to: AgentId, signal: SignalFrame): void => void outbox.push({ to, signal })
    return {
      replica,
      desk:
        forecaster === undefined
          ? null
          : new ForecastDesk({ ...atOncePorts, ...ports, forecaster, agent, marginHeights, send }),
      opener: opener === undefined ? null : new OpenerDesk({ ...ports, opener }),
    }
  }

  /** Who has started again knows none of its customers: they ask again as soon as they are connected. */
  #meetAgain(seat: number, side: Side): void {
    const { agents } = this.#options
    const agent = present(agents[seat], 'every seat has an agent')
    for (const [other, { desk }] of this.#sides) {
      if (other === seat) continue
      const waiting = this.#take(other)
      desk?.onPeerGone(agent)
      desk?.onPeer(agent)
      for (const wanted of this.#take(other)) {
        if ('signal' in wanted) {
          side.desk?.onFrame(wanted.signal, present(agents[other], 'every seat has an agent'))
        }
      }
      this.#outboxOf(other).push(...waiting)
    }
  }

  #outboxOf(seat: number): (Scheduled | SentSignal)[] {
    const outbox = this.#outboxes.get(seat) ?? []
    this.#outboxes.set(seat, outbox)
    return outbox
  }

  #take(seat: number): Wanted {
    return this.#outboxOf(seat).splice(0)
  }
}

/** Events of the final blocks on a disk. */
function eventsOn(
  { finals }: Disk,
  { afterHeight, kinds, countMax }: EventQuery,
): readonly StoredEvent[] {
  return finals
    .flatMap(({ blocks }) => blocks)
    .filter(({ block }) => block.header.height > afterHeight)
    .flatMap(({ block, events }) =>
      events.map((event, index) => ({ height: block.header.height, index, event })),
    )
    .filter(({ event }) => kinds === undefined || kinds.includes(event.kind))
    .slice(0, countMax)
}
