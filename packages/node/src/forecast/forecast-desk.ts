import {
  type AgentId,
  type ChainEvent,
  type Cid,
  type Command,
  type Effect,
  headOf,
  type Ledger,
  questions,
  type Statement,
  type StreamShares,
  streamOf,
} from '@commonweal/protocol'
import type { Answer } from '../agent/agent.ts'
import type {
  Forecaster,
  OpenQuestion,
  SettledQuestion,
  Signal,
} from '../agent/forecast/forecaster.ts'
import { judgeAs } from '../agent/forecast/judge.ts'
import { OperationalError } from '../errors.ts'
import { inTime } from '../in-time.ts'
import type { ClockPort, LogPort, StorePort } from '../ports.ts'
import { readEvents } from '../store/read-events.ts'
import { checkedStatement, checkedVerdict } from './checked-answer.ts'
import { CustomerDesk, type StatementSealed } from './customer-desk.ts'
import { BOOK_EVENT_KINDS, QuestionBook } from './question-book.ts'
import type { SignalFrame } from './signal-frame.ts'
import { SignalInbox } from './signal-inbox.ts'

export interface ForecastDeskOptions {
  readonly forecaster: Forecaster
  readonly agent: AgentId
  readonly clock: ClockPort
  readonly log: LogPort
  readonly store: Pick<StorePort, 'events'>
  /** How long the agent may think about one question. */
  readonly timeoutMs: number
  /**
   * So many heights before a snapshot closes it waits for its suppliers no more: at least what its own seal needs to get into a
   * block, and more where others wait for it.
   */
  readonly marginHeights: number
  readonly ledger: () => Ledger
  /** To one agent's node, if it is connected. */
  readonly send: (to: AgentId, frame: SignalFrame) => void
  readonly onCommand: (command: Command) => void
  readonly onFault: (fault: ForecastFault) => void
}

export interface ForecastFault {
  readonly code: 'agent-failed' | 'agent-late' | 'agent-out-of-range'
  readonly question: Cid
  readonly sentence: string
}

type AskForecast = Extract<Effect, { readonly kind: 'ask-forecast' }>
type AskVerdict = Extract<Effect, { readonly kind: 'ask-verdict' }>

/**
 * Puts questions to the local forecaster, with what its suppliers sent; hands what it sealed to those whom it serves; shows it
 * what is settled, and changes its streams as it then wants. Heights are its clock.
 */
export class ForecastDesk {
  readonly #options: ForecastDeskOptions
  readonly #book = new QuestionBook()
  readonly #inbox = new SignalInbox()
  readonly #customers: CustomerDesk
  /** Asked, and still waiting for suppliers; by question and snapshot. */
  readonly #waiting = new Map<string, AskForecast>()
  #settledCount = 0
  #isClosed = false

