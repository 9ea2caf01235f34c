import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  builtInSubnets,
  cidOf,
  createGenesisLedger,
  encode,
  type Ledger,
  networkIdOf,
  nobleVerify,
  type TransactionBody,
} from '@commonweal/protocol'
import { createLocalGenesis } from '../local/genesis.ts'
import { NodeEvents } from '../node-event.ts'
import { createStatus } from '../node-status.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createApp } from './app.ts'
import type { ApiSource } from './source.ts'

const TOKEN = 'a-token-of-the-test'
const HOST = '127.0.0.1:4000'
const genesis = createLocalGenesis({ nodes: 3, seed: 'api' })
const networkId = networkIdOf(genesis)
const agent = genesis.accounts[0]?.agent
assert.ok(agent !== undefined)

function foundLedger(): Ledger {
  const founded = createGenesisLedger({
    genesis,
    networkId,
    verify: nobleVerify,
    subnets: builtInSubnets,
  })
  assert.ok(founded.ok)
  return founded.value
}

interface Bench {
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>
  readonly post: (
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ) => Promise<Response>
  readonly events: NodeEvents
  readonly sent: TransactionBody[]
  readonly blocked: (readonly string[])[]
}

function createBench(): Bench {
  const ledger = foundLedger()
  const store = createMemoryStore()
  const events = new NodeEvents()
  const sent: TransactionBody[] = []
  const blocked: (readonly string[])[] = []
  assert.ok(agent !== undefined)
  const status = createStatus({
    name: 'node-0',
    networkId,
    networkName: genesis.name,
    peerId: '12D3KooW…',
    agent,
    agentName: 'utility',
    addresses: [],
    peers: [],
    refusals: {},
    offenders: [],
    agentFaults: 0,
    suspects: [],
    model: null,
    view: {
      epoch: 1,
      phase: 'negotiate',
      view: 0,
      finalHeight: 0,
      height: 0,
      stateDigest: ledger.digest(),
      waitingTransactions: 0,
      runningInstances: ['commons'],
    },
    ledger,
  })
  const source: ApiSource = {
    genesis,
    store,
    status: () => status,
    ledger: () => ledger,
    submit: async (body) => {
      sent.push(body)
      return { status: 'sent', id: cidOf(encode('a transaction')) }
    },
    listen: (listener) => events.listen(listener),
    connect: async () => {},
    setBlocked: (peers) => blocked.push(peers),
    stop: async () => {},
  }
  const app = createApp(source, { token: TOKEN, hosts: () => [HOST] })
  const ask: Bench['ask'] = async (path, init = {}) =>
    app.request(path, { ...init, headers: { host: HOST, ...init.headers } })
  const post: Bench['post'] = (path, body, headers = { authorization: `Bearer ${TOKEN}` }) => {
    const text = JSON.stringify(body)
    return ask(path, {
      method: 'POST',
      body: text,
      headers: { 'content-length': String(text.length), ...headers },
    })
  }
  return { ask, post, events, sent, blocked }
}

async function codeOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json()
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
}

