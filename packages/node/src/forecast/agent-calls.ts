import type { Cid } from '@commonweal/protocol'
import type { Answer } from '../agent/agent.ts'
import { OperationalError } from '../errors.ts'
import { inTime } from '../in-time.ts'
import type { ClockPort, LogPort } from '../ports.ts'

export interface ForecastFault {
  readonly code: 'agent-failed' | 'agent-late' | 'agent-out-of-range'
  readonly question: Cid
  readonly sentence: string
}

export interface AgentCallsOptions {
  readonly clock: ClockPort
  readonly log: LogPort
  /** How long the agent may think about one question. */
  readonly timeoutMs: number
  readonly onFault: (fault: ForecastFault) => void
}

/** Asks the agent things, each about a question. Its faults stop nothing: the operator is told. */
export class AgentCalls {
  readonly #options: AgentCallsOptions
  #isClosed = false

  constructor(options: AgentCallsOptions) {
    this.#options = options
  }

  /** From here on no answer is carried on with. */
  close(): void {
    this.#isClosed = true
  }

  /**
   * Carries on with what the agent says: at once where it answers at once, so that whoever has no clock can drive a desk. Where it
   * failed or was late, the operator is told.
   */
  think<T>(question: Cid, think: () => Answer<T>, carryOn: (said: T) => void): void {
    const { clock, timeoutMs } = this.#options
    const said = this.attempt(question, think)
    if (said === undefined) return
    if (!(said instanceof Promise)) {
      carryOn(said)
      return
    }
    void inTime(clock, timeoutMs, () => said).then(
      (late) => {
        if (!this.#isClosed) carryOn(late)
      },
      (error: unknown) => this.tellFault(question, error),
    )
  }

  /** Lets the agent think, and goes on when it has, or could not. */
  afterThinking(question: Cid, think: () => Promise<void>, goOn: () => void): void {
    const { clock, timeoutMs } = this.#options
    void inTime(clock, timeoutMs, think)
      .catch((error: unknown) => this.tellFault(question, error))
      .then(() => {
        if (!this.#isClosed) goOn()
      })
  }

  /** What the agent does at once. Result  undefined where it failed. */
  attempt<T>(question: Cid, act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.tellFault(question, error)
      return undefined
    }
  }

  tellFault(question: Cid, error: unknown): void {
    const code = codeOf(error)
    const sentence = error instanceof Error ? error.message : String(error)
    this.#options.log.warn({ code, question, err: error }, 'the agent failed')
    this.#options.onFault({ code, question, sentence })
  }
}

function codeOf(error: unknown): ForecastFault['code'] {
  if (!(error instanceof OperationalError)) return 'agent-failed'
  const { code } = error
  return code === 'agent-late' || code === 'agent-out-of-range' ? code : 'agent-failed'
}
