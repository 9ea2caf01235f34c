import type { AgentId, Effect, Input, Rejection, Verdict } from '@commonweal/protocol'
import { InvariantError } from '@commonweal/protocol'
import type { MessageIntake } from './intake.ts'
import type { ClockPort, LogPort, ReplicaPort, StorePort, StoreWrite } from './ports.ts'

/** Inputs without their instant: the loop stamps them when it steps. */
type Untimed<I> = I extends Input ? Omit<I, 'nowMs'> : never
export type Stimulus = Untimed<Input>

/** What is left of the effects when the store has its part and the sender of a message has its verdict. */
export type Outward = Exclude<Effect, { readonly kind: 'persist' | 'snapshot' | 'verdict' }>

/** What an input came to: the transport's verdict on what a peer sent and, where it was refused, why. */
export interface Judgement {
  readonly verdict: Verdict
  readonly code: string | null
}

export interface LoopOptions {
  readonly replica: ReplicaPort
  readonly store: StorePort
  readonly intake: MessageIntake
  readonly clock: ClockPort
  readonly log: LogPort
  /** Carries an effect out; what it depends on is on disk. Must not throw, and not wait. */
  readonly carryOut: (effect: Outward) => void
  /** The node cannot go on: our own bug, or the disk. `input` is what was being stepped. */
  readonly onFatal: (error: Error, input: Input | undefined) => void
}

/** Raw messages that wait for their signature check; beyond it a message is ignored. */
export const RECEIVED_MAX = 8_192
/** Inputs from peers that wait; beyond it one is dropped. */
export const OFFERED_MAX = 4_096
/** Inputs stepped in one turn at most, and the time after which a turn takes no more. */
export const TURN_INPUTS_MAX = 128
export const TURN_MS_MAX = 12

interface Received {
  readonly envelope: Uint8Array
  readonly from: AgentId | null
  readonly resolve: (judgement: Judgement) => void
}

interface Waiting {
  readonly stimulus: Stimulus
  readonly done: (judgement: Judgement) => void
}

/** A certified state that the replica is to go on from. */
interface Installing {
  readonly writes: readonly StoreWrite[]
  readonly height: number
  readonly done: (isInstalled: boolean) => void
}

/** What one turn collects before anything is carried out. */
interface Turn {
  readonly writes: StoreWrite[]
  readonly after: (() => void)[]
}

/**
 * The one writer around `step`.
 *
 * A turn takes what has arrived: messages are opened, inputs stepped, all that their effects put on disk goes there in one
 * transaction, and only then is anything carried out, in the order in which it was asked for. Between turns the event loop
 * breathes. One timer is armed, to the replica's next deadline.
 */
export class Loop {
  readonly #options: LoopOptions
  #received: Received[] = []
  #waiting: Waiting[] = []
  #installing: Installing[] = []
  #status: 'idle' | 'due' | 'stopped' = 'idle'
  #callOff: (() => void) | undefined
  #stepping: Input | undefined

  constructor(options: LoopOptions) {
    this.#options = options
  }

