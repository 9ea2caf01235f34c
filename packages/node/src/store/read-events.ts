import type { EventQuery, StoredEvent, StorePort } from '../ports.ts'

/** Events that are read at once. */
const PAGE_EVENTS = 10_000

/** A page of whole blocks; `next` is the `afterHeight` of what comes after it, null at the end. */
export interface EventPage {
  readonly events: readonly StoredEvent[]
  readonly next: number | null
}

/**
 * About `countMax` events, oldest first, always whole blocks: who asks on from `next` sees each event once.
 *
 * A page that begins with a block of more events than that has all of it.
 */
export function readEventPage(store: Pick<StorePort, 'events'>, query: EventQuery): EventPage {
  const read = store.events(query)
  if (read.length < query.countMax) return { events: read, next: null }
  // The last block may go on behind the end: it is left to the next page.
  const lastHeight = read.at(-1)?.height ?? 0
  const events = read.filter(({ height }) => height < lastHeight)
  if (events.length > 0) return { events, next: lastHeight - 1 }
  return readEventPage(store, { ...query, countMax: 2 * query.countMax })
}

/** All events of some kinds, oldest first, a page at a time. */
export function* readEvents(
  store: Pick<StorePort, 'events'>,
  kinds: NonNullable<EventQuery['kinds']>,
): Generator<StoredEvent> {
  let afterHeight: number | null = 0
  while (afterHeight !== null) {
    const page: EventPage = readEventPage(store, { afterHeight, kinds, countMax: PAGE_EVENTS })
    yield* page.events
    afterHeight = page.next
  }
}
