import {
  type AgentId,
  agentIdOfPeer,
  headOf,
  type Ledger,
  peerIdOf,
  type Topic,
} from '@commonweal/protocol'
import type { AgentDesk } from './agent-desk.ts'
import { encodeConsensusFrame } from './consensus-frame.ts'
import type { ForecastDesk } from './forecast/forecast-desk.ts'
import type { Outward } from './loop.ts'
import type { Host } from './network/port.ts'
import { TransportError } from './network/transport-error.ts'
import type { LogPort } from './ports.ts'
import type { BlockFetcher } from './sync/block-fetcher.ts'
import type { CatchUp } from './sync/catch-up.ts'

/** Effects that somebody in the node waits for or shows. */
export type Told = Extract<Outward, { readonly kind: 'final' | 'answer' | 'heard' }>

export interface EffectsOptions {
  readonly host: Host
  readonly ledger: () => Ledger
  readonly fetcher: BlockFetcher
  readonly catchUp: CatchUp
  readonly desk: AgentDesk
  /** Null where the agent does not forecast. */
  readonly forecasts: ForecastDesk | null
  readonly log: LogPort
  readonly onTold: (told: Told) => void
}

/** Own words of an epoch that a peer is told when it comes: more than one party may say in a conversation. */
const SAID_MAX = 128

/**
 * Carries out what the replica asks for beyond the disk. Votes, blocks and transactions that do not get through, the replica
 * sends again; what was said in a negotiation it does not, so that a peer which comes later is told it here.
 */
export class Effects {
  readonly #options: EffectsOptions
  #said: { readonly epoch: number; readonly frames: readonly Uint8Array[] } = {
    epoch: 0,
    frames: [],
  }

  constructor(options: EffectsOptions) {
    this.#options = options
  }

  carryOut(effect: Outward): void {
    const { fetcher, catchUp, desk, forecasts, onTold } = this.#options
    switch (effect.kind) {
      case 'publish':
        this.#publish(effect.topic, effect.envelope)
        break
      case 'send':
        this.#send(effect.to, encodeConsensusFrame(effect.frame))
        break
      case 'fetch-block':
        fetcher.fetch(effect.id, effect.from)
        break
      case 'sync':
        catchUp.start(effect.from)
        break
      case 'ask-agent':
        desk.ask(effect.question)
        break
      case 'ask-forecast':
        forecasts?.ask(effect)
        break
      case 'ask-verdict':
        forecasts?.askVerdict(effect)
        break
      case 'statement-sealed':
        forecasts?.sealed(effect)
        break
      case 'final':
      case 'answer':
      case 'heard':
        onTold(effect)
        break
    }
  }

  /** Tells a peer that has come what we said in this epoch's negotiations. */
  greet(peerId: string): void {
    if (this.#said.epoch !== headOf(this.#options.ledger()).epoch) return
    for (const frame of this.#said.frames) this.#sendTo(peerId, frame)
  }

  /** By gossip; directly to who is connected and does not hear our gossip yet. */
  #publish(topic: Topic, envelope: Uint8Array): void {
    const { host, ledger } = this.#options
    this.#watch(host.publish(topic, envelope), { topic })
    const frame = encodeConsensusFrame({ kind: 'envelope', envelope })
    for (const { peerId, gossipOutbound, topics } of host.peers()) {
      if (!gossipOutbound || !topics.includes(topic)) this.#sendTo(peerId, frame)
    }
    if (topic !== 'negotiation') return
    const { epoch } = headOf(ledger())
    const before = this.#said.epoch === epoch ? this.#said.frames : []
    this.#said = { epoch, frames: [...before, frame].slice(-SAID_MAX) }
  }

  #send(to: AgentId | null, bytes: Uint8Array): void {
    for (const peerId of to === null ? this.#validators() : [peerIdOf(to)]) {
      this.#sendTo(peerId, bytes)
    }
  }

  #sendTo(peerId: string, bytes: Uint8Array): void {
    this.#watch(this.#options.host.send(peerId, 'consensus', bytes), { peerId })
  }

  /** Connected peers that vote in this epoch. */
  #validators(): readonly string[] {
    const { host, ledger } = this.#options
    const agents = new Set(headOf(ledger()).validators.map(({ agent }) => agent))
    return host.peers().flatMap(({ peerId }) => {
      const agent = agentIdOfPeer(peerId)
      return agent !== undefined && agents.has(agent) ? [peerId] : []
    })
  }

  #watch(work: Promise<unknown>, facts: Readonly<Record<string, string>>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof TransportError)) throw error
      this.#options.log.debug({ ...facts, code: error.code }, 'a message did not go out')
    })
  }
}
