import {
  type AgentId,
  type ChainEvent,
  type Cid,
  type Command,
  type Effect,
  headOf,
  type Ledger,
  type StreamShares,
  streamOf,
} from '@commonweal/protocol'
import type { Answer } from '../agent/agent.ts'
import type { Forecaster, SettledQuestion } from '../agent/forecast/forecaster.ts'
import { judgeByStatements } from '../agent/forecast/judge.ts'
import { OperationalError } from '../errors.ts'
import { inTime } from '../in-time.ts'
import type { ClockPort, LogPort, StorePort } from '../ports.ts'
import { readEvents } from '../store/read-events.ts'
import { BOOK_EVENT_KINDS, QuestionBook } from './question-book.ts'
import { decodeSignalFrame, encodeSignalFrame, type SignalFrame } from './signal-frame.ts'
import { SignalInbox } from './signal-inbox.ts'

export interface ForecastDeskOptions {
  readonly forecaster: Forecaster
  readonly agent: AgentId
  readonly clock: ClockPort
  readonly log: LogPort
  readonly store: StorePort
  /** How long the agent may think about one question. */
  readonly timeoutMs: number
  /**
   * So many heights before a snapshot closes it waits for its suppliers no more: at least what its own seal needs to get into a
   * block, and more where others wait for it.
   */
  readonly marginHeights: number
  readonly ledger: () => Ledger
  /** To one agent's node, if it is connected. */
  readonly send: (to: AgentId, frame: Uint8Array) => void
  readonly onCommand: (command: Command) => void
  readonly onFault: (fault: ForecastFault) => void
}

export interface ForecastFault {
  readonly code: 'agent-failed' | 'agent-late'
  readonly question: Cid
  readonly sentence: string
}

type AskForecast = Extract<Effect, { readonly kind: 'ask-forecast' }>
type AskVerdict = Extract<Effect, { readonly kind: 'ask-verdict' }>
type Sealed = Extract<Effect, { readonly kind: 'statement-sealed' }>

/**
 * Puts questions to the local forecaster, with what its suppliers sent; hands what it sealed to those whom it serves; shows it
 * what is settled, and changes its streams as it then wants. Heights are its clock.
 */
export class ForecastDesk {
  readonly #options: ForecastDeskOptions
  readonly #book = new QuestionBook()
  readonly #inbox = new SignalInbox()
  readonly #customers = new Set<AgentId>()
  /** Asked, and still waiting for suppliers. */
  #waiting: readonly AskForecast[] = []
  /** Sealed and not settled: for customers who come late. */
  #own: readonly Sealed[] = []
  #settledCount = 0
  #isClosed = false

  constructor(options: ForecastDeskOptions) {
    this.#options = options
    this.#replay()
  }

  ask(question: AskForecast): void {
    this.#waiting = [...this.#waiting, question]
    this.#askReady()
  }

