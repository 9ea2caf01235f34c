import { TaskState } from '@a2a-js/sdk'
import { type Genesis, instances, type Terms } from '@commonweal/protocol'
import type { Candidate } from '../../agent/utility/candidate.ts'
import { OperationalError } from '../../errors.ts'
import { inTime } from '../../in-time.ts'
import { type Answer, answerClauses, askForOffer } from '../../outside/exchange.ts'
import { foreseeNegotiation } from '../../outside/foreseen-negotiation.ts'
import type { OfferState } from '../../outside/offer-book.ts'
import type { OutsideParts } from '../../outside/outside-parts.ts'
import type { StorePort } from '../../ports.ts'
import { wordsOf } from '../contract-view.ts'
import type { ApiSource } from '../source.ts'
import type { OutsideBody } from './body.ts'
import { dataPart, type Saying } from './saying.ts'
import { type BoardTask, isOver, type TaskBoard } from './task-board.ts'

export type NegotiationBody = Exclude<OutsideBody, { readonly kind: 'look' }>

/** Why a message says nothing that could be heard in this task now. */
export type UnheardCode =
  | 'agent-thinks'
  | 'already-agreed'
  | 'already-open'
  | 'another-subnet'
  | 'nothing-to-accept'

/** Turns of one conversation that are shown at most. */
const TURNS_SHOWN_MAX = 256
const TURNS_READ_MAX = 10_000

/**
 * One task: a talk between an agent outside and the node's own, and what becomes of what they agree on.
 *
 * | state | when |
 * |---|---|
 * | working | the agent thinks; what was agreed waits for its turn, or stands in the network |
 * | input-required | it has said something: accept it, propose other clauses, or cancel |
 * | completed | the agreement is on the ledger |
 * | rejected | the agent would not |
 * | failed | it was proposed, and did not form; or something went wrong, or took too long |
 * | canceled | the agent outside took it back before it was proposed |
 */
export class NegotiationTask {
  readonly #parts: OutsideParts
  readonly #source: ApiSource
  readonly #board: TaskBoard
  readonly #entry: BoardTask
  readonly #subnet: string
  readonly #said: { readonly turn: number; readonly terms: Terms }[] = []
  #stage: 'thinking' | 'talking' | 'agreed' = 'talking'
  #turn = 0
  #offered: Candidate | null = null

  constructor(
    parts: OutsideParts,
    source: ApiSource,
    board: TaskBoard,
    entry: BoardTask,
    subnet: string,
  ) {
    this.#parts = parts
    this.#source = source
    this.#board = board
    this.#entry = entry
    this.#subnet = subnet
  }

