import type { LogPort, StorePort } from '@commonweal/node'
import { type Agent, ForecastDesk, OpenerDesk, type SignalFrame } from '@commonweal/node/agent'
import type { AgentId, Command, Effect } from '@commonweal/protocol'
import type { Member, VirtualClock } from './virtual-network.ts'

const SILENT: LogPort = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const TIMEOUT_MS = 1_000
const MARGIN_HEIGHTS = 6

type Part = Pick<Agent, 'forecaster' | 'opener'>

interface Side {
  readonly member: Member
  readonly desk: ForecastDesk | null
  readonly opener: OpenerDesk | null
}

export interface MarketSidesOptions {
  readonly clock: () => VirtualClock
  /** What stands beside a member that has just started. */
  readonly partOf: (agent: AgentId) => Part
  readonly storeOf: (agent: AgentId) => StorePort
  readonly onFault: (sentence: string) => void
  /** Whether a signal gets lost. */
  readonly isLost: () => boolean
}

/** The desks beside the members of a network: they live and die with them, and hear one another at once. */
export class MarketSides {
  readonly #options: MarketSidesOptions
  readonly #sides = new Map<AgentId, Side>()

  constructor(options: MarketSidesOptions) {
    this.#options = options
  }

  readonly onEffect = (member: Member, effect: Effect): void => {
    const { desk, opener } = this.#sideOf(member)
    switch (effect.kind) {
      case 'ask-forecast':
        desk?.ask(effect)
        break
      case 'ask-verdict':
        desk?.askVerdict(effect)
        break
      case 'statement-sealed':
        desk?.sealed(effect)
        break
      case 'final':
        for (const { events } of effect.blocks) {
          desk?.onEvents(events)
          opener?.onEvents(events)
        }
        opener?.act()
        break
      default:
    }
  }

  /** A member has died: nobody hears it, and it hears nobody. */
  end(agent: AgentId): void {
    this.#sides.get(agent)?.desk?.close()
    this.#sides.delete(agent)
    for (const { desk } of this.#sides.values()) desk?.onPeerGone(agent)
  }

  /** Everybody meets a member that has started. */
  meet(agent: AgentId): void {
    const met = this.#sides.get(agent)
    for (const [other, { desk }] of this.#sides) {
      if (other === agent) continue
      desk?.onPeer(agent)
      met?.desk?.onPeer(other)
    }
  }

  #sideOf(member: Member): Side {
    const known = this.#sides.get(member.agent)
    if (known?.member === member) return known
    const { clock, partOf, storeOf, onFault } = this.#options
    const { agent, ledger } = member
    const { forecaster, opener } = partOf(agent)
    const store = storeOf(agent)
    const onCommand = (command: Command): void =>
      void member.loop.submit({ kind: 'command', command })
    const side: Side = {
      member,
      desk:
        forecaster === undefined
          ? null
          : new ForecastDesk({
              forecaster,
              agent,
              clock: clock(),
              log: SILENT,
              store,
              timeoutMs: TIMEOUT_MS,
              marginHeights: MARGIN_HEIGHTS,
              ledger,
              send: (to, frame) => this.#send(agent, to, frame),
              onCommand,
              onFault: ({ sentence }) => onFault(sentence),
            }),
      opener: opener === undefined ? null : new OpenerDesk({ opener, store, ledger, onCommand }),
    }
    this.#sides.set(agent, side)
    return side
  }

  #send(from: AgentId, to: AgentId, frame: SignalFrame): void {
    if (!this.#options.isLost()) this.#sides.get(to)?.desk?.onFrame(frame, from)
  }
}