  constructor(options: ForecastDeskOptions) {
    this.#options = options
    this.#customers = new CustomerDesk({
      agent: options.agent,
      ledger: options.ledger,
      send: options.send,
      question: (id) => this.#question(id),
      serves: (customer, { id }) => {
        const asking = { ...customer, servedCount: this.#settledCount }
        return this.#attempt(id, () => options.forecaster.serves(asking)) === true
      },
    })
    this.#replay()
  }

  ask(asked: AskForecast): void {
    this.#waiting.set(placeOf(asked), asked)
    this.#putReady([asked])
  }

  askVerdict({ question: id, round }: AskVerdict): void {
    const question = this.#question(id)
    const { forecaster, log, onCommand } = this.#options
    if (question === undefined) return
    const judged = { question, signals: this.#book.signals(id) }
    const { length } = question.outcomes
    const think = (): Answer<number | null> =>
      checked(judgeAs(forecaster, judged), (outcome) => checkedVerdict(outcome, length))
    this.#think(id, think, (outcome) => {
      if (outcome === null) log.warn({ question: id, round }, 'the agent, a juror, has no verdict')
      else onCommand({ kind: 'judge', question: id, round, outcome })
    })
  }

  sealed(statement: StatementSealed): void {
    this.#customers.sealed(statement)
  }

  /** What a block that became final changed. */
  onEvents(events: readonly ChainEvent[]): void {
    let last: Cid | undefined
    for (const event of events) {
      const settled = this.#book.take(event)
      if (settled !== undefined) {
        this.#learn(settled)
        last = settled.question.id
      }
      if (event.kind === 'question-settled' || event.kind === 'question-lapsed') {
        this.#forget(event.question)
      }
    }
    if (last !== undefined) this.#changeStreams(last)
    this.#putReady([...this.#waiting.values()])
  }

  /** Asks a supplier that has come for what it says from now on. */
  onPeer(agent: AgentId): void {
    if (!this.#options.forecaster.suppliers.includes(agent)) return
    this.#options.send(agent, { kind: 'subscribe' })
  }

  /** Who has gone is served no more until it asks again, so that there are never more customers than peers. */
  onPeerGone(agent: AgentId): void {
    this.#customers.gone(agent)
  }

  onFrame(frame: SignalFrame, from: AgentId): void {
    if (frame.kind === 'subscribe') {
      this.#customers.come(from)
      return
    }
    // What nobody asked for is not kept.
    if (!this.#options.forecaster.suppliers.includes(from)) return
    this.#inbox.add(from, frame)
    const asked = this.#waiting.get(placeOf(frame))
    if (asked !== undefined) this.#putReady([asked])
  }

  close(): void {
    this.#isClosed = true
  }

  /** Puts to the agent what need not wait, or can wait no longer. */
  #putReady(asked: readonly AskForecast[]): void {
    const { forecaster, marginHeights } = this.#options
    const ledger = this.#options.ledger()
    const { height } = headOf(ledger)
    for (const one of asked) {
      const signals = this.#inbox.sealed(ledger, one.question, one.snapshot)
      const isWaiting = signals.length < forecaster.suppliers.length
      if (isWaiting && height < one.closeHeight - marginHeights) continue
      this.#waiting.delete(placeOf(one))
      this.#answer(one, signals)
    }
  }

  #answer({ question: id, snapshot }: AskForecast, signals: readonly Signal[]): void {
    const { forecaster, agent, onCommand } = this.#options
    const question = this.#question(id)
    if (question === undefined) return
    const situation = { question, snapshot, agent, signals }
    const think = (): Answer<Statement | null> =>
      checked(forecaster.forecast(situation), checkedStatement)
    this.#think(id, think, (statement) => {
      onCommand({ kind: 'state', question: id, snapshot, statement })
    })
  }

  /** As the ledger has it: a node that joined later has no block in which it was asked. */
  #question(id: Cid): OpenQuestion | undefined {
    const question = questions.find(this.#options.ledger(), id)
    return question && { ...question, id }
  }

  /**
   * Carries on with what the agent says: at once where it answers at once, so that whoever has no clock can drive a desk. Where it
   * failed or was late, the operator is told.
   */
  #think<T>(question: Cid, think: () => Answer<T>, carryOn: (said: T) => void): void {
    const { clock, timeoutMs } = this.#options
    const said = this.#attempt(question, think)
    if (said === undefined) return
    if (!(said instanceof Promise)) {
      carryOn(said)
      return
    }
    void inTime(clock, timeoutMs, () => said).then(
      (late) => {
        if (!this.#isClosed) carryOn(late)
      },
      (error: unknown) => this.#tellFault(question, error),
    )
  }

  /** The same for what the agent does at once: its fault stops the node as little. */
  #attempt<T>(question: Cid, act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.#tellFault(question, error)
      return undefined
    }
  }

  #tellFault(question: Cid, error: unknown): void {
    const code = codeOf(error)
    const sentence = error instanceof Error ? error.message : String(error)
    this.#options.log.warn({ code, question, err: error }, 'the agent failed')
    this.#options.onFault({ code, question, sentence })
  }

  #learn(settled: SettledQuestion): void {
    const { forecaster, agent } = this.#options
    this.#attempt(settled.question.id, () => forecaster.learn(settled))
    if (settled.signals.some(({ author }) => author === agent)) this.#settledCount += 1
  }

  /**
   * Lets the agent think first, where it cannot choose at once. One that fails changes nothing.
   *
   * @param question the last that was settled.
   */
  #changeStreams(question: Cid): void {
    const { forecaster, clock, timeoutMs } = this.#options
    if (forecaster.assignCredit === undefined) {
      this.#takeStreams(question)
      return
    }
    const current = this.#latestStream()
    void inTime(clock, timeoutMs, async () => forecaster.assignCredit?.(current))
      .catch((error: unknown) => this.#tellFault(question, error))
      .then(() => {
        if (!this.#isClosed) this.#takeStreams(question)
      })
  }

  #takeStreams(question: Cid): void {
    const { forecaster, onCommand } = this.#options
    const shares = this.#attempt(question, () => forecaster.chooseStreams()) ?? null
    if (shares === null || isSame(shares, this.#latestStream())) return
    onCommand({ kind: 'submit', body: { kind: 'stream', shares }, tag: null })
  }

  #latestStream(): StreamShares {
    return streamOf(this.#options.ledger(), this.#options.agent, Number.MAX_SAFE_INTEGER)
  }

  #forget(question: Cid): void {
    this.#inbox.forget(question)
    this.#customers.forget(question)
    for (const [place, asked] of this.#waiting) {
      if (asked.question === question) this.#waiting.delete(place)
    }
  }

  /** All that was settled before, so that the agent knows again what it had learned. */
  #replay(): void {
    const { store, log } = this.#options
    for (const { event } of readEvents(store, BOOK_EVENT_KINDS)) {
      const settled = this.#book.takeStored(event)
      if (settled !== undefined) this.#learn(settled)
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

/** What an agent says, once it is checked. */
function checked<T>(said: Answer<T>, check: (said: T) => T): Answer<T> {
  return said instanceof Promise ? said.then(check) : check(said)
}

function placeOf({ question, snapshot }: Pick<AskForecast, 'question' | 'snapshot'>): string {
  return `${question}/${snapshot}`
}

function codeOf(error: unknown): ForecastFault['code'] {
  if (!(error instanceof OperationalError)) return 'agent-failed'
  const { code } = error
  return code === 'agent-late' || code === 'agent-out-of-range' ? code : 'agent-failed'
}
