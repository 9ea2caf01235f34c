import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { until } from '../../network/test-network.ts'
import { ID_LENGTH_MAX, PART_COUNT_MAX, TEXT_LENGTH_MAX } from './body.ts'
import { CLIENTS_FILE, REQUEST_BURST, THOUGHT_BURST } from './clients.ts'
import { REQUEST_SIZE_MAX } from './routes.ts'
import {
  CLIENT_TASKS_KEPT_MAX,
  CLIENT_TASKS_OPEN_MAX,
  FOLLOWERS_MAX,
  TASKS_OPEN_MAX,
} from './task-board.ts'
import { codeOf, createClient, say, stateNameOf, taskOf } from './test-client.ts'
import { TestOutside } from './test-outside.ts'

const CFP = { kind: 'cfp', subnet: 'commons' }
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} })

async function refusalOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : body
}

describe('what agents outside may ask for', () => {
  it('is nothing without a token of theirs, which is not the operator’s and opens nothing else', async () => {
    await using outside = await TestOutside.start()
    const token = outside.admit('mary')
    const operator = readFileSync(join(outside.folder, 'api-token'), 'utf8').trim()
    for (const headers of [{}, { authorization: token }, { authorization: `Bearer ${operator}` }]) {
      const response = await outside.post(PING, headers)
      assert.equal(response.status, 401)
      assert.equal(await refusalOf(response), 'token-required')
    }
    const authorization = `Bearer ${token}`
    assert.equal((await outside.post(PING, { authorization })).status, 200)
    const stop = await fetch(`${outside.url}/stop`, { method: 'POST', headers: { authorization } })
    assert.equal(stop.status, 401)
  })

  it('ends with the line of the file that allowed it', async () => {
    await using outside = await TestOutside.start()
    const path = join(outside.folder, CLIENTS_FILE)
    assert.equal(statSync(path).mode & 0o077, 0)
    const [, token] = readFileSync(path, 'utf8').trim().split(' ')
    const authorization = `Bearer ${token}`
    assert.equal((await outside.post(PING, { authorization })).status, 200)
    writeFileSync(path, '\nno client\n')
    assert.equal((await outside.post(PING, { authorization })).status, 401)
  })

  it('is not for pages, nor under another name than the node’s', async () => {
    await using outside = await TestOutside.start({ config: { url: 'https://commons.example' } })
    const authorization = `Bearer ${outside.admit('mary')}`
    const foreign = await outside.post(PING, { authorization, origin: 'http://evil.test' })
    assert.equal(await refusalOf(foreign), 'cross-origin')
    const card = '/.well-known/agent-card.json'
    assert.equal((await askAs('evil.test', outside.url, card)).status, 403)
    const { status, body } = await askAs('commons.example', outside.url, card)
    assert.equal(status, 200)
    assert.match(body, /"url":"https:\/\/commons\.example\/a2a"/)
    assert.equal((await askAs('commons.example', outside.url, '/status')).status, 403)
  })

  it('is up to so many requests at once, for each client', async () => {
    await using outside = await TestOutside.start()
    const authorization = `Bearer ${outside.admit('mary')}`
    const other = `Bearer ${outside.admit('john')}`
    for (let count = 0; count < REQUEST_BURST; count++) {
      assert.equal((await outside.post(PING, { authorization })).status, 200)
    }
    const response = await outside.post(PING, { authorization })
    assert.equal(response.status, 429)
    assert.equal(await refusalOf(response), 'too-many-requests')
    assert.equal((await outside.post(PING, { authorization: other })).status, 200)
    outside.clock.advance(100)
    assert.equal((await outside.post(PING, { authorization })).status, 200)
  })

  it('is up to so many bytes', async () => {
    await using outside = await TestOutside.start()
    const authorization = `Bearer ${outside.admit('mary')}`
    const atLimit = PING.padEnd(REQUEST_SIZE_MAX, ' ')
    assert.equal((await outside.post(atLimit, { authorization })).status, 200)
    const response = await outside.post(`${atLimit} `, { authorization })
    assert.equal(response.status, 413)
    assert.equal(await refusalOf(response), 'request-too-large')
  })

  it('is up to so many tasks at a time, and of one client', async () => {
    await using outside = await TestOutside.start()
    const names = ['a', 'b', 'c', 'd', 'e']
    for (const name of names.slice(0, TASKS_OPEN_MAX / CLIENT_TASKS_OPEN_MAX)) {
      const client = await outside.client(name)
      for (let count = 0; count < CLIENT_TASKS_OPEN_MAX; count++) await client.sendMessage(say(CFP))
      assert.equal(await codeOf(client.sendMessage(say(CFP))), 'too-many-tasks')
    }
    const last = await outside.client('e')
    assert.equal(await codeOf(last.sendMessage(say(CFP))), 'too-many-tasks')
  })

  it('is so many thoughts in a time, and of tasks the oldest that is over is forgotten first', async () => {
    await using outside = await TestOutside.start()
    const client = await outside.client('mary')
    const ids: string[] = []
    const openAndCancel = async (): Promise<void> => {
      const { id } = taskOf(await client.sendMessage(say(CFP)))
      ids.push(id)
      await client.cancelTask({ tenant: '', id, metadata: undefined })
    }
    for (let count = 0; count < THOUGHT_BURST; count++) await openAndCancel()
    assert.equal(await codeOf(client.sendMessage(say(CFP))), 'too-fast')
    while (ids.length <= CLIENT_TASKS_KEPT_MAX) {
      outside.clock.advance(2_000)
      await openAndCancel()
    }
    const [first = '', second = ''] = ids
    assert.equal(await codeOf(client.getTask({ tenant: '', id: first })), 'unknown-task')
    assert.equal((await client.getTask({ tenant: '', id: second })).id, second)
  })

  it('is its own tasks alone', async () => {
    await using outside = await TestOutside.start()
    const mary = await outside.client('mary')
    const john = await outside.client('john')
    const { id } = taskOf(await mary.sendMessage(say(CFP)))
    const place = { tenant: '', id }
    assert.equal(await codeOf(john.getTask(place)), 'unknown-task')
    assert.equal(await codeOf(john.cancelTask({ ...place, metadata: undefined })), 'unknown-task')
    assert.equal(await codeOf(john.sendMessage(say(CFP, { taskId: id }))), 'unknown-task')
    assert.equal((await john.listTasks(EVERYTHING)).totalSize, 0)
    assert.equal((await mary.listTasks(EVERYTHING)).tasks[0]?.id, id)
  })

  it('is to be followed by so many requests at a time, and one that has gone makes place', async () => {
    await using outside = await TestOutside.start()
    const client = await createClient(outside.url, outside.admit('mary'))
    const law = {
      clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit: 'stock / 8' } }],
    }
    const request = say({ ...CFP, kind: 'propose', law }, { returnImmediately: true })
    const { id } = taskOf(await client.sendMessage(request))
    const gone = new AbortController()
    const open = async (signal?: AbortSignal): Promise<void> => {
      const stream = client.resubscribeTask(
        { tenant: '', id },
        signal === undefined ? {} : { signal },
      )
      assert.equal((await stream.next()).done, false)
    }
    await open(gone.signal)
    for (let count = 1; count < FOLLOWERS_MAX; count++) await open()
    assert.equal(await codeOf(open()), 'too-many-followers')
    gone.abort()
    await until('there is place again', async () => {
      outside.clock.advance(1_000)
      return open().then(
        () => true,
        () => false,
      )
    })
  })
})

