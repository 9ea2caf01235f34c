import { headOf } from '../chain/head.ts'
import { formationQuorum, instances, type Run, runs } from '../chain/instance.ts'
import { present } from '../invariant.ts'
import { accountOf } from '../ledger/account.ts'
import type { Ledger } from '../ledger/draft.ts'
import type { Verified } from '../message/envelope.ts'
import type { Cfp, ConversationMessage } from '../message/negotiation.ts'
import {
  type Conversation,
  type ConversationCode,
  type Equivocation,
  expireTurn,
  hear,
  openConversation,
} from '../negotiation/conversation.ts'
import { speakerOf, type TurnRules } from '../negotiation/turns.ts'
import { ignore, ok, type Result } from '../result.ts'
import {
  EARLY_MESSAGES_MAX,
  EARLY_PER_AUTHOR_MAX,
  finalLedger,
  type ReplicaContext,
  type Talk,
} from './state.ts'
import { type ReplicaWork, submit } from './work.ts'

export type TalkCode =
  | ConversationCode
  | 'unknown-instance'
  | 'unknown-conversation'
  | 'not-negotiating'
  | 'wrong-parties'
  | 'wrong-deadline'
  | 'not-the-opener'
  | 'already-open'
  | 'bond-too-small'

/** Where the negotiation of an instance stands by the final ledger; undefined where there is none. */
export interface Floor {
  readonly run: Run
  readonly rules: TurnRules
  readonly epoch: number
  readonly target: number
  readonly height: number
  readonly phaseHeight: number
  /** Of the negotiate phase, if it takes as long as it may. */
  readonly lastHeight: number
}

export function findFloor(
  { genesis }: ReplicaContext,
  ledger: Ledger,
  subnet: string,
): Floor | undefined {
  const instance = instances.find(ledger, subnet)
  const run = runs.find(ledger, subnet)
  const { epoch, phase, height, phaseHeight } = headOf(ledger)
  if (instance === undefined || run?.status !== 'running') return undefined
  if (phase !== 'negotiate' || instance.contract === 'none') return undefined
  const rules = {
    round: epoch - run.startEpoch + 1,
    seatCount: run.seats.length,
    quorum: formationQuorum(instance, run.seats.length),
    turnsMax: instance.turnsMax,
  }
  const target = epoch + instance.contractDelay
  const lastHeight = phaseHeight + genesis.epochs.negotiateHeightsMax - 1
  return { run, rules, epoch, target, height, phaseHeight, lastHeight }
}

/** The turn in which a conversation may be opened: those before it were passed on the ledger, or ran out. [NEG-7] */
export function openingTurn(floor: Floor, turnHeightsMax: number): number {
  const { rules, run, height, phaseHeight } = floor
  let turn = 0
  while (turn < rules.turnsMax) {
    const hasPassed = run.acts[speakerOf(rules, turn)]?.negotiated === true
    const isOver = height - phaseHeight + 1 >= (turn + 1) * turnHeightsMax
    if (!hasPassed && !isOver) break
    turn += 1
  }
  return turn
}

/** Takes in what a peer, or we ourselves, said. [NEG-3] */
export function hearMessage(
  work: ReplicaWork,
  message: Verified<Cfp | ConversationMessage>,
): Result<void, TalkCode> {
  const { author } = message.message
  const { talkBondMinMicro } = work.context.genesis
  const { kind } = message.message
  const isBinding = kind === 'cfp' || kind === 'propose' || kind === 'accept-proposal'
  if (isBinding && accountOf(finalLedger(work.replica), author).bondMicro < talkBondMinMicro) {
    return ignore('bond-too-small', { author, least: talkBondMinMicro })
  }
  const said = message.message
  if (said.kind === 'cfp') return hearCfp(work, { ...message, message: said })
  return hearSaid(work, { ...message, message: said })
}

function hearCfp(work: ReplicaWork, cfp: Verified<Cfp>): Result<void, TalkCode> {
  const { subnet, round, parties, deadlineHeight, author } = cfp.message
  const ledger = finalLedger(work.replica)
  if (instances.find(ledger, subnet) === undefined) return ignore('unknown-instance', { subnet })
  const floor = findFloor(work.context, ledger, subnet)
  if (floor === undefined || round !== floor.target) {
    if (floor === undefined || round > floor.target) keepEarly(work, cfp)
    return ignore('not-negotiating', { round })
  }
  const isAll = parties.length === floor.run.seats.length
  if (!isAll || !parties.every((party, seat) => party === floor.run.seats[seat])) {
    return ignore('wrong-parties', { parties: parties.length })
  }
  // One who opens with another would choose when the others must fall silent.
  if (deadlineHeight !== floor.lastHeight) {
    return ignore('wrong-deadline', { given: deadlineHeight, wanted: floor.lastHeight })
  }
  const open = talkOf(work, subnet, floor).conversation
  if (open !== null) return ignore('already-open', { conversation: open.id })
  const turn = openingTurn(floor, work.context.genesis.turnHeightsMax)
  const seat = floor.run.seats.indexOf(author)
  const opening = findOpening(floor, seat, turn)
  if (opening === undefined) {
    keepEarly(work, cfp)
    return ignore('not-the-opener', { author, turn })
  }
  const at = { turn: opening, height: floor.height }
  putTalk(work, {
    ...talkOf(work, subnet, floor),
    conversation: openConversation(cfp, floor.rules, at),
  })
  return ok(undefined)
}

