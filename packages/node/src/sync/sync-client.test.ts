import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { TransportError } from '../network/transport-error.ts'
import { type RequestPort, SyncClient } from './sync-client.ts'

describe('a request on the sync protocol', () => {
  it('is called off when the peer takes too long for the whole answer', async (context) => {
    const patient = setInterval(() => {}, 1_000)
    context.after(() => clearInterval(patient))
    const silent: RequestPort = {
      request: (_peerId, _bytes, { signal } = {}) => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            assert.ok(signal !== undefined)
            if (!signal.aborted) await once(signal, 'abort')
            throw new TransportError('aborted', 'the request was called off')
          },
        }),
      }),
    }
    const client = new SyncClient(silent, new AbortController().signal, 1)
    await assert.rejects(client.blocks('somebody', 1), { name: 'TransportError', code: 'aborted' })
  })
})
