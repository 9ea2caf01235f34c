import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { AssistantView } from '@commonweal/node/mcp'
import { createAssistantClient } from './assistant-client.ts'
import { saveRecord } from './run-folder.ts'
import { CommandError, UsageError } from './usage-error.ts'

let data = ''
const servers: Server[] = []
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'commonweal-assistant-'))
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map(stop))
  await rm(data, { recursive: true, force: true })
})

function stop(server: Server): Promise<unknown> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}

/** A node that says its name where it asks an assistant; null where it asks none. */
async function startNode(
  name: string | null,
): Promise<{ readonly server: Server; readonly api: string }> {
  const view: AssistantView = {
    agent: 'a',
    name: name ?? '',
    fallback: 'utility',
    epoch: 1,
    phase: 'seal',
    questions: [],
    situations: [],
    mandate: [],
    answered: 0,
    unanswered: {},
  }
  const server = createServer((request, response) => {
    const isAnswer = request.url === '/assistant/answer'
    const refused = {
      status: 'refused',
      question: 'q',
      code: 'no-such-question',
      detail: '',
      triesLeft: 0,
    }
    if (name === null) response.writeHead(404).end('{"code":"no-assistant"}')
    else response.writeHead(isAnswer ? 409 : 200).end(JSON.stringify(isAnswer ? refused : view))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert(typeof address === 'object' && address !== null)
  return { server, api: `http://127.0.0.1:${address.port}` }
}

async function record(
  network: string,
  startedAtMs: number,
  apis: readonly string[],
): Promise<void> {
  const folder = join(data, network)
  await mkdir(folder)
  await writeFile(join(folder, 'api-token'), 'secret\n')
  await saveRecord(folder, {
    version: 1,
    name: network,
    networkId: 'n',
    pid: process.pid,
    startedAtMs,
    nodes: apis.map((api, index) => ({
      index,
      name: `node-${index}`,
      peerId: 'p',
      pid: process.pid,
      api,
      address: '',
      dataFolder: folder,
      logFile: '',
    })),
  })
}

test('an assistant decides for the first node that asks one, or for the one that is named', async () => {
  const nodes = await Promise.all([null, 'one', 'two'].map(startNode))
  const apis = nodes.map(({ api }) => api)
  await record('first', 1, apis)
  const client = createAssistantClient({ data })
  assert.equal((await client.look()).name, 'one')
  assert.equal((await client.wait(1)).name, 'one')
  const outcome = await client.answer('q', {})
  assert.equal(outcome.status === 'refused' && outcome.code, 'no-such-question')
  assert.equal((await createAssistantClient({ data, node: 'node-2' }).look()).name, 'two')
})

test('it finds its node again in the network that was started since', async () => {
  const before = await startNode('before')
  await record('first', 1, [before.api])
  const client = createAssistantClient({ data })
  assert.equal((await client.look()).name, 'before')
  await stop(before.server)
  await rm(join(data, 'first'), { recursive: true })
  await assert.rejects(client.look(), /no network found/)
  await record('second', 2, [(await startNode('after')).api])
  assert.equal((await client.look()).name, 'after')
})

test('what is not there is said in a sentence', async () => {
  const policy = await startNode(null)
  await record('first', 1, [policy.api])
  await assert.rejects(createAssistantClient({ data }).look(), (error) => {
    assert.ok(error instanceof CommandError)
    assert.match(
      error.message,
      /no node of first asks an assistant; start one with --agent assistant/,
    )
    return true
  })
  await assert.rejects(createAssistantClient({ data, node: '7' }).look(), UsageError)
  await stop(policy.server)
  await assert.rejects(createAssistantClient({ data }).look(), /no node of first answers/)
})
