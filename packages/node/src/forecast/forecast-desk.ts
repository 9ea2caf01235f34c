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
import type { Forecaster, OpenQuestion, SettledQuestion } from '../agent/forecast/forecaster.ts'
import { judgeAs } from '../agent/forecast/judge.ts'
import { OperationalError } from '../errors.ts'
import type { ClockPort, LogPort, StorePort } from '../ports.ts'
import { readEvents } from '../store/read-events.ts'
import { AgentCalls, type ForecastFault } from './agent-calls.ts'
import { checked, checkedStatement, checkedVerdict } from './checked-answer.ts'
import { CustomerDesk, type StatementSealed } from './customer-desk.ts'
import { openSignals } from './open-signals.ts'
import { BOOK_EVENT_KINDS, QuestionBook } from './question-book.ts'
import type { SignalFrame } from './signal-frame.ts'
import { SignalInbox } from './signal-inbox.ts'
import { type AskForecast, type ReadyQuestion, WaitingQuestions } from './waiting-questions.ts'

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
  readonly #waiting: WaitingQuestions
  readonly #calls: AgentCalls
  #settledCount = 0
  /** The last question that was learned from, until the agent has been asked what it passes on since. */
  #learnedFrom: Cid | undefined

  constructor(options: ForecastDeskOptions) {
    this.#options = options
    this.#calls = new AgentCalls(options)
    this.#waiting = new WaitingQuestions({
      suppliers: options.forecaster.suppliers,
      inbox: this.#inbox,
      ledger: options.ledger,
      marginHeights: options.marginHeights,
      askAgain: (supplier) => options.send(supplier, { kind: 'subscribe' }),
    })
    this.#customers = new CustomerDesk({
      agent: options.agent,
      ledger: options.ledger,
      send: options.send,
      question: (id) => this.#question(id),
      serves: (customer, { id }) => {
        const asking = { ...customer, servedCount: this.#settledCount }
        return this.#calls.attempt(id, () => options.forecaster.serves(asking)) === true
      },
    })
    this.#replay()
  }

  ask(asked: AskForecast): void {
    this.#waiting.add(asked)
    this.#putReady(asked)
  }

  askVerdict({ question: id, round }: AskVerdict): void {
    const question = this.#question(id)
    const { forecaster, ledger, log, onCommand } = this.#options
    if (question === undefined) return
    const judged = { question, signals: openSignals(this.#book, ledger(), id) }
    const { length } = question.outcomes
    const think = (): Answer<number | null> =>
      checked(judgeAs(forecaster, judged), (outcome) => checkedVerdict(outcome, length))
    this.#calls.think(id, think, (outcome) => {
      if (outcome === null) log.warn({ question: id, round }, 'the agent, a juror, has no verdict')
      else onCommand({ kind: 'judge', question: id, round, outcome })
    })
  }

  sealed(statement: StatementSealed): void {
    this.#customers.sealed(statement)
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
    const learnedFrom = this.#learnedFrom
    this.#learnedFrom = undefined
    if (learnedFrom !== undefined) this.#changeStreams(learnedFrom)
    this.#putReady()
  }

  /** Asks a supplier that has come for what it says from now on. */
  onPeer(agent: AgentId): void {
    if (!this.listensTo(agent)) return
    this.#options.send(agent, { kind: 'subscribe' })
  }

  /** Who has gone is served no more until it asks again, so that there are never more customers than peers. */
  onPeerGone(agent: AgentId): void {
    this.#customers.gone(agent)
  }

  /** Whether it wants statements of this agent. */
  listensTo(agent: AgentId): boolean {
    return this.#options.forecaster.suppliers.includes(agent)
  }

  onFrame(frame: SignalFrame, from: AgentId): void {
    if (frame.kind === 'subscribe') {
      this.#customers.come(from)
      return
    }
    // What nobody asked for is not kept.
    if (!this.listensTo(from)) return
    this.#inbox.add(from, frame, this.#options.ledger())
    this.#putReady(frame)
  }

  close(): void {
    this.#calls.close()
  }

  /** Puts to the agent what need not wait, or can wait no longer. */
  #putReady(only?: Pick<AskForecast, 'question' | 'snapshot'>): void {
    for (const ready of this.#waiting.takeReady(only)) this.#answer(ready)
  }

  #answer(ready: ReadyQuestion): void {
    const { asked, signals } = ready
    const { question: id, snapshot, closeHeight } = asked
    const { forecaster, agent, ledger, onCommand } = this.#options
    const question = this.#question(id)
    if (question === undefined) return
    const situation = { question, snapshot, agent, signals }
    const { length } = question.outcomes
    const think = (): Answer<Statement | null> =>
      checked(forecaster.forecast(situation), (said) => checkedStatement(said, length))
    this.#calls.think(id, think, (statement) => {
      if (statement === null) this.#waiting.saidNothing(ready)
      else if (headOf(ledger()).height >= closeHeight)
        this.#calls.tellFault(id, tooLate(closeHeight))
      else onCommand({ kind: 'state', question: id, snapshot, statement })
    })
  }

  /** As the ledger has it: a node that joined later has no block in which it was asked. */
  #question(id: Cid): OpenQuestion | undefined {
    const question = questions.find(this.#options.ledger(), id)
    return question && { ...question, id }
  }

  #learn(settled: SettledQuestion): void {
    const { forecaster, agent } = this.#options
    this.#calls.attempt(settled.question.id, () => forecaster.learn(settled))
    if (settled.signals.some(({ author }) => author === agent)) this.#settledCount += 1
    this.#learnedFrom = settled.question.id
  }

  /**
   * Lets the agent think first, where it cannot choose at once. One that fails changes nothing.
   *
   * @param question the last that was settled.
   */
  #changeStreams(question: Cid): void {
    const { forecaster } = this.#options
    if (forecaster.assignCredit === undefined) {
      this.#takeStreams(question)
      return
    }
    const current = this.#latestStream()
    this.#calls.afterThinking(
      question,
      async () => forecaster.assignCredit?.(current),
      () => this.#takeStreams(question),
    )
  }

  #takeStreams(question: Cid): void {
    const { forecaster, onCommand } = this.#options
    const shares = this.#calls.attempt(question, () => forecaster.chooseStreams()) ?? null
    if (shares === null || isSame(shares, this.#latestStream())) return
    onCommand({ kind: 'submit', body: { kind: 'stream', shares }, tag: null })
  }

  #latestStream(): StreamShares {
    return streamOf(this.#options.ledger(), this.#options.agent, Number.MAX_SAFE_INTEGER)
  }

  #forget(question: Cid): void {
    this.#inbox.forget(question)
    this.#customers.forget(question)
    this.#waiting.forget(question)
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

function tooLate(closeHeight: number): OperationalError {
  return new OperationalError('agent-late', `no answer before height ${closeHeight}`)
}
