import type { EventQuery, StoredEvent, StorePort } from '../ports.ts'

/** Read at once: more than a block has. */
const PAGE_EVENTS = 10_000

/** All events of some kinds, oldest first, a page at a time. */
export function* readEvents(
  store: Pick<StorePort, 'events'>,
  kinds: NonNullable<EventQuery['kinds']>,
): Generator<StoredEvent> {
  let afterHeight = 0
  for (;;) {
    const page = store.events({ afterHeight, kinds, countMax: PAGE_EVENTS })
    const isLast = page.length < PAGE_EVENTS
    const lastHeight = page.at(-1)?.height ?? 0
    // A page may end within a block: that block is read again, whole.
    yield* isLast ? page : page.filter(({ height }) => height < lastHeight)
    if (isLast) return
    afterHeight = lastHeight - 1
  }
}