  askVerdict({ question: id, round }: AskVerdict): void {
    const question = this.#book.question(id)
    const { forecaster, log, onCommand } = this.#options
    if (question === undefined) return
    const signals = this.#book.signals(id)
    const judge = (): Answer<number | null> =>
      forecaster.judge?.({ question, signals }) ?? judgeByStatements({ question, signals })
    void this.#think(id, async () => judge()).then((outcome) => {
      if (outcome === undefined || this.#isClosed) return
      if (outcome === null) log.warn({ question: id, round }, 'the agent, a juror, has no verdict')
      else onCommand({ kind: 'judge', question: id, round, outcome })
    })
  }

  sealed(statement: Sealed): void {
    this.#own = [...this.#own, statement]
    for (const customer of this.#customers) this.#serve(customer, statement)
  }

  /** What a block that became final changed. */
  onEvents(events: readonly ChainEvent[]): void {
    for (const event of events) {
      const settled = this.#book.take(event)
      if (settled !== undefined) this.#learn(settled)
      if (event.kind === 'question-settled' || event.kind === 'question-lapsed') {
        this.#forget(event.question)
      }
    }
    this.#askReady()
  }

  /** Asks a supplier that has come for what it says from now on. */
  onPeer(agent: AgentId): void {
    if (!this.#options.forecaster.suppliers.includes(agent)) return
    this.#options.send(agent, encodeSignalFrame({ kind: 'subscribe' }))
  }

  /** Result  false where no honest agent sends such a frame. */
  onFrame(bytes: Uint8Array, from: AgentId): boolean {
    const frame = decodeSignalFrame(bytes)
    if (!frame.ok) return false
    this.#take(frame.value, from)
    return true
  }

  close(): void {
    this.#isClosed = true
  }

  #take(frame: SignalFrame, from: AgentId): void {
    if (frame.kind === 'subscribe') {
      this.#customers.add(from)
      for (const statement of this.#own) this.#serve(from, statement)
      return
    }
    // What nobody asked for is not kept.
    if (!this.#options.forecaster.suppliers.includes(from)) return
    this.#inbox.add(from, frame)
    this.#askReady()
  }

  /** Puts to the agent what need not wait, or can wait no longer. */
  #askReady(): void {
    const { forecaster, ledger, marginHeights } = this.#options
    const { height } = headOf(ledger())
    const ready = this.#waiting.filter(({ question, snapshot, closeHeight }) => {
      const count = this.#inbox.sealed(ledger(), question, snapshot).length
      return count >= forecaster.suppliers.length || height >= closeHeight - marginHeights
    })
    this.#waiting = this.#waiting.filter((asked) => !ready.includes(asked))
    for (const asked of ready) void this.#answer(asked)
  }

  async #answer({ question: id, snapshot }: AskForecast): Promise<void> {
    const { forecaster, agent, ledger, onCommand } = this.#options
    const question = this.#book.question(id)
    if (question === undefined) return
    const signals = this.#inbox.sealed(ledger(), id, snapshot)
    const situation = { question, snapshot, agent, signals }
    const statement = await this.#think(id, async () => forecaster.forecast(situation))
    if (statement === undefined || this.#isClosed) return
    onCommand({ kind: 'state', question: id, snapshot, statement })
  }

  /** Undefined where the agent failed or was late; the operator is told. */
  async #think<T>(question: Cid, think: () => Promise<T>): Promise<T | undefined> {
    const { clock, timeoutMs, log, onFault } = this.#options
    try {
      return await inTime(clock, timeoutMs, think)
    } catch (error) {
      const isLate = error instanceof OperationalError && error.code === 'agent-late'
      const code = isLate ? 'agent-late' : 'agent-failed'
      const sentence = error instanceof Error ? error.message : String(error)
      log.warn({ code, question, err: error }, 'the agent failed')
      onFault({ code, question, sentence })
      return undefined
    }
  }

  #serve(customer: AgentId, { question: id, snapshot, statement, salt }: Sealed): void {
    const { forecaster, agent, ledger, send } = this.#options
    const question = this.#book.question(id)
    if (question === undefined) return
    const shares = streamOf(ledger(), customer, question.openHeight)
    const bps = shares.find(({ to }) => to === agent)?.bps ?? 0
    if (!forecaster.serves({ agent: customer, bps, servedCount: this.#settledCount })) return
    const frame = { kind: 'statement', question: id, snapshot, statement, salt } as const
    send(customer, encodeSignalFrame(frame))
  }

  #learn(settled: SettledQuestion): void {
    const { forecaster, agent, onCommand } = this.#options
    forecaster.learn(settled)
    if (settled.signals.some(({ author }) => author === agent)) this.#settledCount += 1
    const shares = forecaster.chooseStreams()
    if (shares === null || isSame(shares, this.#latestStream())) return
    onCommand({ kind: 'submit', body: { kind: 'stream', shares }, tag: null })
  }

  #latestStream(): StreamShares {
    return streamOf(this.#options.ledger(), this.#options.agent, Number.MAX_SAFE_INTEGER)
  }

  #forget(question: Cid): void {
    this.#inbox.forget(question)
    this.#own = this.#own.filter((sealed) => sealed.question !== question)
    this.#waiting = this.#waiting.filter((asked) => asked.question !== question)
  }

  /** All that was settled before, so that the agent knows again what it had learned. */
  #replay(): void {
    const { store, forecaster, agent, log } = this.#options
    for (const { event } of readEvents(store, BOOK_EVENT_KINDS)) {
      const settled = this.#book.take(event)
      if (settled === undefined) continue
      forecaster.learn(settled)
      if (settled.signals.some(({ author }) => author === agent)) this.#settledCount += 1
    }
    if (this.#settledCount > 0) {
      log.info({ questions: this.#settledCount }, 'the agent knows again what it had learned')
    }
  }
}

function isSame(a: StreamShares, b: StreamShares): boolean {
  return (
    a.length === b.length &&
    a.every(({ to, bps }, index) => b[index]?.to === to && b[index]?.bps === bps)
  )
}
