import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { situationOf } from '../agent/llm/test-situation.ts'
import { TOKEN_FILE } from '../api/guard.ts'
import { ConfigError } from '../errors.ts'
import { startMcpHttp } from './http.ts'
import { createMcpServer } from './mcp-server.ts'
import { loadHttpTransport } from './sdk-http-client.ts'
import { createTestPort } from './test-port.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-mcp-'))
after(() => rmSync(folder, { recursive: true }))

const { agent, port } = createTestPort()
const server = await startMcpHttp({ port: 0, folder, createServer: () => createMcpServer(port) })
after(() => server.stop())
const authorization = `Bearer ${readFileSync(join(folder, TOKEN_FILE), 'utf8').trim()}`

describe('the protocol over HTTP', () => {
  it('serves the SDK’s client, and several at a time', async () => {
    const HttpTransport = await loadHttpTransport()
    const clients = await Promise.all(
      Array.from({ length: 2 }, async () => {
        const client = new Client({ name: 'test', version: '1' })
        const requestInit = { headers: { authorization } }
        await client.connect(new HttpTransport(new URL(server.url), { requestInit }))
        return client
      }),
    )
    const [one, other] = clients
    assert.ok(one !== undefined && other !== undefined)
    const waiting = one.callTool({ name: 'wait_for_question', arguments: {} })
    const action = Promise.resolve(agent.act(situationOf()))
    await waiting
    const [question] = (await port.look()).questions
    await other.callTool({ name: 'harvest', arguments: { question: question?.id, request: 5 } })
    assert.equal(await action, 5n)
    await Promise.all(clients.map((client) => client.close()))
  })

  async function post(headers: Record<string, string>, method = 'POST'): Promise<string> {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } }
    const body = method === 'POST' ? { body: '{}' } : {}
    const response = await fetch(server.url, { ...init, ...body })
    return `${response.status} ${await response.text()}`
  }

  it('is for whoever has the token, and for no page of another origin', async () => {
    assert.equal(await post({}), '401 {"code":"token-required"}')
    assert.equal(await post({ authorization: 'Bearer no' }), '401 {"code":"token-required"}')
    const origin = 'http://evil.example'
    assert.equal(await post({ authorization, origin }), '403 {"code":"cross-origin"}')
    assert.equal(await post({}, 'GET'), '405 {"code":"post-only"}')
    assert.equal(await post({ authorization }, 'DELETE'), '405 {"code":"post-only"}')
  })

  it('names the port that is taken', async () => {
    const taken = Number(new URL(server.url).port)
    const second = startMcpHttp({ port: taken, folder, createServer: () => createMcpServer(port) })
    await assert.rejects(second, (error) => error instanceof ConfigError && error.key === '--http')
  })
})
