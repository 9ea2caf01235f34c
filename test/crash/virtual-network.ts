import {
  CatchUp,
  type ClockPort,
  catchUpBySnapshot,
  type LogPort,
  Loop,
  MessageIntake,
  openReplica,
  PeerPool,
  type StorePort,
  SyncClient,
} from '@commonweal/node'
import {
  type AgentId,
  type AgentQuestion,
  answerSync,
  type Command,
  decode,
  type Effect,
  encode,
  headOf,
  type Ledger,
  peerIdOf,
  type ReplicaContext,
  SYNC_REQUEST_SIZE_MAX,
  type SyncFrame,
  type SyncRequest,
  syncRequestSchema,
} from '@commonweal/protocol'

const SILENT: LogPort = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Time that passes only when nothing else is to be done. */
export class VirtualClock implements ClockPort {
  #nowMs = 1_000_000
  #alarms: readonly { readonly atMs: number; readonly ring: () => void }[] = []

  nowMs(): number {
    return this.#nowMs
  }

  alarm(delayMs: number, ring: () => void): () => void {
    const alarm = { atMs: this.#nowMs + Math.ceil(delayMs), ring }
    this.#alarms = [...this.#alarms, alarm]
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm)
    }
  }

  /** Goes on to the next alarm; false where none is set. */
  skip(): boolean {
    if (this.#alarms.length === 0) return false
    const atMs = Math.min(...this.#alarms.map((alarm) => alarm.atMs))
    this.#nowMs = Math.max(this.#nowMs, atMs)
    const due = this.#alarms.filter((alarm) => alarm.atMs <= this.#nowMs)
    this.#alarms = this.#alarms.filter((alarm) => alarm.atMs > this.#nowMs)
    for (const { ring } of due) ring()
    return true
  }
}

/** One replica with its loop: the node without sockets. */
export interface Member {
  readonly agent: AgentId
  readonly loop: Loop
  readonly finalHeight: () => number
  readonly stateDigest: () => string
  readonly ledger: () => Ledger
}

export interface Wires {
  /** Sees everything that goes over the wire. */
  readonly onWire: (from: AgentId, envelope: Uint8Array) => void
  /** Whether what one sends to another gets lost. */
  readonly isLost: (from: AgentId, to: AgentId) => boolean
  /** What an agent answers; null leaves the question open. Time stands still until it has. */
  readonly answer: (
    agent: AgentId,
    question: AgentQuestion,
    ledger: Ledger,
  ) => Promise<Command> | null
  /** Sees all that a member wants done, before it is. */
  readonly onEffect: (member: Member, effect: Effect) => void
  /** What one is answered that asks another for the chain. */
  readonly answerSync: (
    request: SyncRequest,
    store: StorePort,
    from: AgentId,
  ) => Iterable<SyncFrame>
  /** A fault that is held against an agent. */
  readonly onBlame: (agent: AgentId, code: string) => void
  /** Blocks behind its peers from which on one takes a snapshot. */
  readonly behindBlocksMax: number
}

interface Running {
  readonly member: Member
  readonly store: StorePort
  readonly catchUp: CatchUp
}

/** Members that hear one another at once, or not at all, on one clock. */
export class VirtualNetwork {
  readonly clock: VirtualClock = new VirtualClock()
  readonly #members = new Map<AgentId, Running>()
  readonly #wires: Wires
  #busy = 0
  #answers: { readonly agent: AgentId; readonly answer: Promise<Command> }[] = []

  constructor(wires: Partial<Wires> = {}) {
    this.#wires = {
      onWire: () => {},
      isLost: () => false,
      answer: () => null,
      onEffect: () => {},
      answerSync,
      onBlame: () => {},
      behindBlocksMax: Number.POSITIVE_INFINITY,
      ...wires,
    }
  }

  /** Starts a member from what its store holds, in the place of one of the same agent. */
  start(context: ReplicaContext, store: StorePort, onFatal: (error: Error) => void): Member {
    const { agent } = context.signer
    this.#members.get(agent)?.member.loop.stop()
    const { replica, effects } = openReplica(context, store, this.clock.nowMs())
    const loop = new Loop({
      replica,
      store,
      clock: this.clock,
      log: SILENT,
      intake: new MessageIntake(context),
      carryOut: (effect) => this.#carryOut(agent, effect),
      onFatal: (error) => {
        this.#members.delete(agent)
        onFatal(error)
      },
    })
    const member: Member = {
      agent,
      loop,
      finalHeight: () => replica.view().finalHeight,
      stateDigest: () => replica.view().stateDigest,
      ledger: () => replica.ledger(),
    }
    const catchUp = this.#createCatchUp(context, store, member, onFatal)
    this.#members.set(agent, { member, store, catchUp })
    loop.start(effects)
    return member
  }

  /** Who is gone is heard no more, and hears nothing. */
  stop(agent: AgentId): void {
    this.#members.get(agent)?.member.loop.stop()
    this.#members.delete(agent)
  }

  #createCatchUp(
    context: ReplicaContext,
    store: StorePort,
    { agent, loop, ledger }: Member,
    onFatal: (error: Error) => void,
  ): CatchUp {
    const { onBlame, behindBlocksMax } = this.#wires
    const byPeerId = (): ReadonlyMap<string, Member> =>
      new Map(this.#others(agent).map((other) => [peerIdOf(other.agent), other]))
    const peers = new PeerPool({
      peers: () => [...byPeerId().keys()].map((peerId) => ({ peerId, hello: { height: 0 } })),
      penalise: (peerId, _points, code) => {
        const blamed = byPeerId().get(peerId)
        if (blamed !== undefined) onBlame(blamed.agent, code)
      },
    })
    const client = new SyncClient(
      { request: (peerId, bytes) => this.#answer(byPeerId().get(peerId), bytes) },
      new AbortController().signal,
    )
    const options = { context, client, peers, store, log: SILENT, headCountMin: 1 }
    return new CatchUp({
      ...options,
      place: () => headOf(ledger()),
      behindMax: { blocks: behindBlocksMax, epochs: context.genesis.epochs.unbondingEpochs },
      onChain: (part, from) => loop.submit({ kind: 'chain', ...part, from }),
      onSnapshot: (wanted) =>
        catchUpBySnapshot({
          ...options,
          ...wanted,
          checkpoint: null,
          install: ({ writes, height }) => loop.install(writes, height),
          onInstalled: () => {},
          onFatal: (error) => {
            this.stop(agent)
            onFatal(error)
          },
        }),
    })
  }

  async *#answer(asked: Member | undefined, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    this.#busy += 1
    const decoded = decode(bytes, SYNC_REQUEST_SIZE_MAX)
    const running = asked && this.#members.get(asked.agent)
    if (running === undefined || !decoded.ok) return
    const { store, member } = running
    const request = syncRequestSchema.parse(decoded.value)
    for (const frame of this.#wires.answerSync(request, store, member.agent)) yield encode(frame)
  }

  members(): readonly Member[] {
    return [...this.#members.values()].map(({ member }) => member)
  }

  /** Runs until the condition holds; fails where it does not within so much virtual time. */
  async run(name: string, condition: () => boolean, patienceMs: number): Promise<void> {
    const deadlineMs = this.clock.nowMs() + patienceMs
    while (!condition()) {
      await this.#settle()
      if (condition()) return
      if (this.clock.nowMs() > deadlineMs || !this.clock.skip()) {
        throw new Error(`not within ${patienceMs} ms of virtual time: ${name}`)
      }
    }
  }

  /** Until nobody has anything to do. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      const before = this.#busy
      await new Promise<void>((resolve) => setImmediate(resolve))
      quiet = this.#busy === before ? quiet + 1 : 0
      if (quiet >= 3 && (await this.#handInAnswers())) quiet = 0
    }
  }

  /** All answers that are awaited, in the order of the agents, so that who was quicker decides nothing. */
  async #handInAnswers(): Promise<boolean> {
    const answers = this.#answers.toSorted((a, b) => (a.agent < b.agent ? -1 : 1))
    this.#answers = []
    for (const { agent, answer } of answers) {
      const command = await answer
      void this.#members.get(agent)?.member.loop.submit({ kind: 'command', command })
    }
    return answers.length > 0
  }

  #carryOut(from: AgentId, effect: Effect): void {
    this.#busy += 1
    const known = this.#members.get(from)
    if (known !== undefined) this.#wires.onEffect(known.member, effect)
    switch (effect.kind) {
      case 'publish':
        this.#wires.onWire(from, effect.envelope)
        for (const { agent, loop } of this.#others(from)) {
          if (!this.#wires.isLost(from, agent)) void loop.receive(effect.envelope, from)
        }
        break
      case 'send':
        this.#send(from, effect)
        break
      case 'ask-agent':
        this.#ask(from, effect.question)
        break
      case 'fetch-block':
        this.#fetch(from, effect.id)
        break
      case 'sync':
        this.#members.get(from)?.catchUp.start(effect.from)
        break
      default:
    }
  }

  #ask(agent: AgentId, question: AgentQuestion): void {
    const ledger = this.#members.get(agent)?.member.ledger()
    if (ledger === undefined) return
    const answer = this.#wires.answer(agent, question, ledger)
    if (answer !== null) this.#answers.push({ agent, answer })
  }

  #send(from: AgentId, { to, frame }: Extract<Effect, { kind: 'send' }>): void {
    if (frame.kind === 'envelope') this.#wires.onWire(from, frame.envelope)
    for (const { agent, loop } of this.#others(from)) {
      if ((to !== null && agent !== to) || this.#wires.isLost(from, agent)) continue
      if (frame.kind === 'envelope') void loop.receive(frame.envelope, from)
      else void loop.offer({ kind: 'certificate', certificate: frame.certificate, from })
    }
  }

  #fetch(asking: AgentId, id: Extract<Effect, { kind: 'fetch-block' }>['id']): void {
    const asker = this.#members.get(asking)
    for (const { agent } of this.#others(asking)) {
      const block = this.#members.get(agent)?.store.blockById(id)
      if (block === undefined) continue
      void asker?.member.loop.offer({ kind: 'block', block, from: agent })
      return
    }
  }

  #others(agent: AgentId): readonly Member[] {
    return this.members().filter((member) => member.agent !== agent)
  }
}
