import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { formatJson } from '../json.ts'
import type { NodeEvent } from '../node-event.ts'
import type { ApiSource } from './source.ts'

/** Events that wait for a slow reader; beyond it the stream is ended, and the reader may ask again from its height. */
const BACKLOG_MAX = 10_000
/** Pause after which an idle stream says that it is alive. */
const HEARTBEAT_MS = 15_000
/** Stored events that are told at the start of a stream at most. */
const HISTORY_MAX = 100_000

/**
 * Events as they happen. With `?after=<height>`, first what final blocks above that height did; nothing is told twice or left
 * out in between.
 */
export function streamEvents(context: Context, source: ApiSource): Response {
  const after = Number(context.req.query('after') ?? Number.NaN)
  return streamSSE(context, async (stream) => {
    const backlog: (NodeEvent | StoredChainEvent)[] = []
    let wake: () => void = () => {}
    let isOver = false
    const finish = (): void => {
      isOver = true
      wake()
    }
    if (Number.isSafeInteger(after) && after >= 0) backlog.push(...historyAfter(source, after))
    const unlisten = source.listen((event) => {
      if (backlog.length >= BACKLOG_MAX + HISTORY_MAX) finish()
      else backlog.push(event)
      if (event.kind === 'stopped' || event.kind === 'failed') isOver = true
      wake()
    })
    stream.onAbort(finish)
    try {
      while (!stream.aborted) {
        const event = backlog.shift()
        if (event !== undefined) {
          await stream.writeSSE({ event: event.kind, data: formatJson(event) })
        } else if (isOver) {
          return
        } else if (!(await waitForMore((resume) => (wake = resume)))) {
          await stream.write(': alive\n\n')
        }
      }
    } finally {
      unlisten()
    }
  })
}

interface StoredChainEvent {
  readonly kind: 'chain'
  readonly height: number
  readonly event: unknown
}

function historyAfter({ store }: ApiSource, afterHeight: number): readonly StoredChainEvent[] {
  return store
    .events({ afterHeight, countMax: HISTORY_MAX })
    .map(({ height, event }) => ({ kind: 'chain', height, event }))
}

/** Whether something came before the heartbeat was due. */
async function waitForMore(onWake: (resume: () => void) => void): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  onWake(() => resolve(true))
  const timer = setTimeout(() => resolve(false), HEARTBEAT_MS)
  return promise.finally(() => clearTimeout(timer))
}
