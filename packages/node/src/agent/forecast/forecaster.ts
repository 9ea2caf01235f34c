import type {
  AgentId,
  Cid,
  Digest,
  QuestionBody,
  Statement,
  StreamShares,
} from '@commonweal/protocol'
import type { Answer } from '../agent.ts'

/**
 * A forecasting policy: what one node says about questions, whom it listens to, and whom it pays for that.
 *
 * It is a fold: all that it has learned follows from the settled questions that it was shown, in order. So a node that
 * restarts shows it those that its store has, and it is where it was.
 */
export interface Forecaster {
  readonly name: string
  /** Whose signals it asks for. */
  readonly suppliers: readonly AgentId[]
  /** What it says in a snapshot of an open question; null where it has nothing to say. */
  forecast(situation: ForecastSituation): Answer<Statement | null>
  /**
   * What came true, when it is drawn into a jury; null where it cannot tell, which costs a juror like a wrong verdict. Without it
   * a juror says what it has witnessed, or else goes by what others said.
   */
  judge?(question: JudgedQuestion): Answer<number | null>
  /** What it has seen of the world: where no data set answers a question, it bonds for that. */
  readonly witness?: Witness
  /** A question is settled: what everybody said is open, and what came true is known, or it is void. */
  learn(settled: SettledQuestion): void
  /**
   * Thinks about whom to pay, where it cannot do so at once; `chooseStreams` then has what came of it. Asked after a block that
   * settled questions.
   *
   * @param current what it passes on now.
   */
  assignCredit?(current: StreamShares): Promise<void>
  /** Whom it passes on what, from what it has learned; null: it changes nothing. Asked after a block that settled questions. */
  chooseStreams(): StreamShares | null
  /** Whether it sends its statement to an agent that has asked for it. */
  serves(customer: Customer): boolean
}

/** One that sees what comes true. It asserts it where nobody has, and disputes an assertion of anything else. */
export interface Witness {
  /** So many heights it leaves to others to assert before it. */
  readonly patienceHeights: number
  /** The outcome that came true; null where it has not seen it. */
  saw(question: OpenQuestion): number | null
}

/** An open question, as an agent sees it. */
export interface ForecastSituation {
  readonly question: OpenQuestion
  readonly snapshot: number
  /** The agent's own id. */
  readonly agent: AgentId
  /** What suppliers have sent for this snapshot; every one was sealed before. Waits for them, but not past the time to seal. */
  readonly signals: readonly Signal[]
}

/** A question with its id. */
export interface OpenQuestion extends QuestionBody {
  readonly id: Cid
}

/** A statement that another agent has sealed and sent, or that it has opened. */
export interface Signal {
  readonly author: AgentId
  readonly snapshot: number
  /** The digest that the author sealed: the statement's id. */
  readonly digest: Digest
  readonly statement: Statement
  /** Place of its seal among all of the question, from 0: who was first. */
  readonly order: number
}

/** A question whose outcome is disputed, and what was said about it. */
export interface JudgedQuestion {
  readonly question: OpenQuestion
  readonly signals: readonly Signal[]
}

/** A question that is over, and all that was said about it in the open. */
export interface SettledQuestion {
  readonly question: OpenQuestion
  /** Which outcome came true; null where the question is void. */
  readonly outcome: number | null
  readonly signals: readonly Signal[]
}

/** One that has asked an agent for its statements. */
export interface Customer {
  readonly agent: AgentId
  /** Basis points of everything it earns on this question that it passes to the agent asked. */
  readonly bps: number
  /** Settled questions on which the agent asked has spoken: what it said then is open, so that anybody may judge its worth. */
  readonly servedCount: number
}
