import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { NodeApi } from './node-api.ts'
import { parseEvent, type ShownEvent } from './result/chain-record.ts'

/** Pause before another node is asked for events. */
const RETRY_MS = 200

/** What a final block did, and where it stands in the chain. */
export interface WatchedEvent {
  readonly height: number
  readonly event: ShownEvent
}

export interface WatchOptions {
  /** The nodes' APIs in the order in which they are asked; one that is gone is passed over. */
  readonly nodes: () => readonly NodeApi[]
  readonly signal: AbortSignal
  readonly onEvent: (watched: WatchedEvent) => void
}

const toldSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('chain'), height: z.int(), event: z.unknown() }),
  z.object({ kind: z.literal('final'), height: z.int() }),
])

/**
 * Follows what a network makes final, from its first block on, by the events of one node; where that node is lost, by the
 * next one's. Every event is told once, in order. Resolves when the signal aborts.
 */
export async function watchNetwork({ nodes, signal, onEvent }: WatchOptions): Promise<void> {
  // Events of a height come together: only with one of a greater height are those of this one complete.
  let height = 0
  let countAtHeight = 0
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const running = nodes()
    const api = running[attempt % Math.max(running.length, 1)]
    if (api === undefined) return
    let repeated = countAtHeight
    try {
      for await (const told of api.events(`/events?after=${Math.max(0, height - 1)}`, signal)) {
        const parsed = toldSchema.safeParse(told).data
        if (parsed?.kind !== 'chain') continue
        if (parsed.height === height && repeated > 0) {
          repeated -= 1
          continue
        }
        if (parsed.height > height) countAtHeight = 0
        height = parsed.height
        countAtHeight += 1
        const event = parseEvent(parsed.event)
        if (event !== undefined) onEvent({ height, event })
      }
    } catch {
      // The node is gone or slow: another one knows the same chain.
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}
