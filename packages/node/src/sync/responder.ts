import {
  answerSync,
  decode,
  encode,
  SYNC_REQUEST_SIZE_MAX,
  syncRequestSchema,
} from '@commonweal/protocol'
import type { Host } from '../network/port.ts'
import type { StorePort } from '../ports.ts'

/** Points that a request which is none costs its sender. */
const BAD_REQUEST_POINTS = 20

/** Answers sync requests from the store. */
export function serveSync(host: Host, store: StorePort): void {
  host.onRequest(async function* (bytes, from, signal) {
    const decoded = decode(bytes, SYNC_REQUEST_SIZE_MAX)
    const request = decoded.ok ? syncRequestSchema.safeParse(decoded.value) : undefined
    if (request?.success !== true) {
      host.penalise(from, BAD_REQUEST_POINTS, 'bad-sync-request')
      return
    }
    for (const frame of answerSync(request.data, store)) {
      if (signal.aborted) return
      yield encode(frame)
    }
  })
}
