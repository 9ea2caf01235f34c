import {
  type AgentId,
  answerSync,
  type Block,
  type ConsensusFrame,
  type SyncRequest,
  type Verified,
} from '@commonweal/protocol'
import type { Network } from '../process.ts'
import type { SentSignal, TimelessInput, WorldEvent } from './event.ts'
import type { EventQueue } from './event-queue.ts'
import type { Instance } from './instance.ts'
import type { Arrival, Links } from './links.ts'
import type { Random } from './random.ts'
import type { Reader } from './reader.ts'

/** What is lost on a stream between two nodes that are connected is sent again after so long, at most so many times. */
const RESEND_MS = 200
const RESENDS_MAX = 64

interface MailOptions {
  readonly network: Network
  readonly instances: readonly Instance[]
  readonly links: Links
  readonly queue: EventQueue<WorldEvent>
  readonly reader: Reader
  readonly random: Random
}

/** How things get from one instance to another: gossip, direct frames, requests with their responses. [SIM-2] */
export class Mail {
  readonly #options: MailOptions

  constructor(options: MailOptions) {
    this.#options = options
  }

  agentOf(instance: Instance): AgentId {
    const signer = this.#options.network.signers[instance.agent]
    if (signer === undefined) throw new RangeError(`the network has no agent ${instance.agent}`)
    return signer.agent
  }

  /** Gossip, to everyone. What is in the publisher's own seen cache does not leave it. */
  publish(from: Instance, envelope: Uint8Array, nowMs: number): void {
    const { instances, reader } = this.#options
    const message = reader.open(envelope)
    if (message === null || !from.see(contentId(message), nowMs)) return
    for (const to of instances) {
      if (to !== from) this.#sendEnvelope(from, to, { envelope, isGossip: true, nowMs })
    }
  }

  /** A direct frame, past the seen caches: to every instance of an agent, or of every agent (null). */
  send(from: Instance, agent: AgentId | null, frame: ConsensusFrame, nowMs: number): void {
    for (const to of this.#receivers(from, agent)) {
      if (frame.kind === 'envelope') {
        this.#sendEnvelope(from, to, { envelope: frame.envelope, isGossip: false, nowMs })
        continue
      }
      const { certificate } = frame
      const input = { kind: 'certificate', certificate, from: this.agentOf(from) } as const
      for (const { atMs, isHeld } of this.#arrivals(from, to, nowMs)) {
        const event = { kind: 'input', to, from, input, isHeld, generation: null } as const
        this.#options.queue.push(atMs, event)
      }
    }
  }

  /** A signal between agents. Streams are reliable: what is lost on the way comes later, unless the two are cut off. */
  tell(from: Instance, { to: agent, signal }: SentSignal, nowMs: number): void {
    const { links, queue } = this.#options
    for (const to of this.#receivers(from, agent)) {
      for (let sends = 0; sends <= RESENDS_MAX; sends += 1) {
        if (!links.isConnected(from.index, to.index)) break
        const [arrival] = this.#arrivals(from, to, nowMs + sends * RESEND_MS)
        if (arrival === undefined) continue
        queue.push(arrival.atMs, { kind: 'signal', to, from, signal })
        break
      }
    }
  }

  /** Request and response: the peer that is named first, then the others, until one that is connected has an answer. */
  ask(of: Instance, from: AgentId | null, request: SyncRequest, nowMs: number): void {
    const { links, queue, random } = this.#options
    const named = from === null ? [] : this.#receivers(of, from)
    const others = this.#receivers(of, null).filter((peer) => !named.includes(peer))
    for (const peer of [...named, ...random.shuffle(others)]) {
      if (peer.process === null || !links.isConnected(of.index, peer.index)) continue
      const input = this.#answer(peer, request)
      if (input === null) continue
      const [asked] = this.#arrivals(of, peer, nowMs)
      const [answered] = this.#arrivals(peer, of, nowMs)
      if (asked === undefined || answered === undefined) continue
      const { generation } = of
      const event = { kind: 'input', to: of, from: peer, input, isHeld: false, generation } as const
      queue.push(asked.atMs + answered.atMs - nowMs, event)
      return
    }
  }

  /** What the protocol's own code for answering makes of the request, as the input that the asker gets. */
  #answer(peer: Instance, request: SyncRequest): TimelessInput | null {
    const from = this.agentOf(peer)
    const blocks: Block[] = []
    for (const frame of answerSync(request, peer.disk)) {
      if (frame.kind === 'block') blocks.push(frame.block)
      if (frame.kind === 'certificate') {
        return { kind: 'chain', blocks, certificate: frame.certificate, from }
      }
    }
    const [block] = blocks
    return block === undefined ? null : { kind: 'block', block, from }
  }

  #sendEnvelope(
    from: Instance,
    to: Instance,
    sent: { readonly envelope: Uint8Array; readonly isGossip: boolean; readonly nowMs: number },
  ): void {
    const { envelope, isGossip, nowMs } = sent
    for (const { atMs, isHeld } of this.#arrivals(from, to, nowMs)) {
      this.#options.queue.push(atMs, { kind: 'envelope', to, from, envelope, isGossip, isHeld })
    }
  }

  #arrivals(from: Instance, to: Instance, nowMs: number): readonly Arrival[] {
    const place = from.process?.inspect() ?? { epoch: 0, view: 0 }
    return this.#options.links.arrivals(from.index, to.index, place, nowMs)
  }

  #receivers(of: Instance, agent: AgentId | null): readonly Instance[] {
    return this.#options.instances.filter(
      (to) => to !== of && (agent === null || this.agentOf(to) === agent),
    )
  }
}

/** What gossip takes for the same: identical bytes. */
export function contentId(message: Verified): string {
  const known = contentIds.get(message)
  if (known !== undefined) return known
  const made = `${message.id}/${Buffer.from(message.signature).toString('base64')}`
  contentIds.set(message, made)
  return made
}

/** Made once for each message, however many receive it. */
const contentIds = new WeakMap<Verified, string>()
