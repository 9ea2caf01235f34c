import {
  answerSync,
  type ChainSource,
  decode,
  encode,
  SYNC_REQUEST_SIZE_MAX,
  type SyncFrame,
  type SyncRequest,
  syncRequestSchema,
} from '@commonweal/protocol'
import type { Host } from '../network/port.ts'

/** Points that a request which is none costs its sender. */
const BAD_REQUEST_POINTS = 20

/** The frames of an answer: {@link answerSync}, or bytes that are none where the node lies. */
export type AnswerSync = (
  request: SyncRequest,
  source: ChainSource,
) => Iterable<SyncFrame | Uint8Array>

/** Answers sync requests from the store. */
export function serveSync(host: Host, store: ChainSource, answer: AnswerSync = answerSync): void {
  host.onRequest(async function* (bytes, from, signal) {
    const decoded = decode(bytes, SYNC_REQUEST_SIZE_MAX)
    const request = decoded.ok ? syncRequestSchema.safeParse(decoded.value) : undefined
    if (request?.success !== true) {
      host.penalise(from, BAD_REQUEST_POINTS, 'bad-sync-request')
      return
    }
    for (const frame of answer(request.data, store)) {
      if (signal.aborted) return
      yield frame instanceof Uint8Array ? frame : encode(frame)
    }
  })
}
