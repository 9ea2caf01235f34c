import type { Answer } from '../agent.ts'
import { ModelFailure } from '../llm/model-failure.ts'
import { type ModelUsage, UsageCounter } from '../llm/model-usage.ts'
import { refuseAnswer } from './granted.ts'
import { describeError } from './plugin-error.ts'

/** What an agent of the operator's own was asked. */
export type PluginQuestion =
  | 'act'
  | 'negotiate'
  | 'forecast'
  | 'judge'
  | 'saw'
  | 'learn'
  | 'credit'
  | 'streams'
  | 'serves'

/** What stands around it. */
export interface PluginSurroundings {
  /** Its name, for counts. */
  readonly name: string
  /** Waits for an answer that does not come at once. Errors  'agent-late'; at once where nothing may wait */
  readonly wait: <T>(answer: Promise<T>) => Promise<T>
  /** Hears of every fault. Where it throws, nobody decides in the place of the plug-in. */
  readonly onFault: (question: PluginQuestion, fault: ModelFailure) => void
}

/** One question, who answers it, and who else if that does not do. */
interface Asking<T, Else> {
  readonly question: PluginQuestion
  readonly ask: () => unknown
  /** What the answer means. Errors  ModelFailure, where it will not do */
  readonly check: (said: unknown) => T
  readonly otherwise: () => Else
}

/**
 * Asks an agent of the operator's own. Whatever it throws, rejects with, or answers that will not do is a fault: it is told,
 * counted apart from choices, and somebody else answers. What is answered at once is passed on at once.
 */
export class PluginWatch {
  readonly #surroundings: PluginSurroundings
  readonly #counter: UsageCounter

  constructor(surroundings: PluginSurroundings) {
    this.#surroundings = surroundings
    this.#counter = new UsageCounter(surroundings.name)
  }

  usage(): ModelUsage {
    return this.#counter.read()
  }

  ask<T>(asking: Asking<T, Answer<T>>): Answer<T> {
    const { ask, check } = asking
    try {
      const said = ask()
      if (said instanceof Promise) return this.#askLate(asking, this.#surroundings.wait(said))
      const meant = check(said)
      this.#counter.choice()
      return meant
    } catch (error) {
      return this.#instead(asking, error)
    }
  }

  /** The same where the answer must be there at once. */
  askAtOnce<T>(asking: Asking<T, T>): T {
    try {
      return asking.check(requireAtOnce(asking.ask()))
    } catch (error) {
      return this.#instead(asking, error)
    }
  }

  async #askLate<T>(asking: Asking<T, Answer<T>>, late: Promise<unknown>): Promise<T> {
    try {
      const meant = asking.check(await late)
      this.#counter.choice()
      return meant
    } catch (error) {
      return this.#instead(asking, error)
    }
  }

  #instead<T, Else>({ question, otherwise }: Asking<T, Else>, error: unknown): Else {
    const fault = toFault(error)
    this.#counter.failure(fault.code)
    this.#surroundings.onFault(question, fault)
    return otherwise()
  }
}

/** Errors  ModelFailure 'wrong-shape' */
function requireAtOnce(said: unknown): unknown {
  if (!(said instanceof Promise)) return said
  // Nobody waits for what it comes to.
  said.catch(() => undefined)
  return refuseAnswer('it answers with a promise, and this is asked for at once')
}

function toFault(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error
  const isLate = error instanceof Error && 'code' in error && error.code === 'agent-late'
  return new ModelFailure(isLate ? 'timed-out' : 'threw', describeError(error), { cause: error })
}
