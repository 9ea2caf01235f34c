import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { Cid } from '../codec/cid.ts'
import { type Terms, termsCid } from '../contract/terms.ts'
import { networkIdOf } from '../genesis.ts'
import { createNobleSigner, secretKeyOf } from '../identity/noble.ts'
import type { Signer } from '../identity/signature.ts'
import { present } from '../invariant.ts'
import { seal, type Verified } from '../message/envelope.ts'
import type { Cfp, ConversationMessage } from '../message/negotiation.ts'
import {
  acceptancesOf,
  type Conversation,
  expireTurn,
  hear,
  mayStillSay,
  nextSequence,
  openConversation,
  PARTY_MESSAGES_MAX,
} from './conversation.ts'
import { defaultQuorum, speakerOf } from './turns.ts'

/** The capability is a port: nothing here depends on what a signature is. */
const signers: readonly Signer[] = Array.from({ length: 6 }, (_, index) => {
  const { agent, derive } = createNobleSigner(secretKeyOf('talk', index))
  return { agent, derive, sign: () => new Uint8Array(64) }
})
const parties = signers.slice(0, 5).map((signer) => signer.agent)
const rules = { round: 1, seatCount: 5, quorum: defaultQuorum(5), turnsMax: 10 }
const networkId: Cid = networkIdOf({ name: 'talk' } as never)
const DEADLINE = 100

function signerOf(seat: number): Signer {
  return present(signers[seat], 'the seat has a signer')
}

function createTerms(share: number, change: Partial<Terms> = {}): Terms {
  return {
    parties,
    quorum: 4,
    subnet: 'commons',
    rounds: [1, 12],
    mode: 'law',
    text: '',
    law: {
      clauses: [
        {
          at: 'submission',
          when: 'true',
          then: { primitive: 'cap', limit: `stock / ${share}` },
        },
      ],
    },
    collateralMicro: parties.map(() => 0n),
    replaces: null,
    ...change,
  }
}

function createTalk(): Conversation {
  const cfp: Cfp = {
    kind: 'cfp',
    author: signerOf(1).agent,
    subnet: 'commons',
    round: 1,
    parties,
    subject: '',
    deadlineHeight: DEADLINE,
  }
  return openConversation(seal(cfp, networkId, signerOf(1)), rules, { turn: 0, height: 1 })
}

type Said = ConversationMessage extends infer M
  ? M extends ConversationMessage
    ? Omit<M, 'author' | 'conversation' | 'sequence'>
    : never
  : never

function say(
  conversation: Conversation,
  seat: number,
  said: Said,
  sequence = nextSequence(conversation, signerOf(seat).agent),
): Verified<ConversationMessage> {
  const { agent: author } = signerOf(seat)
  const message = {
    ...said,
    author,
    conversation: conversation.id,
    sequence,
  } as ConversationMessage
  return seal(message, networkId, signerOf(seat))
}

function heard(conversation: Conversation, message: Verified<ConversationMessage>): Conversation {
  const result = hear(conversation, message, 2)
  assert.ok(result.ok, 'the message is taken')
  return result.value
}

function refusal(conversation: Conversation, message: Verified<ConversationMessage>, height = 2) {
  const result = hear(conversation, message, height)
  assert.ok(!result.ok)
  return `${result.error.verdict} ${result.error.code}`
}

function propose(conversation: Conversation, seat: number, terms: Terms): Conversation {
  const proposal = say(conversation, seat, { kind: 'propose', inReplyTo: conversation.id, terms })
  return accept(heard(conversation, proposal), seat, terms, proposal.id)
}

function accept(
  conversation: Conversation,
  seat: number,
  terms: Terms,
  proposal: Cid,
): Conversation {
  const acceptance = say(conversation, seat, {
    kind: 'accept-proposal',
    proposal,
    terms: termsCid(terms),
    expiresAtHeight: DEADLINE,
  })
  return heard(conversation, acceptance)
}

