import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import { placesOf, storeOfSlashes } from '../store/kept-events.ts'
import { viewForecast, viewForecastEvents } from './forecast-view.ts'

/** What a reader sees that asks on until there is nothing more: places, page by page. */
function readAll(counts: readonly number[]): readonly (readonly string[])[] {
  const store = storeOfSlashes(counts)
  const pages: string[][] = []
  for (let next: number | null = 0; next !== null && pages.length <= counts.length; ) {
    const page: ReturnType<typeof viewForecastEvents> = viewForecastEvents(store, next)
    pages.push(page.events.map(({ height, index }) => `${height}/${index}`))
    next = page.next
  }
  return pages
}

describe('the events of the market', () => {
  it('come in pages that lose none and repeat none at a border', () => {
    for (const [counts, pageCount] of [
      [[4_999], 1],
      [[4_998, 1, 1], 2],
      [[2_500, 2_500], 2],
      [[4_999, 2, 1], 2],
      [[2_000, 2_000, 2_000, 2_000], 2],
    ] as const) {
      const pages = readAll(counts)
      assert.deepEqual(pages.flat(), placesOf(counts))
      assert.equal(pages.length, pageCount, `${counts}`)
    }
  })

  it('go on behind a block that has more of them than a page', () => {
    for (const counts of [[5_000], [5_001, 1], [1, 12_000, 1]]) {
      assert.deepEqual(readAll(counts).flat(), placesOf(counts))
    }
  })

  it('end after the last one', () => {
    assert.deepEqual(viewForecastEvents(storeOfSlashes([1, 1]), 2), { events: [], next: null })
  })
})

describe('the market as the ledger has it', () => {
  it('shows open questions, locks, and the streams that questions get which open from here on', () => {
    const world = new ForecastWorld()
    const id = world.ask(0)
    const shares = [{ to: agentOf(2), bps: 500 }]
    world.act(1, { kind: 'stream', shares })
    const view = viewForecast(world.ledger)
    assert.deepEqual([view.height, view.houseWeightMicro], [world.head.height, 500_000n])
    assert.deepEqual(view.questions, [{ id, ...world.question(id) }])
    assert.equal(view.locks.length, 5)
    assert.deepEqual(view.streams, [{ agent: agentOf(1), shares }])
  })
})