  /** Undefined where the body can be heard. */
  findProblem(body: NegotiationBody): UnheardCode | undefined {
    if (this.#stage === 'thinking') return 'agent-thinks'
    if (this.#stage === 'agreed') return 'already-agreed'
    if (body.subnet !== this.#subnet) return 'another-subnet'
    if (body.kind === 'cfp') return 'already-open'
    if (body.kind === 'accept-proposal' && this.#offered === null) return 'nothing-to-accept'
    return undefined
  }

  /** Takes in what the agent outside says; what comes of it shows in the task. */
  hear(body: NegotiationBody): void {
    if (body.kind === 'accept-proposal' && this.#offered !== null) {
      this.#agree(this.#offered, false, 'You take the terms of this agent.')
      return
    }
    // Whose word opens the talk has its turn 0.
    if (body.kind === 'propose' && this.#turn === 0) this.#turn = 1
    this.#stage = 'thinking'
    this.#say(TaskState.TASK_STATE_WORKING, null)
    void this.#think(body).then(
      (answer) => this.#carryOut(answer),
      (error: unknown) => this.#fail(error),
    )
  }

  /** Ends the task for its client. Result  false where the agent has said in the network what it cannot unsay */
  cancel(): boolean {
    if (this.#stage === 'agreed' && !this.#parts.offers.withdraw(this.#entry.task.id)) return false
    this.#say(TaskState.TASK_STATE_CANCELED, {
      sentence: 'The task was canceled; nothing was proposed.',
      body: { kind: 'cancel', code: 'withdrawn' },
    })
    return true
  }

  /** Its life is over. */
  expire(): void {
    const isUnsaid = this.#stage !== 'agreed' || this.#parts.offers.withdraw(this.#entry.task.id)
    this.#say(TaskState.TASK_STATE_FAILED, {
      sentence: isUnsaid
        ? 'The task took too long; nothing was proposed.'
        : 'The task took too long; what became of the proposal is on the ledger.',
      body: { kind: 'failure', code: 'expired', isProposed: !isUnsaid },
    })
  }

  async #think(body: NegotiationBody): Promise<Answer | Refusal> {
    const { agent, id, mandate, clock, timeoutMs } = this.#parts
    const foreseen = foreseeNegotiation(this.#source.ledger(), id, this.#subnet)
    if (!foreseen.ok) return { kind: 'refuse', code: foreseen.error.code }
    const situation = foreseen.value
    if (this.#turn >= situation.turnsMax) return { kind: 'refuse', code: 'talked-out' }
    if (body.kind !== 'propose')
      return inTime(clock, timeoutMs, () => askForOffer(agent, situation))
    const exchange = { turn: this.#turn, said: this.#said }
    return inTime(clock, timeoutMs, () =>
      answerClauses(agent, mandate, situation, exchange, body.law),
    )
  }

  #carryOut(answer: Answer | Refusal): void {
    const { kind } = answer
    if (isOver(this.#entry)) return
    this.#stage = 'talking'
    switch (kind) {
      case 'propose':
        this.#offered = answer.candidate
        this.#said.push({ turn: this.#turn, terms: answer.terms })
        this.#say(TaskState.TASK_STATE_INPUT_REQUIRED, {
          sentence: 'This agent proposes other terms: accept them, or propose others.',
          body: { kind, terms: answer.terms, words: this.#words(answer.terms) },
        })
        break
      case 'accept':
        this.#agree(answer.candidate, true, 'This agent takes your terms.')
        break
      case 'reject': {
        const { code, facts } = answer
        this.#say(TaskState.TASK_STATE_INPUT_REQUIRED, {
          sentence: `This agent does not take these terms (${code}): propose others.`,
          body: { kind: 'reject-proposal', code, facts },
        })
        break
      }
      case 'refuse':
        this.#say(TaskState.TASK_STATE_REJECTED, {
          sentence: `This agent will not negotiate about this (${answer.code}).`,
          body: { kind, code: answer.code },
        })
    }
    this.#turn += 2
  }

  #agree(candidate: Candidate, isForeign: boolean, sentence: string): void {
    const { id } = this.#entry.task
    this.#stage = 'agreed'
    const hasNextRun = instances.find(this.#source.ledger(), this.#subnet)?.repeat ?? false
    const offer = { id, subnet: this.#subnet, candidate, turn: this.#turn, isForeign, hasNextRun }
    this.#say(TaskState.TASK_STATE_WORKING, {
      sentence: `${sentence} It will propose them in its next turn.`,
      body: { kind: 'accept-proposal', law: candidate.law },
    })
    this.#parts.offers.add(offer, (state) => this.#follow(state))
  }

  #follow(state: OfferState): void {
    if (isOver(this.#entry)) return
    switch (state.status) {
      case 'waiting':
      case 'moved':
        break
      case 'proposed': {
        const { conversation, terms } = state
        this.#say(TaskState.TASK_STATE_WORKING, {
          sentence: 'The terms stand in the negotiation of the network.',
          body: { kind: 'inform', status: 'proposed', conversation, terms },
        })
        break
      }
      case 'formed': {
        const { status, ...facts } = state
        this.#end(TaskState.TASK_STATE_COMPLETED, 'The agreement is on the ledger.', {
          kind: 'inform',
          status,
          ...facts,
          words: this.#words(state.terms),
        })
        break
      }
      case 'not-formed': {
        const { code, conversation, epoch } = state
        this.#end(TaskState.TASK_STATE_FAILED, `No agreement came of it (${code}).`, {
          kind: 'failure',
          code,
          conversation,
          turns: conversation === null ? [] : this.#turnsOf(conversation, epoch),
        })
        break
      }
      case 'refused':
        this.#say(TaskState.TASK_STATE_REJECTED, {
          sentence: `When its turn came this agent would not propose the terms (${state.code}).`,
          body: { kind: 'refuse', code: state.code },
        })
    }
  }

  #end(state: TaskState, sentence: string, body: Saying['body']): void {
    this.#board.say(
      this.#entry,
      state,
      { sentence, body: { kind: body['kind'], code: body['code'], status: body['status'] } },
      {
        artifactId: 'outcome',
        name: 'outcome',
        description: sentence,
        parts: [dataPart(body)],
        metadata: undefined,
        extensions: [],
      },
    )
  }

  #fail(error: unknown): void {
    if (isOver(this.#entry)) return
    const code = error instanceof OperationalError ? error.code : 'agent-failed'
    this.#parts.log.warn({ code, err: error }, 'the agent failed to answer an agent outside')
    this.#say(TaskState.TASK_STATE_FAILED, {
      sentence: `This agent failed to answer (${code}).`,
      body: { kind: 'failure', code },
    })
  }

  #say(state: TaskState, saying: Saying | null): void {
    this.#board.say(this.#entry, state, saying)
  }

  #words(terms: Terms): readonly string[] {
    return wordsOf(terms, this.#source.genesis)
  }

  #turnsOf(conversation: string, epoch: number): readonly unknown[] {
    return conversationTurns(this.#source, conversation, epoch)
  }
}

/** No to the whole talk. */
interface Refusal {
  readonly kind: 'refuse'
  readonly code: string
}

function conversationTurns(
  { store, genesis }: { readonly store: StorePort; readonly genesis: Genesis },
  conversation: string,
  epoch: number,
): readonly unknown[] {
  return store
    .turns(epoch, TURNS_READ_MAX)
    .filter((heard) => heard.conversation === conversation)
    .slice(0, TURNS_SHOWN_MAX)
    .map(({ turn }) => ({
      turn: turn.turn,
      seat: turn.seat,
      move: turn.move,
      words: turn.terms === null ? [] : wordsOf(turn.terms, genesis),
    }))
}
