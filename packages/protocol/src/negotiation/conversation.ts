import type { Cid } from '../codec/cid.ts'
import { type Terms, termsCid } from '../contract/terms.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import type { Verified } from '../message/envelope.ts'
import type { AcceptProposal, Cfp, ConversationMessage, Propose } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import {
  speakerOf,
  startTurns,
  type TurnMove,
  type TurnRules,
  type TurnState,
  takeTurn,
} from './turns.ts'

/** Most messages of one party in one conversation. [NEG-4] */
export const PARTY_MESSAGES_MAX = 64

export type ConversationCode =
  | 'not-a-party'
  | 'too-many-messages'
  | 'duplicate-message'
  | 'equivocation'
  | 'past-deadline'
  | 'terms-of-another'
  | 'acceptance-too-short'

/** A turn that was taken, or that ran out. */
export interface TurnTaken {
  readonly turn: number
  readonly seat: number
  readonly move: 'propose' | 'accept' | 'reject' | 'pass' | 'silent'
  readonly terms: Terms | null
  readonly text: string
}

/** Two different messages of one author with one number: proof of equivocation. [NEG-5] */
export interface Equivocation {
  readonly first: Verified<ConversationMessage>
  readonly second: Verified<ConversationMessage>
}

/**
 * One conversation as its parties follow it. [NEG-2]
 *
 * Messages are taken in the order of turns: what a party says is considered when its turn comes, whatever the order in
 * which it arrived, so that all who heard the same messages stand at the same place.
 */
export interface Conversation {
  readonly id: Cid
  readonly cfp: Cfp
  readonly rules: TurnRules
  readonly turns: TurnState
  /** Height at which the turn began: a speaker has `turnHeightsMax` from then. */
  readonly turnHeight: number
  /** All messages, by party and sequence. */
  readonly heard: Readonly<Record<AgentId, readonly Verified<ConversationMessage>[]>>
  /** How many of a party's messages have been considered. */
  readonly considered: Readonly<Record<AgentId, number>>
  readonly proposals: Readonly<Record<Cid, { readonly terms: Terms; readonly proposal: Cid }>>
  readonly acceptances: readonly Verified<AcceptProposal>[]
  readonly transcript: readonly TurnTaken[]
}

/** Opens a conversation in this turn: the turns before it were passed. */
export function openConversation(
  cfp: Verified<Cfp>,
  rules: TurnRules,
  at: { readonly turn: number; readonly height: number },
): Conversation {
  let turns = startTurns(rules)
  while (turns.turn < at.turn && turns.outcome.status === 'open') {
    const passed = takeTurn(rules, turns, speakerOf(rules, turns.turn), { move: 'pass' })
    if (!passed.ok) break
    turns = passed.value
  }
  return {
    id: cfp.id,
    cfp: cfp.message,
    rules,
    turns,
    turnHeight: at.height,
    heard: {},
    considered: {},
    proposals: {},
    acceptances: [],
    transcript: [],
  }
}

/**
 * Takes in a message: checks it, keeps it, and considers all whose turn has come. [NEG-3] [NEG-6]
 *
 * Errors  ignore: 'duplicate-message' · 'past-deadline' · 'equivocation', beside which the two messages are returned ·
 *         reject: 'not-a-party' · 'too-many-messages' · 'terms-of-another' · 'acceptance-too-short'
 */
export function hear(
  conversation: Conversation,
  message: Verified<ConversationMessage>,
  height: number,
): Result<Conversation, ConversationCode> & { readonly equivocation?: Equivocation } {
  const { author, sequence } = message.message
  const { cfp } = conversation
  if (!cfp.parties.includes(author)) return reject('not-a-party', { author })
  if (sequence >= PARTY_MESSAGES_MAX) return reject('too-many-messages', { sequence })
  const heard = conversation.heard[author] ?? []
  const twin = heard.find((other) => other.message.sequence === sequence)
  if (twin !== undefined) {
    if (twin.id === message.id) return ignore('duplicate-message', { sequence })
    const equivocation = { first: twin, second: message }
    // Whoever relays one of the two has not seen the other: the author pays on the ledger, its messenger does not.
    return { ...ignore('equivocation', { author, sequence }), equivocation }
  }
  if (message.message.kind === 'propose' && !isOfThis(conversation, message.message.terms)) {
    return reject('terms-of-another', { author })
  }
  if (message.message.kind === 'accept-proposal') {
    const { expiresAtHeight } = message.message
    // Else a seat could hold terms with a signature that is worth nothing by the time it is posted.
    if (expiresAtHeight < cfp.deadlineHeight) {
      return reject('acceptance-too-short', { expiresAtHeight, least: cfp.deadlineHeight })
    }
  }
  if (height > cfp.deadlineHeight) return ignore('past-deadline', { deadline: cfp.deadlineHeight })
  const next = { ...conversation, heard: { ...conversation.heard, [author]: [...heard, message] } }
  return ok(consider(next, height))
}

/** A speaker whose time is over has passed. [NEG-7] */
export function expireTurn(
  conversation: Conversation,
  height: number,
  turnHeightsMax: number,
): Conversation {
  if (conversation.turns.outcome.status !== 'open') return conversation
  if (height < conversation.turnHeight + turnHeightsMax) return conversation
  const seat = speakerOf(conversation.rules, conversation.turns.turn)
  const expired = advance(conversation, seat, { move: 'pass' }, height, {
    move: 'silent',
    terms: null,
    text: '',
  })
  return expired === undefined ? conversation : consider(expired, height)
}

