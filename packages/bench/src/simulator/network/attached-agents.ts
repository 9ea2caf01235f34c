import {
  type Agent,
  type Answer,
  createNegotiationSituation,
  createSituation,
  type Move,
} from '@commonweal/node/agent'
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
import type { WorldOptions } from '../engine/world-options.ts'
import { ReplicaProcess } from './replica-network.ts'

/**
 * Attaches an agent to each replica of a world: carries out `ask-agent`, the answer coming `thinkMs` later.
 *
 * Shape  one agent for each of the network's, in their order. An agent that answers with a promise cannot play here.
 */
export function attachAgents(
  agents: readonly Agent[],
  thinkMs: number,
): NonNullable<WorldOptions['onEffect']> {
  return (instance, effect) => {
    const agent = agents[instance.agent]
    const { process } = instance
    if (effect.kind !== 'ask-agent' || agent === undefined) return []
    // A faulty process hides its replica: nobody answers it, and it misses its acts.
    if (!(process instanceof ReplicaProcess)) return []
    const command = answerQuestion(agent, process.ledger, effect.question)
    if (command === null) return []
    return [{ delayMs: thinkMs, input: { kind: 'command', command } }]
  }
}

/** What an agent says to a question of its replica; null where it cannot play the instance. */
export function answerQuestion(
  agent: Agent,
  ledger: Ledger,
  question: AgentQuestion,
): Command | null {
  const { subnet, epoch } = question
  if (question.kind === 'act') {
    const situation = createSituation(ledger, question)
    if (situation === undefined) return null
    const action = atOnce(agent.act(situation))
    // As a node's desk does: what would be refused when it is revealed is not sealed.
    return isPossible(ledger, subnet, action)
      ? { kind: 'act', subnet, epoch, action }
      : { kind: 'submit', body: { kind: 'pass', subnet }, tag: null }
  }
  const situation = createNegotiationSituation(ledger, question)
  if (situation === undefined) return null
  const move = toReplicaMove(atOnce(agent.negotiate(situation)))
  return { kind: 'move', subnet, epoch, turn: question.turn, move }
}

function isPossible(ledger: Ledger, id: string, action: bigint): boolean {
  const instance = present(instances.find(ledger, id), 'an instance is there for good')
  const subnet = present(builtInSubnets.get(instance.kind), 'every instance has its subnet')
  return action >= 0n && action <= subnet.actionMax(instance.params, subnetStates.find(ledger, id))
}

function atOnce<T>(answer: Answer<T>): T {
  if (answer instanceof Promise) {
    throw new TypeError('an agent in the simulator answers at once: nothing in a run may wait')
  }
  return answer
}

function toReplicaMove(move: Move): ReplicaMove {
  return move.move === 'reject' ? { move: 'reject', text: move.text } : move
}
