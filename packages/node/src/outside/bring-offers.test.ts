import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cidOf, encode, present, type Terms, termsCid } from '@commonweal/protocol'
import type { Agent, Move, NegotiationSituation, Standing } from '../agent/agent.ts'
import { createMandate } from '../agent/llm/mandate.ts'
import { situationOf } from '../agent/llm/test-situation.ts'
import { composeTerms } from '../agent/utility/bargaining.ts'
import { capLaw } from '../agent/utility/candidate.ts'
import { bringOffers } from './bring-offers.ts'
import { type Offer, OfferBook, type OfferState } from './offer-book.ts'
import { OUTSIDE_DEFAULT } from './outside-config.ts'

const FAIR = capLaw('stock / 10')
const HARSH = capLaw('[2, 1, 2, 2, 2][self] * stock / 18')
const OTHER = capLaw('stock / 20')
const situation = situationOf()
const agent = present(situation.seats[situation.seat], 'it has a seat')

interface Bench {
  readonly brings: Agent
  readonly book: OfferBook
  readonly states: OfferState[]
  /** What the agent was asked about: the ids of the terms that stood. */
  readonly asked: (string | null)[]
}

/** An agent that answers as it is told, and has agreed on an offer with an agent outside. */
function createBench(
  answer: (asked: NegotiationSituation) => Move,
  change: Partial<Offer> = {},
): Bench {
  const book = new OfferBook(agent)
  const states: OfferState[] = []
  const asked: (string | null)[] = []
  const inner: Agent = {
    name: 'told',
    act: () => 0n,
    negotiate(given) {
      asked.push(given.standing?.id ?? null)
      return answer(given)
    },
  }
  const offer = {
    id: 'task-1',
    subnet: 'commons',
    candidate: { law: FAIR, text: '' },
    turn: 1,
    isForeign: true,
    hasNextRun: false,
    ...change,
  }
  book.add(offer, (state) => states.push(state))
  const brings = bringOffers(inner, book, createMandate(OUTSIDE_DEFAULT.mandate))
  return { brings, book, states, asked }
}

function termsOf(law: Terms['law'], given: NegotiationSituation = situation): Terms {
  return composeTerms(given, { law: present(law, 'there is one'), text: '' })
}

function stand(terms: Terms, holders: readonly number[]): Standing {
  return { id: termsCid(terms), terms, holders }
}

const accept = (): Move => ({ move: 'accept' })
const pass = (): Move => ({ move: 'pass' })

describe('an agent with an offer from outside', () => {
  it('opens with it, composed for the round at stake, if it would still take it', async () => {
    const { brings, states, asked } = createBench(accept)
    const move = await brings.negotiate(situationOf({ round: 3, epoch: 7 }))
    const terms = termsOf(FAIR, situationOf({ round: 3, epoch: 7 }))
    assert.deepEqual(move, { move: 'propose', terms })
    assert.deepEqual(terms.rounds, [7, 16])
    assert.deepEqual(asked, [termsCid(terms)])
    assert.deepEqual(states, [{ status: 'moved', terms, epoch: 7 }])
  })

  it('brings it once', async () => {
    const { brings } = createBench(({ standing }) => (standing === null ? pass() : accept()))
    assert.equal((await brings.negotiate(situation)).move, 'propose')
    assert.equal((await brings.negotiate(situation)).move, 'pass')
  })

  it('takes the deal in hand first, and brings the offer later', async () => {
    const { brings, states } = createBench(accept)
    const other = termsOf(OTHER)
    const move = await brings.negotiate(situationOf({ standing: stand(other, [0, 2, 3]) }))
    assert.deepEqual([move.move, states], ['accept', []])
    assert.equal((await brings.negotiate(situation)).move, 'propose')
  })

  it('leaves alone what it holds itself', async () => {
    const { brings, states } = createBench(pass)
    const own = stand(termsOf(OTHER), [1, 2])
    assert.equal((await brings.negotiate(situationOf({ standing: own }))).move, 'pass')
    assert.deepEqual(states, [])
  })

  it('counters with it what it would not take', async () => {
    const fair = termsCid(termsOf(FAIR))
    const { brings } = createBench(({ standing }) => (standing?.id === fair ? accept() : pass()))
    const given = situationOf({ standing: stand(termsOf(OTHER), [0]) })
    assert.deepEqual(await brings.negotiate(given), { move: 'propose', terms: termsOf(FAIR) })
  })

  it('does as it would without it where it would not take it any more, or fails to say', async () => {
    const { brings, states } = createBench(pass)
    assert.equal((await brings.negotiate(situation)).move, 'pass')
    assert.deepEqual(states, [{ status: 'refused', code: 'not-acceptable' }])

    const broken = createBench(({ standing }) => {
      if (standing !== null) throw new Error('no answer')
      return pass()
    })
    assert.equal((await broken.brings.negotiate(situation)).move, 'pass')
    assert.deepEqual(broken.states, [{ status: 'refused', code: 'agent-failed' }])
  })

  it('asks the mandate again about clauses from outside, and not about its own', async () => {
    const harsh = { candidate: { law: HARSH, text: '' } }
    const foreign = createBench(accept, harsh)
    await foreign.brings.negotiate(situation)
    assert.deepEqual(foreign.states, [{ status: 'refused', code: 'outside-mandate' }])
    const own = createBench(accept, { ...harsh, isForeign: false })
    assert.equal((await own.brings.negotiate(situation)).move, 'propose')
  })

  it('drops it where no ledger would take it in this round', async () => {
    const law = createBench(accept, { candidate: { law: capLaw('sea / 10'), text: '' } })
    await law.brings.negotiate(situation)
    assert.deepEqual(law.states, [{ status: 'refused', code: 'law-refused' }])
    const seats = createBench(accept, {
      candidate: { law: FAIR, text: '', collateralMicro: [0n] },
      isForeign: false,
    })
    await seats.brings.negotiate(situation)
    assert.deepEqual(seats.states, [{ status: 'refused', code: 'law-refused' }])
  })

  it('keeps it for another instance, and for a round that no contract covers', async () => {
    const { brings, states } = createBench(pass)
    await brings.negotiate(situationOf({ subnet: 'lake' }))
    const covering = { id: termsCid(termsOf(OTHER)), terms: termsOf(OTHER) }
    await brings.negotiate(situationOf({ covering }))
    assert.deepEqual(states, [])
  })
})