/** The number of a party's next message. */
export function nextSequence(conversation: Conversation, author: AgentId): number {
  return conversation.heard[author]?.length ?? 0
}

/**
 * Whether this many more messages of a party would be heard. What would not be must not be signed either: its number would be
 * used again, and two messages of one number are an offence. [NEG-5]
 */
export function mayStillSay(
  conversation: Conversation,
  author: AgentId,
  { height, count }: { readonly height: number; readonly count: number },
): boolean {
  const last = nextSequence(conversation, author) + count - 1
  return last < PARTY_MESSAGES_MAX && height <= conversation.cfp.deadlineHeight
}

/** The signed acceptances of these terms, one a party. [NEG-6] */
export function acceptancesOf(
  conversation: Conversation,
  terms: Cid,
): readonly Verified<AcceptProposal>[] {
  const byAuthor = new Map<AgentId, Verified<AcceptProposal>>()
  for (const acceptance of conversation.acceptances) {
    if (acceptance.message.terms === terms) byAuthor.set(acceptance.message.author, acceptance)
  }
  return [...byAuthor.values()].toSorted((a, b) => (a.message.author < b.message.author ? -1 : 1))
}

function isOfThis(conversation: Conversation, terms: Terms): boolean {
  const { cfp } = conversation
  return (
    terms.subnet === cfp.subnet &&
    terms.rounds[0] === cfp.round &&
    terms.parties.length === cfp.parties.length &&
    terms.parties.every((party, index) => party === cfp.parties[index])
  )
}

/** Considers messages for as long as the speaker of the turn has one that is next in its own order. */
function consider(start: Conversation, height: number): Conversation {
  let conversation = collectAcceptances(start)
  while (conversation.turns.outcome.status === 'open') {
    const seat = speakerOf(conversation.rules, conversation.turns.turn)
    const speaker = present(conversation.cfp.parties[seat], 'every seat is a party')
    const index = conversation.considered[speaker] ?? 0
    const message = conversation.heard[speaker]?.find((heard) => heard.message.sequence === index)
    if (message === undefined) break
    conversation = considerOne(
      { ...conversation, considered: { ...conversation.considered, [speaker]: index + 1 } },
      seat,
      message,
      height,
    )
  }
  return conversation
}

/** One message of the speaker: a move takes the turn, anything else does not. [NEG-6] */
function considerOne(
  conversation: Conversation,
  seat: number,
  message: Verified<ConversationMessage>,
  height: number,
): Conversation {
  const said = message.message
  switch (said.kind) {
    case 'propose':
      return propose(conversation, seat, message.id, said, height)
    case 'accept-proposal': {
      // The acceptance that a proposer adds to its own proposal, and one of terms no longer on the table, are no moves.
      const standing = conversation.turns.standing
      const isMove = said.terms === standing && !holds(conversation, seat, said.terms)
      if (!isMove) return conversation
      const taken = { move: 'accept', terms: null, text: '' } as const
      return advance(conversation, seat, { move: 'accept' }, height, taken) ?? conversation
    }
    case 'reject-proposal': {
      const taken = { move: 'reject', terms: null, text: said.text } as const
      return advance(conversation, seat, { move: 'reject' }, height, taken) ?? conversation
    }
    case 'refuse':
    case 'cancel': {
      const taken = { move: 'pass', terms: null, text: said.text } as const
      return advance(conversation, seat, { move: 'pass' }, height, taken) ?? conversation
    }
    case 'inform':
      return conversation
  }
}

function propose(
  conversation: Conversation,
  seat: number,
  proposal: Cid,
  said: Propose,
  height: number,
): Conversation {
  const terms = termsCid(said.terms)
  const next = {
    ...conversation,
    proposals: { ...conversation.proposals, [terms]: { terms: said.terms, proposal } },
  }
  const taken = { move: 'propose', terms: said.terms, text: '' } as const
  return advance(next, seat, { move: 'propose', terms }, height, taken) ?? next
}

function advance(
  conversation: Conversation,
  seat: number,
  move: TurnMove,
  height: number,
  taken: Omit<TurnTaken, 'turn' | 'seat'>,
): Conversation | undefined {
  const turns = takeTurn(conversation.rules, conversation.turns, seat, move)
  if (!turns.ok) return undefined
  const entry = { turn: conversation.turns.turn, seat, ...taken }
  return {
    ...conversation,
    turns: turns.value,
    turnHeight: height,
    transcript: [...conversation.transcript, entry],
  }
}

function holds(conversation: Conversation, seat: number, terms: Cid): boolean {
  return conversation.turns.holds[seat] === terms
}

/** A signature binds whenever it arrives, so acceptances count apart from turns. [NEG-6] */
function collectAcceptances(conversation: Conversation): Conversation {
  const acceptances = Object.values(conversation.heard).flatMap((heard) =>
    heard.filter(isAcceptance),
  )
  return acceptances.length === conversation.acceptances.length
    ? conversation
    : { ...conversation, acceptances }
}

function isAcceptance(message: Verified<ConversationMessage>): message is Verified<AcceptProposal> {
  return message.message.kind === 'accept-proposal'
}