describe('a conversation', () => {
  it('is agreed as soon as four of five hold the same terms, with their four signatures', () => {
    const terms = createTerms(10)
    let talk = propose(createTalk(), speakerOf(rules, 0), terms)
    for (const turn of [1, 2, 3]) {
      assert.equal(talk.turns.outcome.status, 'open')
      talk = accept(talk, speakerOf(rules, turn), terms, talk.id)
    }
    assert.equal(talk.turns.outcome.status, 'agreed')
    assert.equal(acceptancesOf(talk, termsCid(terms)).length, 4)
    assert.deepEqual(
      talk.transcript.map(({ seat, move }) => `${seat} ${move}`),
      ['1 propose', '2 accept', '3 accept', '4 accept'],
    )
  })

  it('forgets who held terms that a counter-proposal replaced', () => {
    let talk = propose(createTalk(), 1, createTerms(10))
    talk = propose(talk, 2, createTerms(12))
    assert.deepEqual(talk.turns.holds, [
      null,
      termsCid(createTerms(10)),
      termsCid(createTerms(12)),
      null,
      null,
    ])
    assert.equal(talk.turns.standing, termsCid(createTerms(12)))
  })

  it('stands at the same place whatever the order in which the messages arrive', () => {
    const terms = createTerms(10)
    const messages: Verified<ConversationMessage>[] = []
    let talk = createTalk()
    const add = (seat: number, said: Said): void => {
      const message = say(talk, seat, said)
      messages.push(message)
      talk = heard(talk, message)
    }
    add(1, { kind: 'propose', inReplyTo: talk.id, terms: createTerms(12) })
    add(2, { kind: 'inform', text: 'that is too little' })
    add(2, { kind: 'propose', inReplyTo: talk.id, terms })
    for (const seat of [3, 4, 0, 1]) {
      const proposal = talk.id
      add(seat, {
        kind: 'accept-proposal',
        proposal,
        terms: termsCid(terms),
        expiresAtHeight: DEADLINE,
      })
    }
    fc.assert(
      fc.property(fc.shuffledSubarray(messages, { minLength: messages.length }), (shuffled) => {
        const other = shuffled.reduce(heard, createTalk())
        assert.deepEqual(other.turns, talk.turns)
        assert.deepEqual(other.transcript, talk.transcript)
      }),
    )
  })

  it('lets the next one speak when a speaker kept silent for its heights', () => {
    const silent = expireTurn(createTalk(), 6, 6)
    assert.equal(silent.turns.turn, 0)
    const expired = expireTurn(createTalk(), 7, 6)
    assert.equal(expired.turns.turn, 1)
    assert.equal(expired.transcript[0]?.move, 'silent')
    assert.equal(propose(expired, 2, createTerms(10)).turns.turn, 2)
  })

  it('closes when every seat in turn had nothing to bring', () => {
    let talk = createTalk()
    for (const turn of [0, 1, 2, 3, 4]) {
      const no: Said = { kind: 'refuse', reason: 'not-interested', text: '' }
      talk = heard(talk, say(talk, speakerOf(rules, turn), no))
    }
    assert.equal(talk.turns.outcome.status, 'closed')
  })

  it('refuses one who is not a party', () => {
    const talk = createTalk()
    const stranger = say(talk, 5, { kind: 'inform', text: 'me too' })
    assert.equal(refusal(talk, stranger), 'reject not-a-party')
  })

  it('refuses the 65th message of a party and takes the 64th', () => {
    const talk = createTalk()
    const said: Said = { kind: 'inform', text: '' }
    assert.ok(hear(talk, say(talk, 3, said, PARTY_MESSAGES_MAX - 1), 2).ok)
    assert.equal(refusal(talk, say(talk, 3, said, PARTY_MESSAGES_MAX)), 'reject too-many-messages')
  })

  it('ignores a message that it has heard', () => {
    const talk = createTalk()
    const message = say(talk, 3, { kind: 'inform', text: 'hello' })
    assert.equal(refusal(heard(talk, message), message), 'ignore duplicate-message')
  })

  it('keeps two messages of one number as proof against their author', () => {
    const talk = createTalk()
    const first = say(talk, 3, { kind: 'inform', text: 'yes' }, 0)
    const second = say(talk, 3, { kind: 'inform', text: 'no' }, 0)
    const result = hear(heard(talk, first), second, 2)
    assert.ok(!result.ok)
    assert.equal(result.error.code, 'equivocation')
    assert.equal(result.error.verdict, 'ignore')
    assert.deepEqual(result.equivocation, { first, second })
  })

  it('refuses terms of another instance, round or party', () => {
    const talk = createTalk()
    for (const change of [
      { subnet: 'other' },
      { rounds: [2, 12] as const },
      { parties: parties.toReversed() },
    ]) {
      const terms = createTerms(10, change)
      const proposal = say(talk, 1, { kind: 'propose', inReplyTo: talk.id, terms })
      assert.equal(refusal(talk, proposal), 'reject terms-of-another')
    }
  })

  it('refuses an acceptance that ends before the conversation and takes one that ends with it', () => {
    const talk = createTalk()
    const acceptance = (expiresAtHeight: number): Verified<ConversationMessage> =>
      say(talk, 3, {
        kind: 'accept-proposal',
        proposal: talk.id,
        terms: termsCid(createTerms(10)),
        expiresAtHeight,
      })
    assert.ok(hear(talk, acceptance(DEADLINE), 2).ok)
    assert.equal(refusal(talk, acceptance(DEADLINE - 1)), 'reject acceptance-too-short')
  })

  it('says beforehand whether a party would still be heard', () => {
    const talk = createTalk()
    const { agent } = signerOf(3)
    assert.ok(mayStillSay(talk, agent, { height: DEADLINE, count: PARTY_MESSAGES_MAX }))
    assert.ok(!mayStillSay(talk, agent, { height: DEADLINE + 1, count: 1 }))
    assert.ok(!mayStillSay(talk, agent, { height: DEADLINE, count: PARTY_MESSAGES_MAX + 1 }))
  })

  it('takes a message at its deadline and ignores it one height later', () => {
    const talk = createTalk()
    const message = say(talk, 3, { kind: 'inform', text: '' })
    assert.ok(hear(talk, message, DEADLINE).ok)
    assert.equal(refusal(talk, message, DEADLINE + 1), 'ignore past-deadline')
  })
})
