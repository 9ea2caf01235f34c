import { setImmediate } from 'node:timers/promises'
import {
  type ChainEvent,
  type Cid,
  type Command,
  type Digest,
  invariant,
  type Receipt,
  type Statement,
  statementDigest,
  type TransactionBody,
} from '@commonweal/protocol'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import type { Forecaster } from '../agent/forecast/forecaster.ts'
import { TestClock } from '../agent/llm/test-clock.ts'
import type { LogPort, StorePort } from '../ports.ts'
import { keepEvents } from '../store/kept-events.ts'
import { createMemoryStore } from '../store/memory.ts'
import type { ForecastFault } from './agent-calls.ts'
import type { StatementSealed } from './customer-desk.ts'
import { ForecastDesk } from './forecast-desk.ts'
import type { SignalFrame } from './signal-frame.ts'

/** Heights before a snapshot closes at which the desk of a test waits no more. */
export const MARGIN_HEIGHTS = 3
/** What its agent may take. */
export const TIMEOUT_MS = 2_000
/** The name of its agent. */
export const ME = '1'

const SILENT: LogPort = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A ledger that tells of each block, and keeps its events in a store. */
class ToldWorld extends ForecastWorld {
  readonly store: StorePort = createMemoryStore()
  readonly listeners: ((events: readonly ChainEvent[]) => void)[] = []

  override block(
    ...acts: readonly (readonly [name: string | number, body: TransactionBody])[]
  ): readonly Receipt[] {
    const before = this.events.length
    const receipts = super.block(...acts)
    const events = this.events.slice(before)
    keepEvents(this.store, this.head.height, events)
    for (const listener of this.listeners) listener(events)
    return receipts
  }
}

/** A desk over a ledger with a market, and all that leaves it: for tests. */
export class DeskBench {
  readonly world: ToldWorld
  readonly clock: TestClock = new TestClock()
  readonly commands: Command[] = []
  readonly faults: ForecastFault[] = []
  readonly sent: { readonly to: string; readonly frame: SignalFrame }[] = []
  readonly desk: ForecastDesk

  constructor(
    forecaster: Forecaster,
    world: ToldWorld = new ToldWorld(),
    store: StorePort = world.store,
  ) {
    this.world = world
    this.desk = new ForecastDesk({
      forecaster,
      agent: agentOf(ME),
      clock: this.clock,
      log: SILENT,
      store,
      timeoutMs: TIMEOUT_MS,
      marginHeights: MARGIN_HEIGHTS,
      ledger: () => world.ledger,
      send: (to, frame) => this.sent.push({ to: world.nameOf(to), frame }),
      onCommand: (command) => this.commands.push(command),
      onFault: (fault) => this.faults.push(fault),
    })
    world.listeners.push((events) => this.desk.onEvents(events))
  }

  /** A desk that begins anew with the same ledger and store; this one goes on, for comparison. */
  restart(forecaster: Forecaster): DeskBench {
    return new DeskBench(forecaster, this.world)
  }

  /** A question that takes seals from the next block on. */
  openQuestion(): Cid {
    const id = this.world.ask(0)
    this.world.advanceTo(this.world.question(id).openHeight - 1)
    return id
  }

  /** The same, put to the desk. */
  askQuestion(): Cid {
    const id = this.openQuestion()
    this.put(id)
    return id
  }

  /** Puts a question to the desk, as the replica does. */
  put(question: Cid): void {
    const closeHeight = this.world.question(question).openHeight + 7
    this.desk.ask({ kind: 'ask-forecast', question, snapshot: 0, closeHeight })
  }

  seal(name: string, question: Cid, statement: Statement): void {
    this.world.block([name, this.world.sealStatement(name, question, statement)])
  }

  /** One shows the desk a statement. */
  show(name: string, question: Cid, statement: Statement, saltOf: string = name): void {
    const frame = { kind: 'statement', question, snapshot: 0, statement } as const
    const salt = this.#saltOf(saltOf, question)
    this.desk.onFrame({ ...frame, salt }, agentOf(name))
  }

  subscribe(name: string): void {
    this.desk.onFrame({ kind: 'subscribe' }, agentOf(name))
  }

  /** What the replica tells the desk once the agent's own statement is sealed. */
  sealed(question: Cid, statement: Statement): StatementSealed {
    const salt = this.#saltOf(ME, question)
    const bound = { author: agentOf(ME), question, snapshot: 0, statement, salt }
    const digest: Digest = statementDigest(bound)
    return { kind: 'statement-sealed', question, snapshot: 0, statement, salt, digest }
  }

  /** Lets an agent that answers at once do so. */
  async answered(): Promise<void> {
    await setImmediate()
  }

  #saltOf(name: string, question: Cid): Uint8Array {
    const opening = this.world.openStatement(name, question, NOTHING)
    invariant(opening.kind === 'reveal-statement', 'what opens a statement has its salt')
    return opening.salt
  }
}

const NOTHING: Statement = {
  report: null,
  findings: [],
  parents: [],
  reasoning: '',
  hypotheses: [],
}

/** A forecaster that listens to agents 2 and 3, says nothing, pays nobody and serves all, but for what a test gives. */
export function madeForecaster(given: Partial<Forecaster> = {}): Forecaster {
  return {
    name: 'made',
    suppliers: [agentOf(2), agentOf(3)],
    forecast: () => null,
    learn: () => {},
    chooseStreams: () => null,
    serves: () => true,
    ...given,
  }
}