/** The latest turn, at most this one, that is the seat's. */
function findOpening(floor: Floor, seat: number, turn: number): number | undefined {
  for (let earlier = Math.min(turn, floor.rules.turnsMax - 1); earlier >= 0; earlier -= 1) {
    if (speakerOf(floor.rules, earlier) === seat) return earlier
  }
  return undefined
}

function hearSaid(
  work: ReplicaWork,
  message: Verified<ConversationMessage>,
): Result<void, TalkCode> {
  const talk = Object.values(work.replica.talks).find(
    ({ conversation }) => conversation?.id === message.message.conversation,
  )
  if (talk === undefined || talk.conversation === null) {
    keepEarly(work, message)
    return ignore('unknown-conversation', { conversation: message.message.conversation })
  }
  const { height } = headOf(finalLedger(work.replica))
  const heard = hear(talk.conversation, message, height)
  if (heard.equivocation !== undefined) {
    report(work, heard.equivocation)
  }
  if (!heard.ok) return heard
  putConversation(work, talk, heard.value)
  return ok(undefined)
}

/** [SLA-3] All that one party contradicts itself in a conversation is one offence, and one report is enough. */
function report(work: ReplicaWork, { first, second }: Equivocation): void {
  const { author, conversation } = first.message
  const key = `report/${author}/${conversation}`
  if (work.replica.done.has(key)) return
  work.replica = { ...work.replica, done: new Set(work.replica.done).add(key) }
  submit(work, { kind: 'evidence', first: first.envelope, second: second.envelope })
}

/** After blocks became final: what has run out, what was early and is due. [NEG-7] [NEG-8] */
export function advanceTalks(work: ReplicaWork): void {
  const ledger = finalLedger(work.replica)
  const { height } = headOf(ledger)
  for (const talk of Object.values(work.replica.talks)) {
    const floor = findFloor(work.context, ledger, talk.subnet)
    if (floor === undefined || floor.epoch !== talk.epoch) {
      const { [talk.subnet]: _ended, ...talks } = work.replica.talks
      work.replica = { ...work.replica, talks }
    } else if (talk.conversation !== null) {
      const { turnHeightsMax } = work.context.genesis
      putConversation(work, talk, expireTurn(talk.conversation, height, turnHeightsMax))
    }
  }
  const { early } = work.replica
  work.replica = { ...work.replica, early: [] }
  for (const message of early) hearMessage(work, message)
}

export function talkOf(work: ReplicaWork, subnet: string, floor: Floor): Talk {
  const talk = work.replica.talks[subnet]
  if (talk !== undefined && talk.epoch === floor.epoch) return talk
  const { epoch, target } = floor
  return { subnet, epoch, target, conversation: null, agreedHeight: null }
}

export function putTalk(work: ReplicaWork, talk: Talk): void {
  work.replica = {
    ...work.replica,
    talks: { ...work.replica.talks, [talk.subnet]: talk },
  }
  if (talk.conversation !== null) hearEarly(work, talk.conversation)
}

/** What was said before its conversation was known here. */
function hearEarly(work: ReplicaWork, conversation: Conversation): void {
  const isOfThis = (message: Verified<Cfp | ConversationMessage>): boolean =>
    'conversation' in message.message && message.message.conversation === conversation.id
  const due = work.replica.early.filter(isOfThis)
  if (due.length === 0) return
  work.replica = {
    ...work.replica,
    early: work.replica.early.filter((message) => !isOfThis(message)),
  }
  for (const message of due) hearMessage(work, message)
}

/** Puts a conversation back after it moved on, and tells of the turns that were taken. */
function putConversation(work: ReplicaWork, talk: Talk, next: Conversation): void {
  const before = present(talk.conversation, 'a conversation that moves on was there')
  for (const turn of next.transcript.slice(before.transcript.length)) {
    const { subnet, target } = talk
    work.effects.push({ kind: 'heard', subnet, conversation: next.id, target, turn })
  }
  const isAgreed = next.turns.outcome.status === 'agreed'
  const { height } = headOf(finalLedger(work.replica))
  const agreedHeight = isAgreed ? (talk.agreedHeight ?? height) : null
  work.replica = {
    ...work.replica,
    talks: {
      ...work.replica.talks,
      [talk.subnet]: { ...talk, conversation: next, agreedHeight },
    },
  }
}

/**
 * Keeps what came too early, the newest of each author. [NEG-8]
 *
 * Only for one who has something to lose: names are free, and would push out what is worth keeping. Our own words stay: after
 * a restart they say which of our numbers are used.
 */
function keepEarly(work: ReplicaWork, message: Verified<Cfp | ConversationMessage>): void {
  const { early } = work.replica
  const { signer, genesis } = work.context
  const { author } = message.message
  const { bondMicro } = accountOf(finalLedger(work.replica), author)
  const isOwn = author === signer.agent
  if (!isOwn && bondMicro < genesis.talkBondMinMicro) return
  if (early.some((other) => other.id === message.id)) return
  const same = isOwn ? [] : early.filter((other) => other.message.author === author)
  const others = early.filter((other) => other.message.author !== signer.agent)
  const dropped = same.length >= EARLY_PER_AUTHOR_MAX ? same[0] : others[0]
  const isFull = same.length >= EARLY_PER_AUTHOR_MAX || early.length >= EARLY_MESSAGES_MAX
  const kept = isFull ? early.filter((other) => other !== dropped) : early
  work.replica = { ...work.replica, early: [...kept, message] }
}