describe('the API', () => {
  it('writes amounts as decimal text', async () => {
    const { ask } = createBench()
    const ledger = JSON.parse(await (await ask('/ledger')).text())
    assert.equal(ledger.totals.errorMicro, '0')
    assert.equal(ledger.isConserved, true)
    assert.equal(ledger.accounts.length, 3)
    assert.equal(typeof ledger.accounts[0].balanceMicro, 'string')
    assert.ok(ledger.accounts.some(({ name }: { name: string }) => name === 'node-0'))
  })

  it('tells where each instance stands', async () => {
    const { ask } = createBench()
    const status = JSON.parse(await (await ask('/status')).text())
    assert.equal(status.network.id, networkId)
    assert.equal(status.isValidator, true)
    assert.equal(status.instances[0].state.stock, 100)
    const instance = JSON.parse(await (await ask('/instances/commons')).text())
    assert.deepEqual(instance.rows, [])
    assert.equal(instance.run.seats.length, 3)
    assert.equal((await ask('/instances/nothing')).status, 404)
  })

  it('knows no receipt of what is no transaction', async () => {
    const { ask } = createBench()
    for (const id of ['nonsense', cidOf(encode('no transaction'))]) {
      const response = await ask(`/receipts/${id}`)
      assert.equal(response.status, 404)
      assert.equal(await codeOf(response), 'unknown-receipt')
    }
  })

  it('sends what the operator asks for, amounts as text or number', async () => {
    const { post, sent } = createBench()
    const answer = await post('/transactions', {
      kind: 'transfer',
      to: agent,
      amountMicro: (2n ** 62n).toString(),
    })
    assert.equal(answer.status, 202)
    assert.equal((await post('/transactions', { kind: 'bond', amountMicro: 5 })).status, 202)
    assert.deepEqual(sent, [
      { kind: 'transfer', to: agent, amountMicro: 2n ** 62n },
      { kind: 'bond', amountMicro: 5n },
    ])
  })

  it('refuses what only the node itself may send, and what is malformed', async () => {
    const { post, sent } = createBench()
    for (const body of [
      { kind: 'seal', subnet: 'commons', digest: '0'.repeat(64) },
      { kind: 'transfer', to: agent, amountMicro: -1 },
      { kind: 'transfer', to: agent, amountMicro: 1.5 },
      { kind: 'transfer', to: 'somebody', amountMicro: 1 },
      { kind: 'seat' },
      'faucet',
    ]) {
      const response = await post('/transactions', body)
      assert.equal(response.status, 400)
      assert.equal(await codeOf(response), 'malformed-body')
    }
    assert.deepEqual(sent, [])
  })

  it('changes nothing without the token', async () => {
    const { post, blocked } = createBench()
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: TOKEN }]) {
      const response = await post('/blocked', { peers: [] }, headers)
      assert.equal(response.status, 401)
      assert.equal(await codeOf(response), 'token-required')
    }
    assert.deepEqual(blocked, [])
    assert.equal((await post('/blocked', { peers: ['a'] })).status, 200)
    assert.deepEqual(blocked, [['a']])
  })

  it('changes nothing for a page of another origin, even with the token', async () => {
    const { post, blocked } = createBench()
    const headers = { authorization: `Bearer ${TOKEN}` }
    const foreign = await post(
      '/blocked',
      { peers: [] },
      { ...headers, origin: 'http://evil.test' },
    )
    assert.equal(foreign.status, 403)
    assert.equal(await codeOf(foreign), 'cross-origin')
    const own = await post('/blocked', { peers: [] }, { ...headers, origin: `http://${HOST}` })
    assert.equal(own.status, 200)
    assert.equal(blocked.length, 1)
  })

  it('answers nothing under a name that a page has pointed here', async () => {
    const { ask } = createBench()
    const response = await ask('/status', { headers: { host: 'evil.test' } })
    assert.equal(response.status, 403)
    assert.equal(await codeOf(response), 'wrong-host')
  })

  it('streams events in order until the node stops', async () => {
    const { ask, events } = createBench()
    const response = await ask('/events')
    const reading = response.text()
    const id = cidOf(encode('b'))
    for (const height of [1, 2]) {
      events.tell({ kind: 'final', height, epoch: 1, id, transactions: 0, refused: 0 })
    }
    events.tell({
      kind: 'chain',
      height: 2,
      event: { kind: 'slashed', agent: agent ?? fail(), offence: 'equivocation', amountMicro: 9n },
    })
    events.tell({ kind: 'stopped' })
    const told = (await reading)
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice('data: '.length)))
    assert.deepEqual(
      told.map(({ kind, height }) => [kind, height]),
      [
        ['final', 1],
        ['final', 2],
        ['chain', 2],
        ['stopped', undefined],
      ],
    )
    assert.equal(told[2].event.amountMicro, '9')
  })
})

function fail(): never {
  throw new Error('the genesis has an account')
}