describe('a message that cannot be heard', () => {
  const parts = (count: number): object[] => Array.from({ length: count }, () => ({ text: 'a' }))
  const part = { data: CFP }
  const ok = { messageId: 'm', role: 'ROLE_USER', parts: [{ data: { kind: 'look' } }] }
  for (const [name, message, code] of [
    ['no message', undefined, 'malformed-message'],
    ['a number', 5, 'malformed-message'],
    ['the words of an agent', { ...ok, role: 'ROLE_AGENT' }, 'malformed-message'],
    ['no id', { ...ok, messageId: '' }, 'malformed-message'],
    ['a long id', { ...ok, messageId: 'm'.repeat(ID_LENGTH_MAX + 1) }, 'malformed-message'],
    ['nothing', { ...ok, parts: [] }, 'malformed-message'],
    ['too many parts', { ...ok, parts: parts(PART_COUNT_MAX + 1) }, 'malformed-message'],
    ['two bodies', { ...ok, parts: [part, part] }, 'malformed-message'],
    [
      'a long text',
      { ...ok, parts: [{ text: 'a'.repeat(TEXT_LENGTH_MAX + 1) }] },
      'malformed-message',
    ],
    ['a file', { ...ok, parts: [{ url: 'http://a.test' }] }, 'unsupported-part'],
    ['another kind', { ...ok, parts: [{ data: { kind: 'transfer' } }] }, 'malformed-body'],
    ['a field too many', { ...ok, parts: [{ data: { ...CFP, quorum: 1 } }] }, 'malformed-body'],
    [
      'a law that is none',
      { ...ok, parts: [{ data: { ...CFP, kind: 'propose', law: 5 } }] },
      'malformed-body',
    ],
    [
      'an acceptance of nothing',
      { ...ok, parts: [{ data: { ...CFP, kind: 'accept-proposal' } }] },
      'nothing-to-accept',
    ],
    ['a task that is not there', { ...ok, taskId: 'x', parts: [part] }, 'unknown-task'],
    ['a text at the limit', { ...ok, parts: [{ text: 'a'.repeat(TEXT_LENGTH_MAX) }] }, 'ok'],
    ['an id at the limit', { ...ok, messageId: 'm'.repeat(ID_LENGTH_MAX) }, 'ok'],
    ['as many parts as may be', { ...ok, parts: parts(PART_COUNT_MAX) }, 'ok'],
  ] as const) {
    it(`is answered with a code: ${name}, ${code}`, async () => {
      await using outside = await TestOutside.start()
      const authorization = `Bearer ${outside.admit('mary')}`
      const call = { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } }
      const { error } = JSON.parse(
        await (await outside.post(JSON.stringify(call), { authorization })).text(),
      )
      assert.equal(error === undefined ? 'ok' : error.data[0].metadata.code, code)
    })
  }

  it('is refused as what the protocol calls it: no JSON, no method, another version, a tenant, notifications', async () => {
    await using outside = await TestOutside.start()
    const authorization = `Bearer ${outside.admit('mary')}`
    const call = { jsonrpc: '2.0', id: 7, method: 'ListTasks', params: {} }
    for (const [text, version, code] of [
      ['{', '1.0', -32602],
      ['[]', '1.0', -32602],
      [JSON.stringify({ ...call, method: 'Steal' }), '1.0', -32601],
      [JSON.stringify(call), '0.3', -32009],
      [JSON.stringify({ ...call, params: { tenant: 'a' } }), '1.0', -32602],
      [JSON.stringify({ ...call, method: 'GetExtendedAgentCard' }), '1.0', -32007],
      [JSON.stringify({ ...call, method: 'CreateTaskPushNotificationConfig' }), '1.0', -32003],
    ] as const) {
      const response = await outside.post(text, { authorization, 'a2a-version': version })
      const { error } = JSON.parse(await response.text())
      assert.equal(error?.code, code, text)
    }
  })

  it('is told nothing of what went wrong within the node', async () => {
    await using outside = await TestOutside.start({ bug: 'a secret' })
    const client = await outside.client('mary')
    const code = await codeOf(client.sendMessage(say({ kind: 'look' })))
    assert.equal(code, 'the node failed to answer')
    const stream = client.sendMessageStream(say({ kind: 'look' }))
    assert.equal(await codeOf(stream.next()), 'the node failed to answer')
  })

  it('is answered with what is understood, where it has no data', async () => {
    await using outside = await TestOutside.start()
    const client = await outside.client('mary')
    const { message, ...rest } = say(CFP, { text: 'hello' })
    const told = present(message, 'there is one')
    const answer = await client.sendMessage({
      ...rest,
      message: { ...told, parts: told.parts.slice(0, 1) },
    })
    assert.ok('parts' in answer)
    assert.match(JSON.stringify(answer), /not-understood.*accept-proposal/)
  })

  it('is not heard in a task that is over, or about something else', async () => {
    await using outside = await TestOutside.start()
    const client = await outside.client('mary')
    const { id } = taskOf(await client.sendMessage(say(CFP)))
    for (const [body, code] of [
      [CFP, 'already-open'],
      [{ kind: 'accept-proposal', subnet: 'another' }, 'another-subnet'],
    ] as const) {
      assert.equal(await codeOf(client.sendMessage(say(body, { taskId: id }))), code)
    }
    const place = { tenant: '', id, metadata: undefined }
    const canceled = await client.cancelTask(place)
    assert.equal(stateNameOf(canceled), 'TASK_STATE_CANCELED')
    assert.equal(stateNameOf(await client.cancelTask(place)), 'TASK_STATE_CANCELED')
    assert.equal(await codeOf(client.sendMessage(say(CFP, { taskId: id }))), 'task-over')
  })
})

const EVERYTHING = {
  tenant: '',
  contextId: '',
  status: 0,
  pageToken: '',
  statusTimestampAfter: undefined,
}

/** `fetch` does not let one choose the name of the host. */
function askAs(host: string, url: string, path: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const asked = httpRequest(new URL(path, url), { headers: { host } }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (body += chunk))
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
  })
  asked.once('error', reject)
  asked.end()
  return promise
}