  /** Carries out what starting the replica asked for, and arms the timer. */
  start(effects: readonly Effect[]): void {
    this.#guard(() => {
      const turn: Turn = { writes: [], after: [] }
      this.#collect(turn, effects)
      this.#finish(turn)
    })
  }

  /** Takes in a message from a peer; resolves with what became of it, on disk included. */
  receive(envelope: Uint8Array, from: AgentId | null): Promise<Judgement> {
    if (this.#status === 'stopped') return Promise.resolve(ignored('stopped'))
    if (this.#received.length >= RECEIVED_MAX) return Promise.resolve(ignored('too-busy'))
    const { promise, resolve } = Promise.withResolvers<Judgement>()
    this.#received.push({ envelope, from, resolve })
    this.#schedule()
    return promise
  }

  /** Queues an input; resolves when its effects are carried out, or never if the loop stops before. */
  submit(stimulus: Stimulus): Promise<Judgement> {
    const { promise, resolve } = Promise.withResolvers<Judgement>()
    if (this.#status === 'stopped') return promise
    this.#waiting.push({ stimulus, done: resolve })
    this.#schedule()
    return promise
  }

  /** Queues an input that a peer caused, unless too much waits. */
  offer(stimulus: Stimulus): Promise<Judgement> {
    if (this.#waiting.length >= OFFERED_MAX) return Promise.resolve(ignored('too-busy'))
    return this.submit(stimulus)
  }

  /**
   * Puts a certified state of this height on disk in one transaction, and goes on from there as after a restart: whenever the
   * process dies, the disk has the state before or the one after. [SYN-9]
   *
   * Result  whether it was installed; false where the replica has come as far by itself. Never where the loop stops before.
   */
  install(writes: readonly StoreWrite[], height: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    if (this.#status === 'stopped') return promise
    this.#installing.push({ writes, height, done: resolve })
    this.#schedule()
    return promise
  }

  stop(): void {
    this.#status = 'stopped'
    this.#callOff?.()
    this.#installing = []
    for (const { resolve } of this.#received.splice(0)) resolve(ignored('stopped'))
    this.#waiting = []
  }

  #schedule(): void {
    if (this.#status !== 'idle') return
    this.#status = 'due'
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    if (this.#status === 'stopped') return
    this.#status = 'idle'
    this.#guard(() => {
      const turn: Turn = { writes: [], after: [] }
      const startedAtMs = this.#options.clock.nowMs()
      for (const installing of this.#installing.splice(0)) this.#install(turn, installing)
      this.#tick(turn)
      for (let count = 0; count < TURN_INPUTS_MAX; count += 1) {
        if (this.#options.clock.nowMs() - startedAtMs > TURN_MS_MAX) break
        const waiting = this.#waiting.shift()
        if (waiting !== undefined) {
          const judgement = this.#step(turn, waiting.stimulus) ?? ACCEPTED
          turn.after.push(() => waiting.done(judgement))
          continue
        }
        const received = this.#received.shift()
        if (received === undefined) break
        this.#open(turn, received)
      }
      this.#finish(turn)
    })
  }

  /** Before anything is stepped in its turn: what the replica wanted written is on disk. */
  #install(turn: Turn, { writes, height, done }: Installing): void {
    const { replica, store, clock, intake } = this.#options
    const isNewer = height > replica.view().finalHeight
    if (isNewer) {
      store.commit([...turn.writes.splice(0), ...writes])
      intake.forget()
      this.#collect(turn, replica.reopen(clock.nowMs()))
    }
    turn.after.push(() => done(isNewer))
  }

  #tick(turn: Turn): void {
    const deadlineMs = this.#options.replica.nextDeadlineMs()
    if (deadlineMs === null || this.#options.clock.nowMs() < deadlineMs) return
    this.#step(turn, { kind: 'tick' })
  }

  #open(turn: Turn, { envelope, from, resolve }: Received): void {
    const { clock, intake } = this.#options
    const taken = intake.take(envelope, clock.nowMs())
    if (!taken.ok) {
      resolve(refused(taken.error))
      return
    }
    const { message } = taken.value
    if (taken.value.kind === 'accepted-before') {
      if (taken.value.isCall) this.#step(turn, { kind: 'message', message, from })
      turn.after.push(() => resolve(ACCEPTED))
      return
    }
    const judgement = this.#step(turn, { kind: 'message', message, from }) ?? ignored('no-verdict')
    turn.after.push(() => {
      intake.judge(message, judgement.verdict)
      resolve(judgement)
    })
  }

  #step(turn: Turn, stimulus: Stimulus): Judgement | undefined {
    const input: Input = { ...stimulus, nowMs: this.#options.clock.nowMs() }
    this.#stepping = input
    const effects = this.#options.replica.step(input)
    this.#stepping = undefined
    this.#collect(turn, effects)
    const told = effects.find((effect) => effect.kind === 'verdict')
    return told === undefined ? undefined : { verdict: told.verdict, code: told.code }
  }

  #collect(turn: Turn, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'persist':
          turn.writes.push({ kind: 'records', records: effect.records })
          break
        case 'snapshot': {
          const { ledger, ...place } = effect.snapshot
          turn.writes.push({ kind: 'snapshot', snapshot: { ...place, entries: ledger.entries() } })
          break
        }
        case 'verdict':
          break
        case 'final':
          turn.writes.push(effect)
          turn.after.push(() => this.#options.carryOut(effect))
          break
        case 'heard': {
          const { subnet, conversation, target } = effect
          const heard = { subnet, conversation, target, turn: effect.turn }
          turn.writes.push({ kind: 'turn', turn: heard })
          turn.after.push(() => this.#options.carryOut(effect))
          break
        }
        default:
          turn.after.push(() => this.#options.carryOut(effect))
      }
    }
  }

  /** [CON-W] Disk first, wire second. */
  #finish(turn: Turn): void {
    this.#options.store.commit(turn.writes)
    for (const carryOut of turn.after) carryOut()
    if (this.#waiting.length > 0 || this.#received.length > 0) this.#schedule()
    this.#arm()
  }

  #arm(): void {
    this.#callOff?.()
    this.#callOff = undefined
    if (this.#status === 'stopped') return
    const deadlineMs = this.#options.replica.nextDeadlineMs()
    if (deadlineMs === null) return
    const delayMs = Math.max(0, deadlineMs - this.#options.clock.nowMs())
    this.#callOff = this.#options.clock.alarm(delayMs, () => this.#schedule())
  }

  /** Nothing is known of a state in which something threw: the loop ends there. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.stop()
      const fault = error instanceof Error ? error : new InvariantError(String(error))
      this.#options.onFatal(fault, this.#stepping)
    }
  }
}

const ACCEPTED: Judgement = { verdict: 'accept', code: null }

function ignored(code: string): Judgement {
  return { verdict: 'ignore', code }
}

function refused(error: Rejection): Judgement {
  return { verdict: error.verdict, code: error.code }
}
