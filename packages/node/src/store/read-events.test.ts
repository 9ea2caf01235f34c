import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { placesOf, storeOfSlashes } from './kept-events.ts'
import { type EventPage, readEventPage, readEvents } from './read-events.ts'

const kinds = ['slashed'] as const

/** All pages of a store, from its beginning. */
function pagesOf(counts: readonly number[], countMax: number): readonly EventPage[] {
  const store = storeOfSlashes(counts)
  const pages: EventPage[] = []
  for (let next: number | null = 0; next !== null; ) {
    const page: EventPage = readEventPage(store, { afterHeight: next, kinds, countMax })
    pages.push(page)
    // Where it does not go on, it never ends.
    assert.ok(page.next === null || page.next > next, `after ${next}`)
    next = page.next
  }
  return pages
}

function placesIn(pages: readonly EventPage[]): readonly string[] {
  return pages.flatMap(({ events }) => events.map(({ height, index }) => `${height}/${index}`))
}

describe('a page of events', () => {
  it('has whole blocks alone', () => {
    assert.deepEqual(placesIn(pagesOf([2, 2, 2], 5).slice(0, 1)), placesOf([2, 2]))
    assert.deepEqual(placesIn(pagesOf([2, 2, 2], 6).slice(0, 1)), placesOf([2, 2]))
    assert.deepEqual(placesIn(pagesOf([2, 2, 2], 7).slice(0, 1)), placesOf([2, 2, 2]))
  })

  it('has all of a block that is longer than a page', () => {
    const pages = pagesOf([1, 9, 9], 4)
    assert.deepEqual(
      pages.map(({ events }) => events.length),
      [1, 9, 9],
    )
  })

  it('loses no event and repeats none, wherever blocks end', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 8 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 6 }), (blocks, countMax) => {
        assert.deepEqual(placesIn(pagesOf(blocks, countMax)), placesOf(blocks))
      }),
    )
  })
})

describe('all events of a kind', () => {
  it('are read page by page, each once, however they lie in blocks', () => {
    for (const counts of [[], [3], [6_000, 4_000, 2], [9_999, 2], [10_000], [1, 12_000, 1]]) {
      const read = [...readEvents(storeOfSlashes(counts), kinds)]
      assert.deepEqual(
        read.map(({ height, index }) => `${height}/${index}`),
        placesOf(counts),
      )
    }
  })
})
