import { headOf } from '../chain/head.ts'
import { instances } from '../chain/instance.ts'
import { type Terms, termsCid } from '../contract/terms.ts'
import { present } from '../invariant.ts'
import type { Cfp, ConversationMessage, Propose } from '../message/negotiation.ts'
import {
  acceptancesOf,
  type Conversation,
  mayStillSay,
  nextSequence,
} from '../negotiation/conversation.ts'
import { holdersOf, speakerOf } from '../negotiation/turns.ts'
import type { Move } from './command.ts'
import type { Standing } from './effect.ts'
import { finalLedger, type Talk } from './state.ts'
import { type Floor, findFloor, hearMessage, openingTurn, talkOf } from './talks.ts'
import { type ReplicaWork, sign, submit } from './work.ts'

/** Heights for which a signature is good at least: enough for what it is for to get into a block. [NEG-6] */
export const ACCEPTANCE_HEIGHTS = 64

/** Does what the negotiate phase asks of us: speak in our turn, post what was agreed, pass when there is no more to say. [EPO-3] */
export function negotiate(work: ReplicaWork): void {
  const ledger = finalLedger(work.replica)
  for (const [subnet] of instances.entries(ledger)) {
    const floor = findFloor(work.context, ledger, subnet)
    if (floor === undefined) continue
    const seat = floor.run.seats.indexOf(work.context.signer.agent)
    const act = floor.run.acts[seat]
    if (act === undefined || act.sitsOut) continue
    const talk = talkOf(work, subnet, floor)
    if (isConcluded(work, floor, talk, act.negotiated)) {
      if (!act.negotiated) once(work, `pass/${subnet}/negotiate`, () => pass(work, subnet))
      continue
    }
    postAgreement(work, floor, talk, seat)
    askForMove(work, floor, talk, seat, act.negotiated)
  }
}

/** Carries out the agent's move, if its turn is still the same. [NEG-8] */
export function makeMove(
  work: ReplicaWork,
  asked: { readonly subnet: string; readonly epoch: number; readonly turn: number },
  move: Move,
): void {
  const { subnet, epoch, turn } = asked
  const floor = findFloor(work.context, finalLedger(work.replica), subnet)
  if (floor === undefined || floor.epoch !== epoch) return
  const talk = talkOf(work, subnet, floor)
  const { conversation } = talk
  if (conversation === null) {
    if (openingTurn(floor, work.context.genesis.turnHeightsMax) !== turn) return
    if (move.move === 'propose') open(work, floor, talk, move.terms)
    else once(work, `pass/${subnet}/negotiate`, () => pass(work, subnet))
    return
  }
  const seat = floor.run.seats.indexOf(work.context.signer.agent)
  const { turns, rules } = conversation
  if (turns.outcome.status !== 'open' || turns.turn !== turn) return
  if (speakerOf(rules, turn) !== seat) return
  speak(work, conversation, move)
}

/** Does something once in an epoch. */
export function once(work: ReplicaWork, key: string, act: () => void): void {
  if (work.replica.done.has(key)) return
  work.replica = { ...work.replica, done: new Set(work.replica.done).add(key) }
  act()
}

function pass(work: ReplicaWork, subnet: string): void {
  submit(work, { kind: 'pass', subnet })
}

/** Whether nothing more will be said: the talk closed, or what was agreed did not form in time. */
function isConcluded(
  work: ReplicaWork,
  floor: Floor,
  { conversation, agreedHeight }: Talk,
  isNegotiated: boolean,
): boolean {
  const { turnHeightsMax } = work.context.genesis
  if (conversation === null) {
    return openingTurn(floor, turnHeightsMax) >= floor.rules.turnsMax
  }
  switch (conversation.turns.outcome.status) {
    case 'open':
      return false
    case 'closed':
      return true
    case 'agreed': {
      const patience = turnHeightsMax * (floor.rules.seatCount + 1)
      return isNegotiated || floor.height > (agreedHeight ?? floor.height) + patience
    }
  }
}

/** The last speaker posts the agreement; the others in turn, should it keep silent. [NEG-10] */
function postAgreement(work: ReplicaWork, floor: Floor, talk: Talk, seat: number): void {
  const { conversation, agreedHeight } = talk
  if (conversation === null || conversation.turns.outcome.status !== 'agreed') return
  const last = present(conversation.transcript.at(-1), 'an agreement has a last speaker').seat
  const { seatCount } = floor.rules
  const order = (seat - last + seatCount) % seatCount
  const { turnHeightsMax } = work.context.genesis
  if (floor.height < (agreedHeight ?? floor.height) + order * turnHeightsMax) return
  const { terms: id } = conversation.turns.outcome
  const { terms } = present(conversation.proposals[id], 'what is agreed was proposed')
  const acceptances = acceptancesOf(conversation, id).map(({ envelope }) => envelope)
  if (acceptances.length < floor.rules.quorum) return
  once(work, `agreement/${talk.subnet}`, () =>
    submit(work, { kind: 'agreement', terms, acceptances }),
  )
}

