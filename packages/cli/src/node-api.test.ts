import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { NewcomerAccount } from './join/newcomer-account.ts'
import { ApiError, createNodeApi, type NodeApi, readEventStream } from './node-api.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A node's API with answers of the test's own, on a port that the system chooses. */
async function withFakeNode(answer: Answer, use: (api: NodeApi) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'commonweal-api-'))
  await writeFile(join(folder, 'api-token'), 'secret\n')
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use(createNodeApi(`http://127.0.0.1:${portOf(server)}`, folder))
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true, force: true })
  }
}

function portOf(server: Server): number {
  const address = server.address()
  assert(typeof address === 'object' && address !== null)
  return address.port
}

test('a change carries the token of the node’s folder, a question does not', async () => {
  const seen: (string | undefined)[] = []
  await withFakeNode(
    (request, response) => {
      seen.push(`${request.method} ${request.headers.authorization ?? 'none'}`)
      response.end('{}')
    },
    async (api) => {
      await api.get('/status')
      await api.post('/stop')
    },
  )
  assert.deepEqual(seen, ['GET none', 'POST Bearer secret'])
})

test('a refusal is an error with its status and what the node said', async () => {
  await withFakeNode(
    (_, response) => response.writeHead(404).end('{"code":"unknown-receipt"}'),
    async (api) => {
      await assert.rejects(api.get('/receipts/x'), (error) => {
        assert(error instanceof ApiError)
        assert.equal(error.status, 404)
        assert.match(error.message, /unknown-receipt/)
        return true
      })
    },
  )
})

test('a node that is gone is an error with status 0', async () => {
  let gone: NodeApi | undefined
  await withFakeNode(
    (_, response) => response.end('{}'),
    async (api) => {
      gone = api
    },
  )
  await assert.rejects(gone?.get('/status') ?? Promise.resolve(), {
    name: 'CommandError',
    status: 0,
  })
})

test('a transaction that the node itself refuses is an answer, not an error', async () => {
  await withFakeNode(
    (_, response) => response.writeHead(409).end('{"status":"refused","code":"faucet-empty"}'),
    async (api) => {
      assert.equal(await new NewcomerAccount(api, 'a').send({ kind: 'faucet' }), 'faucet-empty')
    },
  )
})

test('the code of a final transaction is that of its receipt', async () => {
  await withFakeNode(
    (_, response) =>
      response.end('{"status":"final","id":"b","receipt":{"code":"faucet-too-soon"}}'),
    async (api) => {
      assert.equal(await new NewcomerAccount(api, 'a').send({ kind: 'faucet' }), 'faucet-too-soon')
    },
  )
})

test('events are read whole, wherever their bytes are cut', async () => {
  const bytes = new TextEncoder().encode(
    'event: a\ndata: {"λ":1}\n\n: alive\n\nevent: b\r\ndata: {"b":2}\r\n\r\ndata: {"cut',
  )
  for (let size = 1; size < bytes.length; size += 1) {
    const events: unknown[] = []
    for await (const event of readEventStream(cut(bytes, size))) events.push(event)
    assert.deepEqual(events, [{ λ: 1 }, { b: 2 }])
  }
})

async function* cut(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
