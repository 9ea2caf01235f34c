import { type AgentId, seal, type Verified, type Vote } from '@commonweal/protocol'
import { type BehaviourTools, messageOf, othersOf, withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'
import { createSkipper } from './skipper.ts'

const REPLAY_PPM = 150_000
const REPLAY_MEMORY = 256

/**
 * `silent-leader`: never proposes · `withholder`: never votes `notarize` and `finalize` · `equivocator`: a second proposal to
 * half of the others · `double-voter`: votes for every proposal · `contradictor`: `nullify` beside each `finalize` and the other
 * way round · `skipper`: leaves the latest block out and builds on the one before, with certificates of its own making ·
 * `replayer`: sends old messages of anybody again. [SIM-3]
 */
export type FaultyBehaviour =
  | 'silent-leader'
  | 'withholder'
  | 'equivocator'
  | 'double-voter'
  | 'contradictor'
  | 'skipper'
  | 'replayer'

/** A process that breaks the rules in one way and keeps the others. [SIM-3] */
export function createBehaviour(
  behaviour: FaultyBehaviour,
  process: Process,
  tools: BehaviourTools,
): Process {
  switch (behaviour) {
    case 'silent-leader':
      return filterOwn(process, tools, (message) => message.message.kind !== 'proposal')
    case 'withholder':
      return filterOwn(
        process,
        tools,
        ({ message: { kind } }) => kind !== 'notarize' && kind !== 'finalize',
      )
    case 'equivocator':
      return createEquivocator(process, tools)
    case 'double-voter':
      return addVotes(process, tools, votesForEveryProposal)
    case 'contradictor':
      return addVotes(process, tools, contradictions)
    case 'skipper':
      return createSkipper(process, tools)
    case 'replayer':
      return createReplayer(process, tools)
  }
}

function filterOwn(
  process: Process,
  tools: BehaviourTools,
  isKept: (message: Verified) => boolean,
): Process {
  return withStep(process, (input) =>
    process.step(input).filter((effect) => {
      const message = messageOf(effect, tools)
      return message === null || isKept(message)
    }),
  )
}

/** Two processes with one key, one ear and two mouths: each speaks to its own half of the others. */
function createEquivocator(process: Process, tools: BehaviourTools): Process {
  const shadow = tools.createSecond()
  const others = othersOf(tools)
  const halves = [
    others.filter((_, index) => index % 2 === 0),
    others.filter((_, index) => index % 2 === 1),
  ]
  return {
    ...withStep(process, (input) => [
      ...process.step(input).flatMap((effect) => tellOnly(effect, halves[0] ?? [])),
      ...shadow.step(input).flatMap((effect) => tellOnly(effect, halves[1] ?? [])),
    ]),
    nextDeadlineMs: () => {
      const deadlines = [process.nextDeadlineMs(), shadow.nextDeadlineMs()]
      const set = deadlines.filter((deadline) => deadline !== null)
      return set.length === 0 ? null : Math.min(...set)
    },
  }
}

function tellOnly(effect: ProcessEffect, agents: readonly AgentId[]): readonly ProcessEffect[] {
  switch (effect.kind) {
    case 'publish':
      return agents.map((to) => ({
        kind: 'send',
        to,
        frame: { kind: 'envelope', envelope: effect.envelope },
      }))
    case 'send':
      if (effect.to !== null) return agents.includes(effect.to) ? [effect] : []
      return agents.map((to) => ({ ...effect, to }))
    default:
      return [effect]
  }
}

/** Adds votes of its own making to what an honest process does. */
function addVotes(
  process: Process,
  tools: BehaviourTools,
  invent: (message: Verified, isOwn: boolean, author: AgentId) => readonly Vote[],
): Process {
  const { networkId, signer } = tools
  const publish = (message: Verified, isOwn: boolean): readonly ProcessEffect[] =>
    invent(message, isOwn, signer.agent).map((vote) => ({
      kind: 'publish',
      topic: 'consensus',
      envelope: seal(vote, networkId, signer).envelope,
    }))
  return withStep(process, (input) => {
    const effects = process.step(input)
    const heard = input.kind === 'message' ? publish(input.message, false) : []
    const own = effects.flatMap((effect) => {
      const message = messageOf(effect, tools)
      return message === null ? [] : publish(message, true)
    })
    return [...effects, ...heard, ...own]
  })
}

/** `notarize` for whatever is proposed, and `finalize` for whatever somebody notarizes. */
function votesForEveryProposal(
  { message }: Verified,
  isOwn: boolean,
  author: AgentId,
): readonly Vote[] {
  if (isOwn || message.kind !== 'notarize') return []
  const { epoch, view, block } = message
  return [
    { kind: 'notarize', author, epoch, view, block },
    { kind: 'finalize', author, epoch, view, block },
  ]
}

/** `nullify` beside each `finalize` of its own, and `finalize` for what others notarize in a view that it nullifies. */
function contradictions({ message }: Verified, isOwn: boolean, author: AgentId): readonly Vote[] {
  if (isOwn && message.kind === 'finalize') {
    return [{ kind: 'nullify', author, epoch: message.epoch, view: message.view }]
  }
  if (isOwn || message.kind !== 'notarize') return []
  const { epoch, view, block } = message
  return [
    { kind: 'nullify', author, epoch, view },
    { kind: 'finalize', author, epoch, view, block },
  ]
}

/** Sends old messages of anybody again, past gossip's seen cache. */
function createReplayer(process: Process, { agents, random }: BehaviourTools): Process {
  const memory: Uint8Array[] = []
  return withStep(process, (input) => {
    const effects = process.step(input)
    if (input.kind === 'message') {
      if (memory.length < REPLAY_MEMORY) memory.push(input.message.envelope)
      else memory[random.below(REPLAY_MEMORY)] = input.message.envelope
    }
    if (memory.length === 0 || !random.chance(REPLAY_PPM)) return effects
    const frame = { kind: 'envelope', envelope: random.pick(memory) } as const
    return [...effects, { kind: 'send', to: random.pick(agents), frame }]
  })
}
