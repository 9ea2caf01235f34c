import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ChainEvent, present } from '@commonweal/protocol'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import type { SettledQuestion } from '../agent/forecast/forecaster.ts'
import { keepEvents } from '../store/kept-events.ts'
import { createMemoryStore } from '../store/memory.ts'
import { readEvents } from '../store/read-events.ts'
import { BOOK_EVENT_KINDS, QuestionBook } from './question-book.ts'

function settledBy(book: QuestionBook, events: Iterable<unknown>): readonly SettledQuestion[] {
  return [...events].flatMap((event) => book.takeStored(event) ?? [])
}

/** Events as they come back from a store. */
function stored(events: readonly ChainEvent[]): readonly unknown[] {
  const store = createMemoryStore()
  keepEvents(store, 1, events)
  return [...readEvents(store, BOOK_EVENT_KINDS)].map(({ event }) => event)
}

describe('the book of questions', () => {
  it('gives a question when it is settled, with what was opened, the earliest seal first', () => {
    const world = new ForecastWorld()
    const id = world.playQuestion({ '2': 8_000, '3': 4_000, '4': null })
    // As if the later seal had been opened before the earlier one.
    const isOpening = ({ kind }: ChainEvent): boolean => kind === 'statement-opened'
    const opened = world.events.filter(isOpening)
    const events = world.events.map((event) =>
      isOpening(event) ? present(opened.pop(), 'as many as there are') : event,
    )
    assert.notDeepEqual(events, world.events)
    const [settled, ...more] = settledBy(new QuestionBook(), events)
    assert.deepEqual(more, [])
    assert.equal(settled?.question.id, id)
    assert.equal(settled.outcome, 0)
    assert.deepEqual(
      settled.signals.map(({ author, order, snapshot }) => [author, order, snapshot]),
      [
        [agentOf(2), 0, 0],
        [agentOf(3), 1, 0],
      ],
    )
  })

  it('follows from what the store has as from what blocks did', () => {
    const world = new ForecastWorld()
    for (const bps of [8_000, 6_000]) world.playQuestion({ '2': bps, '3': 3_000 })
    const book = new QuestionBook()
    const live = world.events.flatMap((event) => book.take(event) ?? [])
    assert.equal(live.length, 2)
    assert.deepEqual(settledBy(new QuestionBook(), stored(world.events)), live)
  })

  it('has what is open of a question until it is settled, and then no more', () => {
    const world = new ForecastWorld()
    const id = world.playQuestion({ '2': 8_000 })
    const book = new QuestionBook()
    const settling = world.events.findIndex(({ kind }) => kind === 'question-settled')
    settledBy(book, world.events.slice(0, settling))
    assert.deepEqual(
      book.signals(id).map(({ author }) => author),
      [agentOf(2)],
    )
    assert.equal(settledBy(book, world.events.slice(settling)).length, 1)
    assert.deepEqual(book.signals(id), [])
    assert.deepEqual(settledBy(book, world.events.slice(settling)), [], 'it is settled once')
  })

  it('forgets a question that nobody admitted', () => {
    const world = new ForecastWorld()
    // Agent 1 is no opener, so that its question waits to be admitted.
    const openHeight = world.head.height + 20
    const id = world.ask(1, { openHeight })
    const book = new QuestionBook()
    world.advanceTo(openHeight + 1)
    assert.ok(world.events.some(({ kind }) => kind === 'question-lapsed'))
    assert.deepEqual(settledBy(book, world.events), [])
    const event = { kind: 'question-settled', question: id, outcome: 0 } as const
    assert.equal(book.take(event), undefined)
  })

  it('takes nothing from an event that it does not know', () => {
    const book = new QuestionBook()
    for (const odd of [null, 'text', { kind: 'phase' }, { kind: 'question-asked', question: 1 }]) {
      assert.equal(book.takeStored(odd), undefined)
    }
  })
})
