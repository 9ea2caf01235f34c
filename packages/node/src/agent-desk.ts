import {
  type AgentQuestion,
  builtInSubnets,
  type Command,
  instances,
  type Ledger,
  present,
  type ReplicaMove,
  subnetStates,
} from '@commonweal/protocol'
import type { Agent, Move } from './agent/agent.ts'
import { fitsProposal } from './agent/terms-fit.ts'
import { OperationalError } from './errors.ts'
import { inTime } from './in-time.ts'
import type { ClockPort, LogPort } from './ports.ts'
import { createNegotiationSituation, createSituation } from './situation.ts'

export interface AgentDeskOptions {
  readonly agent: Agent
  readonly clock: ClockPort
  readonly log: LogPort
  /** How long the agent may think about one question. */
  readonly timeoutMs: number
  readonly ledger: () => Ledger
  readonly onCommand: (command: Command) => void
  /** The agent threw, was late, or answered what is no answer. */
  readonly onFault: (fault: AgentFault) => void
}

export type AgentFaultCode = 'agent-failed' | 'agent-late' | 'agent-out-of-range' | 'no-situation'

export interface AgentFault {
  readonly code: AgentFaultCode
  readonly question: AgentQuestion['kind']
  readonly subnet: string
  readonly epoch: number
  readonly sentence: string
}

/**
 * Puts the replica's questions to the local agent. The answer comes back as a command; an agent that fails passes, so that
 * the others need not wait for it.
 */
export class AgentDesk {
  readonly #options: AgentDeskOptions
  #isClosed = false

  constructor(options: AgentDeskOptions) {
    this.#options = options
  }

  ask(question: AgentQuestion): void {
    void this.#answer(question)
      .catch((error: unknown) => this.#excuse(question, error))
      .then((command) => {
        if (!this.#isClosed) this.#options.onCommand(command)
      })
  }

  close(): void {
    this.#isClosed = true
  }

  async #answer(question: AgentQuestion): Promise<Command> {
    const { agent, ledger } = this.#options
    const { subnet, epoch } = question
    if (question.kind === 'act') {
      const situation = createSituation(ledger(), question)
      if (situation === undefined) throw unplayable(subnet)
      const action = await this.#inTime(async () => agent.act(situation))
      checkAction(ledger(), subnet, action)
      return { kind: 'act', subnet, epoch, action }
    }
    const situation = createNegotiationSituation(ledger(), question)
    if (situation === undefined) throw unplayable(subnet)
    const move = await this.#inTime(async () => agent.negotiate(situation))
    checkMove(move)
    return { kind: 'move', subnet, epoch, turn: question.turn, move: toReplicaMove(move) }
  }

  #inTime<T>(think: () => Promise<T>): Promise<T> {
    return inTime(this.#options.clock, this.#options.timeoutMs, think)
  }

  #excuse(question: AgentQuestion, error: unknown): Command {
    const { subnet, epoch, kind } = question
    const code = faultCodeOf(error)
    const sentence = error instanceof Error ? error.message : String(error)
    this.#options.log.warn({ code, subnet, epoch, question: kind, err: error }, 'the agent failed')
    this.#options.onFault({ code, question: kind, subnet, epoch, sentence })
    if (kind === 'act') return { kind: 'submit', body: { kind: 'pass', subnet }, tag: null }
    return { kind: 'move', subnet, epoch, turn: question.turn, move: { move: 'pass' } }
  }
}

function faultCodeOf(error: unknown): AgentFaultCode {
  if (!(error instanceof OperationalError)) return 'agent-failed'
  const { code } = error
  return code === 'agent-late' || code === 'agent-out-of-range' || code === 'no-situation'
    ? code
    : 'agent-failed'
}

/** An action above the greatest would be refused when it is revealed, and cost the seal's bond. */
function checkAction(ledger: Ledger, id: string, action: bigint): void {
  const instance = present(instances.find(ledger, id), 'an instance is there for good')
  const subnet = present(builtInSubnets.get(instance.kind), 'every instance has its subnet')
  const actionMax = subnet.actionMax(instance.params, subnetStates.find(ledger, id))
  if (action >= 0n && action <= actionMax) return
  throw new OperationalError('agent-out-of-range', `the action ${action} is not 0 … ${actionMax}`)
}

/** Terms that no proposal can carry would be rejected by every peer. */
function checkMove(move: Move): void {
  if (move.move !== 'propose' || fitsProposal(move.terms)) return
  throw new OperationalError('agent-out-of-range', 'no proposal can carry the terms')
}

function toReplicaMove(move: Move): ReplicaMove {
  return move.move === 'reject' ? { move: 'reject', text: move.text } : move
}

function unplayable(subnet: string): OperationalError {
  return new OperationalError('no-situation', `agents cannot play the instance ${subnet}`)
}