describe('what became of an offer', () => {
  const conversation = cidOf(encode('a conversation'))
  const terms = termsOf(FAIR)
  const heard = (seat: number, said: Terms): Parameters<OfferBook['hear']>[0] => ({
    kind: 'turn',
    subnet: 'commons',
    conversation,
    target: 1,
    turn: { turn: 0, seat, move: 'propose', terms: said, text: '' },
  })
  const settled = (epoch: number, subnet = 'commons'): Parameters<OfferBook['hear']>[0] => ({
    kind: 'chain',
    height: 9,
    event: { kind: 'round-settled', subnet, epoch, run: 1, row: null, laws: [], creditsMicro: [] },
  })

  it('is that it stands, once the agent’s own words were heard', async () => {
    const { brings, book, states } = createBench(accept)
    await brings.negotiate(situation)
    book.hear(heard(2, terms))
    book.hear(heard(1, termsOf(OTHER)))
    assert.equal(states.length, 1)
    book.hear(heard(1, terms))
    assert.deepEqual(states.at(-1), { status: 'proposed', terms, epoch: 1, conversation })
  })

  it('is nothing as long as the round is not settled, and then that it did not form', async () => {
    const { brings, book, states } = createBench(accept)
    book.hear(settled(1))
    await brings.negotiate(situation)
    book.hear(heard(1, terms))
    book.hear(settled(0))
    book.hear(settled(1, 'lake'))
    assert.equal(states.at(-1)?.status, 'proposed')
    book.hear(settled(1))
    assert.deepEqual(states.at(-1), {
      status: 'not-formed',
      code: 'not-agreed',
      conversation,
      epoch: 1,
    })
  })

  it('is that it was never said, where its turn was over before', async () => {
    const { brings, book, states } = createBench(accept)
    await brings.negotiate(situation)
    book.hear(settled(1))
    const last = states.at(-1)
    assert.ok(last?.status === 'not-formed')
    assert.deepEqual([last.code, last.conversation], ['not-proposed', null])
  })

  it('is that no turn comes any more, where the run ends and no other follows', () => {
    for (const hasNextRun of [false, true]) {
      const { book, states } = createBench(accept, { hasNextRun })
      const event = { kind: 'run-ended', subnet: 'commons', run: 1 } as const
      book.hear({ kind: 'chain', height: 9, event })
      assert.deepEqual(states, hasNextRun ? [] : [{ status: 'refused', code: 'run-over' }])
    }
  })

  it('cannot be taken back once the agent has moved', async () => {
    const { brings, book } = createBench(accept)
    const other = createBench(accept)
    assert.equal(other.book.withdraw('task-1'), true)
    assert.equal(other.book.next('commons'), undefined)
    await brings.negotiate(situation)
    assert.equal(book.withdraw('task-1'), false)
  })
})
