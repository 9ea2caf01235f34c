import type { ClockPort } from '../../ports.ts'
import type { Question } from '../llm/ask.ts'
import type { Mind } from '../llm/mind.ts'
import { ModelFailure, type ModelFailureCode } from '../llm/model-failure.ts'
import { type ModelUsage, UsageCounter } from '../llm/model-usage.ts'
import type { AnswerOutcome, OpenQuestion } from './assistant-view.ts'
import { type HeldQuestion, holdQuestion } from './held-question.ts'

/** Answers to one question that may be refused: each is tried out, which takes time. */
export const ANSWERS_MAX = 8
/** So many questions in a row without a word from an assistant, and none is there: the others do not wait for it. */
export const MISSES_MAX = 2
/** Longest wait for a question that one call may have. */
export const WAIT_MS_MAX = 25_000

export interface AssistantDeskOptions {
  readonly clock: ClockPort
  /** How long a question is held open. */
  readonly answerMs: number
  /** Ends every question: the node stops. */
  readonly signal: AbortSignal
}

/**
 * Holds the questions to an agent open until an assistant outside answers, or its time is over: a mind that is not asked, but
 * comes and looks.
 */
export class AssistantDesk implements Mind {
  readonly name = 'assistant'
  readonly #options: AssistantDeskOptions
  readonly #counter = new UsageCounter('assistant')
  readonly #held = new Map<string, HeldQuestion>()
  readonly #answersLeft = new Map<string, number>()
  readonly #checking = new Set<string>()
  readonly #waiting = new Set<() => void>()
  #misses = 0
  #count = 0

  constructor(options: AssistantDeskOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => this.#close(), { once: true })
  }

  usage(): ModelUsage {
    return this.#counter.read()
  }

  decide<Said, Meant>(question: Question<Said, Meant>): Promise<Meant> {
    const { clock, answerMs, signal } = this.#options
    if (signal.aborted) return this.#refuse('cancelled', 'the node stops')
    if (this.#misses >= MISSES_MAX) return this.#refuse('unattended', 'no assistant is attached')
    this.#count += 1
    const id = `${question.name}-${question.epoch}-${this.#count}`
    const { held, answer } = holdQuestion(question, clock.nowMs() + answerMs, (failure) => {
      callOff()
      this.#held.delete(id)
      this.#answersLeft.delete(id)
      if (failure === undefined) this.#counter.choice()
      else this.#counter.failure(failure.code)
    })
    const callOff = clock.alarm(answerMs, () => {
      this.#misses += 1
      held.giveUp(new ModelFailure('timed-out', `no answer within ${answerMs} ms`))
    })
    this.#held.set(id, held)
    this.#answersLeft.set(id, ANSWERS_MAX)
    this.#wake()
    return answer
  }

  /** An assistant that waits for what its answer comes to cannot be asked for another. */
  consult<Said, Meant>(question: Question<Said, Meant>): Promise<Meant> {
    const sentence = `nobody puts your words into a ${question.name}: give \`${question.name}\``
    return Promise.reject(new ModelFailure('wrong-shape', sentence))
  }

  /** What is asked, the most urgent first. */
  look(): readonly OpenQuestion[] {
    this.#misses = 0
    const nowMs = this.#options.clock.nowMs()
    return [...this.#held]
      .toSorted(([, a], [, b]) => a.deadlineAtMs - b.deadlineAtMs)
      .map(([id, { name, epoch, role, words, deadlineAtMs }]) => {
        const secondsLeft = Math.max(0, Math.floor((deadlineAtMs - nowMs) / 1_000))
        return { id, asks: name, epoch, secondsLeft, role, words }
      })
  }

  /** Resolves when something is asked, at the latest after `patienceMs`, or when nothing more will be. */
  async wait(patienceMs: number): Promise<void> {
    this.#misses = 0
    const { clock, signal } = this.#options
    if (this.#held.size > 0 || signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const callOff = clock.alarm(Math.min(patienceMs, WAIT_MS_MAX), resolve)
    this.#waiting.add(resolve)
    await promise
    callOff()
    this.#waiting.delete(resolve)
  }

  /** What an answer says is signed only if it passes. */
  async answer(id: string, reply: unknown): Promise<AnswerOutcome> {
    this.#misses = 0
    const held = this.#held.get(id)
    if (held === undefined) return this.#toOutcome(id, 'no-such-question', this.#describeOpen())
    if (this.#checking.has(id)) {
      return this.#toOutcome(id, 'being-checked', 'your last answer to it is being checked')
    }
    this.#checking.add(id)
    this.#counter.call()
    const problem = await held.judge(reply).finally(() => this.#checking.delete(id))
    if (problem === undefined) return { status: 'accepted', question: id }
    this.#counter.fault(problem.code)
    const left = this.#answersLeft.get(id)
    if (left !== undefined) this.#answersLeft.set(id, left - 1)
    if (left === 1) held.giveUp(problem)
    return this.#toOutcome(id, problem.code, problem.message)
  }

  #toOutcome(question: string, code: string, detail: string): AnswerOutcome {
    const triesLeft = this.#answersLeft.get(question) ?? 0
    return { status: 'refused', question, code, detail, triesLeft }
  }

  #describeOpen(): string {
    const ids = [...this.#held.keys()].join(', ')
    const open = ids === '' ? 'nothing is asked now' : `open: ${ids}`
    return `it is answered, or its time is over; ${open}`
  }

  #refuse(code: ModelFailureCode, sentence: string): Promise<never> {
    this.#counter.failure(code)
    return Promise.reject(new ModelFailure(code, sentence))
  }

  #wake(): void {
    for (const resume of this.#waiting) resume()
  }

  #close(): void {
    for (const { giveUp } of this.#held.values()) {
      giveUp(new ModelFailure('cancelled', 'the node stops'))
    }
    this.#wake()
  }
}
