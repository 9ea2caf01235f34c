import { createBehaviour } from '@commonweal/node/adversary'
import { type Input, present } from '@commonweal/protocol'
import type { Crash, Plan } from '../plan/plan.ts'
import type { Network, Process, ProcessEffect } from '../process.ts'
import { describeEffect, describeInput, describeMessage } from './describe.ts'
import type { Scheduled, SentSignal, TimelessInput, WorldEvent } from './event.ts'
import { EventQueue } from './event-queue.ts'
import { Instance } from './instance.ts'
import { Links } from './links.ts'
import { contentId, Mail } from './mail.ts'
import { Random } from './random.ts'
import { Reader } from './reader.ts'
import { Trace } from './trace.ts'
import { Watch } from './watch.ts'
import type { WorldOptions, WorldReport } from './world-options.ts'

/** Steps of one instance at one instant: more is a timer that never moves on. */
const STEPS_AT_ONCE_MAX = 1_000
/** Second mouths of instances, which never run in the world by themselves, have places from here on. */
const SECOND_INSTANCE = 1_000
/** A fork is followed this long after healing, so that the evidence for it can come together. */
const FORK_FOLLOWED_MS = 3_000

/**
 * Processes on a simulated network in virtual time: one queue of events, one seed, nothing else that moves.
 *
 * Source  spec/simulation.md [SIM-1] … [SIM-5]
 */
export class World {
  readonly #options: WorldOptions
  readonly #plan: Plan
  readonly #network: Network
  readonly #queue = new EventQueue<WorldEvent>()
  readonly #links: Links
  readonly #trace: Trace
  readonly #instances: readonly Instance[]
  readonly #watch: Watch
  readonly #reader: Reader
  readonly #mail: Mail
  #nowMs = 0
  #isHealed = false
  #forkedAtMs: number | null = null
  #stepsAtOnce = 0