function askForMove(
  work: ReplicaWork,
  floor: Floor,
  talk: Talk,
  seat: number,
  isNegotiated: boolean,
): void {
  const { subnet, epoch, target, conversation } = talk
  if (conversation !== null && conversation.turns.outcome.status !== 'open') return
  // Whom a law binds already, or who has passed, opens nothing; it still answers in a conversation of others.
  if (conversation === null && isNegotiated) return
  const turn = conversation?.turns.turn ?? openingTurn(floor, work.context.genesis.turnHeightsMax)
  if (speakerOf(floor.rules, turn) !== seat) return
  once(work, `move/${subnet}/${turn}`, () =>
    work.effects.push({
      kind: 'ask-agent',
      question: {
        kind: 'negotiate',
        subnet,
        epoch,
        seat,
        target,
        turn,
        standing: conversation === null ? null : standingOf(conversation),
        transcript: conversation?.transcript ?? [],
      },
    }),
  )
}

function standingOf(conversation: Conversation): Standing | null {
  const { standing } = conversation.turns
  if (standing === null) return null
  const { terms, proposal } = present(conversation.proposals[standing], 'what stands was proposed')
  return { proposal, terms, holders: holdersOf(conversation.turns, standing) }
}

function open(work: ReplicaWork, floor: Floor, talk: Talk, terms: Terms): void {
  const cfp: Cfp = {
    kind: 'cfp',
    author: work.context.signer.agent,
    subnet: talk.subnet,
    round: talk.target,
    parties: floor.run.seats,
    subject: `law of ${talk.subnet}`,
    deadlineHeight: floor.lastHeight,
  }
  hearMessage(work, sign(work, cfp))
  const { conversation } = talkOf(work, talk.subnet, floor)
  if (conversation !== null) speak(work, conversation, { move: 'propose', terms })
}

function speak(work: ReplicaWork, conversation: Conversation, move: Move): void {
  const { signer } = work.context
  const { height } = headOf(finalLedger(work.replica))
  // A proposal comes with an acceptance beside it.
  const count = move.move === 'propose' ? 2 : 1
  if (!mayStillSay(conversation, signer.agent, { height, count })) return
  const head = {
    author: signer.agent,
    conversation: conversation.id,
    sequence: nextSequence(conversation, signer.agent),
  }
  switch (move.move) {
    case 'propose':
      propose(work, conversation, head, move.terms)
      return
    case 'accept': {
      const standing = standingOf(conversation)
      if (standing !== null) accept(work, conversation, head, standing)
      return
    }
    case 'reject': {
      const standing = standingOf(conversation)
      const no = { ...head, reason: 'terms', text: move.text } as const
      say(
        work,
        standing === null
          ? { kind: 'refuse', ...no }
          : { kind: 'reject-proposal', ...no, proposal: standing.proposal },
      )
      return
    }
    case 'pass':
      say(work, { kind: 'refuse', ...head, reason: 'not-interested', text: '' })
  }
}

type SaidHead = Pick<Propose, 'author' | 'conversation' | 'sequence'>

/** A proposal, and beside it the proposer's own signature over the terms. [NEG-6] */
function propose(
  work: ReplicaWork,
  conversation: Conversation,
  head: SaidHead,
  terms: Terms,
): void {
  const inReplyTo = standingOf(conversation)?.proposal ?? conversation.id
  const proposal = say(work, { kind: 'propose', ...head, inReplyTo, terms })
  accept(work, conversation, { ...head, sequence: head.sequence + 1 }, { proposal, terms })
}

function accept(
  work: ReplicaWork,
  { cfp }: Conversation,
  head: SaidHead,
  { proposal, terms }: Pick<Standing, 'proposal' | 'terms'>,
): void {
  const { height } = headOf(finalLedger(work.replica))
  say(work, {
    kind: 'accept-proposal',
    ...head,
    proposal,
    terms: termsCid(terms),
    expiresAtHeight: Math.max(height + ACCEPTANCE_HEIGHTS, cfp.deadlineHeight),
  })
}

function say(work: ReplicaWork, message: ConversationMessage): Standing['proposal'] {
  const signed = sign(work, message)
  hearMessage(work, signed)
  return signed.id
}