  constructor(options: WorldOptions) {
    const { plan, network } = options
    this.#options = options
    this.#plan = plan
    this.#network = network
    this.#links = new Links(plan, new Random(plan.seed, 'links'))
    this.#reader = new Reader(network)
    this.#trace = new Trace(options.isTraceKept ?? false)
    this.#instances = plan.instances.map(
      (instance, index) => new Instance(index, instance, plan.crashes),
    )
    this.#mail = new Mail({
      network,
      instances: this.#instances,
      links: this.#links,
      queue: this.#queue,
      reader: this.#reader,
      random: new Random(plan.seed, 'mail'),
    })
    this.#watch = new Watch({
      plan,
      network,
      instances: this.#instances,
      checkers: options.checkers ?? [],
      progressLimitMs: options.progressLimitMs,
    })
  }

  /** Runs to the end: progress after healing, a failure, or the last instant at which progress may come. */
  run(): WorldReport {
    for (const to of this.#instances) this.#queue.push(0, { kind: 'start', to })
    for (const { atMs, groups } of this.#plan.partitions) {
      this.#queue.push(atMs, { kind: 'partition', groups })
    }
    this.#queue.push(this.#plan.healAtMs, { kind: 'heal' })
    for (const { atMs, instance, input } of this.#options.workload ?? []) {
      const to = this.#instances[instance]
      if (to !== undefined) this.#later(atMs, to, null, input)
    }
    while (!this.#isOver()) {
      const next = this.#queue.pop()
      if (next === undefined) break
      if (next.atMs > this.#nowMs) this.#stepsAtOnce = 0
      this.#nowMs = next.atMs
      this.#happen(next.item)
    }
    return this.#report()
  }

  #isOver(): boolean {
    const { failures, forks, progress } = this.#watch
    if (this.#options.isOver?.() === true) return true
    if (this.#nowMs > progress.limitMs) return true
    if (forks.length > 0) {
      this.#forkedAtMs ??= this.#nowMs
      const fromMs = Math.max(this.#forkedAtMs, this.#plan.healAtMs)
      return this.#nowMs > fromMs + FORK_FOLLOWED_MS
    }
    if (failures.length > 0) return true
    if (progress.reachedAtMs === null) return false
    return this.#options.isDone?.(this.#instances) ?? true
  }

  #report(): WorldReport {
    this.#watch.end(this.#nowMs)
    const inspections = this.#instances.map(({ process }) => process?.inspect() ?? null)
    return {
      traceDigest: this.#trace.digest(),
      eventCount: this.#trace.count,
      failures: this.#watch.failures,
      forks: this.#watch.forks,
      convicted: this.#watch.convicted(),
      heights: inspections.map((inspection) => inspection?.height ?? null),
      epochs: inspections.map((inspection) => inspection?.epoch ?? null),
      viewsAfterHealing: this.#watch.progress.views,
      endedAtMs: this.#nowMs,
      lines: this.#trace.lines,
    }
  }

  #happen(event: WorldEvent): void {
    switch (event.kind) {
      case 'start':
        return this.#start(event.to)
      case 'wake':
        return this.#wake(event.to, event.generation)
      case 'envelope':
        return this.#receive(event)
      case 'input': {
        const { to, from, input, isHeld, generation } = event
        if (generation !== null && generation !== to.generation) return undefined
        if (from !== null && !isHeld && !this.#links.isConnected(from.index, to.index))
          return undefined
        return this.#step(to, input)
      }
      case 'signal':
        return this.#hear(event)
      case 'partition':
        this.#trace.add(`${this.#nowMs} partition ${event.groups.join('')}`)
        return this.#reconnect(() => this.#links.partition(event.groups))
      case 'heal':
        return this.#heal()
    }
  }

  #heal(): void {
    this.#trace.add(`${this.#nowMs} heal`)
    this.#isHealed = true
    for (const to of this.#instances) if (to.process === null) this.#start(to)
    this.#watch.progress.start()
    this.#reconnect(() => this.#links.heal())
  }

  /** Changes what is connected and tells everybody whom it has lost and found. */
  #reconnect(change: () => void): void {
    const before = this.#connections()
    change()
    const after = this.#connections()
    for (const to of this.#instances) {
      for (const [agent, { agent: peer }] of this.#network.signers.entries()) {
        if (agent === to.agent) continue
        const was = before[to.index]?.has(agent) ?? false
        const is = after[to.index]?.has(agent) ?? false
        if (was !== is)
          this.#later(this.#nowMs, to, null, { kind: is ? 'peer-up' : 'peer-down', peer })
      }
    }
  }

  /** The agents that each instance is connected to. */
  #connections(): readonly ReadonlySet<number>[] {
    return this.#instances.map((to) => this.#connectionsOf(to))
  }

  #connectionsOf(to: Instance): ReadonlySet<number> {
    const others = this.#instances.filter(
      ({ index, process }) => process !== null && this.#links.isConnected(to.index, index),
    )
    return new Set(others.map(({ agent }) => agent))
  }

  #start(to: Instance): void {
    if (to.process !== null) return
    to.generation += 1
    to.forget()
    to.wakeAtMs = null
    this.#trace.add(`${this.#nowMs} start ${to.index} ${to.disk.records.length}`)
    const isFirst = to.generation === 1
    this.#guard(to, () => {
      to.process = this.#createProcess(to)
      if (!isFirst) this.#announce(to, 'peer-up')
    })
    this.#setWake(to)
    for (const agent of this.#connectionsOf(to)) {
      const signer = this.#network.signers[agent]
      if (agent === to.agent || signer === undefined) continue
      this.#later(this.#nowMs, to, null, { kind: 'peer-up', peer: signer.agent })
    }
  }

  #createProcess(to: Instance): Process {
    const options = {
      agent: to.agent,
      instance: to.index,
      disk: to.disk,
      nowMs: to.localMs(this.#nowMs),
    }
    const { behaviour } = to.plan
    if (behaviour === 'honest' || behaviour === 'twin' || behaviour === 'made-faulty') {
      return this.#network.createProcess(options)
    }
    const { networkId, signers } = this.#network
    return createBehaviour(behaviour, this.#network.createProcess(options), {
      networkId,
      signer: present(signers[to.agent], 'an instance runs an agent of the network'),
      agents: signers.map(({ agent }) => agent),
      random: new Random(this.#plan.seed, `behaviour/${to.index}/${to.generation}`),
      open: (envelope) => this.#reader.open(envelope),
      createSecond: () =>
        this.#network.createProcess({ ...options, instance: to.index + SECOND_INSTANCE }),
    })
  }

  #announce(of: Instance, kind: 'peer-up' | 'peer-down'): void {
    const peer = this.#mail.agentOf(of)
    for (const to of this.#instances) {
      if (to === of || to.agent === of.agent) continue
      if (this.#links.isConnected(of.index, to.index))
        this.#later(this.#nowMs, to, null, { kind, peer })
    }
  }

  #crash(of: Instance, crash: Crash): void {
    this.#trace.add(`${this.#nowMs} crash ${of.index} ${crash.moment} ${crash.persist}`)
    of.process = null
    this.#announce(of, 'peer-down')
    const atMs = this.#isHealed
      ? this.#nowMs
      : Math.min(this.#nowMs + crash.downMs, this.#plan.healAtMs)
    this.#queue.push(atMs, { kind: 'start', to: of })
  }

  #wake(to: Instance, generation: number): void {
    if (generation !== to.generation || to.wakeAtMs !== this.#nowMs) return
    to.wakeAtMs = null
    this.#step(to, { kind: 'tick' })
  }

  #setWake(to: Instance): void {
    const deadlineMs = to.process?.nextDeadlineMs() ?? null
    if (deadlineMs === null) return
    const atMs = Math.max(this.#nowMs, to.worldMs(deadlineMs))
    if (to.wakeAtMs === atMs) return
    to.wakeAtMs = atMs
    this.#queue.push(atMs, { kind: 'wake', to, generation: to.generation })
  }

  #receive(event: Extract<WorldEvent, { kind: 'envelope' }>): void {
    const { to, from, envelope, isGossip, isHeld } = event
    if (to.process === null) return
    if (!isHeld && !this.#links.isConnected(from.index, to.index)) return
    const message = this.#reader.open(envelope)
    if (message === null) return
    if (isGossip && !to.see(contentId(message), this.#nowMs)) return
    this.#step(to, { kind: 'message', message, from: this.#mail.agentOf(from) })
  }

  #hear({ to, from, signal }: Extract<WorldEvent, { kind: 'signal' }>): void {
    if (to.process === null || !this.#links.isConnected(from.index, to.index)) return
    const sender = this.#mail.agentOf(from)
    this.#trace.add(`${this.#nowMs} ${to.index} < signal ${signal.kind} ${sender.slice(0, 6)}`)
    this.#carryOn(to, this.#options.onSignal?.(to, signal, sender) ?? [])
  }

  #step(to: Instance, timeless: TimelessInput): void {
    const { process } = to
    if (process === null) return
    const input: Input = { ...timeless, nowMs: to.localMs(this.#nowMs) }
    this.#trace.add(`${this.#nowMs} ${to.index} < ${describeInput(input)}`)
    this.#stepsAtOnce += 1
    if (this.#stepsAtOnce > STEPS_AT_ONCE_MAX * this.#instances.length) {
      throw new Error(`virtual time stands still at ${this.#nowMs} ms: ${describeInput(input)}`)
    }
    if (to.isHonest) this.#watch.check((checker) => checker.onDelivered?.(to, input, this.#nowMs))
    const effects = this.#guard(to, () => process.step(input))
    if (effects === null) return
    for (const effect of effects) {
      if (effect.kind === 'verdict' && input.kind === 'message' && to.isHonest) {
        const given = { message: input.message, verdict: effect }
        this.#watch.check((checker) => checker.onVerdict?.(to, given, this.#nowMs))
      }
      this.#carryOut(to, effect)
      if (to.process !== process) return
    }
    if (input.kind === 'peer-up' || input.kind === 'peer-down') {
      this.#carryOn(to, this.#options.onPeer?.(to, input) ?? [])
    }
    this.#setWake(to)
    if (to.isHonest)
      this.#watch.check((checker) => checker.onStepped?.(to, this.#nowMs, this.#isHealed))
  }

  #carryOut(of: Instance, effect: ProcessEffect): void {
    this.#trace.add(`${this.#nowMs} ${of.index} > ${describeEffect(effect, this.#describe)}`)
    switch (effect.kind) {
      case 'persist': {
        const crash = of.persist(effect.records)
        if (crash !== null) this.#crash(of, crash)
        return
      }
      case 'publish':
        this.#released(of, effect.envelope)
        this.#mail.publish(of, effect.envelope, this.#nowMs)
        return
      case 'send':
        if (effect.frame.kind === 'envelope') this.#released(of, effect.frame.envelope)
        this.#mail.send(of, effect.to, effect.frame, this.#nowMs)
        return
      case 'fetch-block':
        this.#mail.ask(of, effect.from, { kind: 'block', id: effect.id }, this.#nowMs)
        return
      case 'sync': {
        const height = of.process?.inspect().height ?? 0
        this.#mail.ask(of, effect.from, { kind: 'blocks', fromHeight: height + 1 }, this.#nowMs)
        return
      }
      case 'final':
        of.disk.addFinal(effect.blocks, effect.certificate)
        if (of.isHonest) this.#watch.check((checker) => checker.onFinal?.(of, effect, this.#nowMs))
        this.#other(of, effect)
        return
      case 'snapshot':
        of.disk.addSnapshot(effect.snapshot)
        return
      case 'evidence':
        if (of.isHonest)
          this.#watch.check((checker) => checker.onEvidence?.(of, effect, this.#nowMs))
        this.#other(of, effect)
        return
      default:
        this.#other(of, effect)
    }
  }

  #other(of: Instance, effect: ProcessEffect): void {
    this.#carryOn(of, this.#options.onEffect?.(of, effect, this.#nowMs) ?? [])
  }

  /** What the side of an instance that is not its process wants done. */
  #carryOn(of: Instance, wanted: readonly (Scheduled | SentSignal)[]): void {
    for (const one of wanted) {
      if ('signal' in one) this.#mail.tell(of, one, this.#nowMs)
      else this.#later(this.#nowMs + one.delayMs, of, null, one.input, of.generation)
    }
  }

  #released(of: Instance, envelope: Uint8Array): void {
    if (!of.isHonest) return
    const message = this.#reader.open(envelope)
    if (message === null) {
      this.#watch.note([
        {
          property: 'crash',
          atMs: this.#nowMs,
          sentence: `instance ${of.index} sent bytes that do not open`,
        },
      ])
    } else if (message.message.author === this.#mail.agentOf(of)) {
      this.#watch.check((checker) => checker.onReleased?.(of, message, this.#nowMs))
    }
  }

  #later(
    atMs: number,
    to: Instance,
    from: Instance | null,
    input: TimelessInput,
    generation: number | null = null,
  ): void {
    this.#queue.push(atMs, { kind: 'input', to, from, input, isHeld: false, generation })
  }

  readonly #describe = (envelope: Uint8Array): string => {
    const message = this.#reader.open(envelope)
    return message === null ? 'unreadable' : describeMessage(message)
  }

  /** What an honest process throws is a failure of the run; after it the process stays down. */
  #guard<T>(of: Instance, run: () => T): T | null {
    try {
      return run()
    } catch (cause) {
      of.process = null
      if (!of.isHonest || this.#watch.forks.length > 0) return null
      const sentence = `instance ${of.index} stopped: ${cause instanceof Error ? cause.message : String(cause)}`
      this.#watch.note([{ property: 'crash', atMs: this.#nowMs, sentence }])
      return null
    }
  }
}
