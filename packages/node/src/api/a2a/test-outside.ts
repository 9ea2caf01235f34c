import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@a2a-js/sdk/client'
import {
  type AgentId,
  builtInSubnets,
  type Cid,
  createGenesisLedger,
  createNobleSigner,
  type Genesis,
  type Law,
  type Ledger,
  networkIdOf,
  nobleVerify,
  present,
  secretKeyOf,
  type Terms,
  termsCid,
} from '@commonweal/protocol'
import type { Agent, Move, NegotiationSituation } from '../../agent/agent.ts'
import { createAgent } from '../../agent/create-agent.ts'
import { TestClock } from '../../agent/llm/test-clock.ts'
import { prosocialityOfLambda } from '../../agent/prosocial.ts'
import { capLaw } from '../../agent/utility/candidate.ts'
import { parsePolicy } from '../../agent/utility/policy.ts'
import { createLocalGenesis } from '../../local/genesis.ts'
import { until } from '../../network/test-network.ts'
import { NodeEvents } from '../../node-event.ts'
import { createStatus } from '../../node-status.ts'
import { createOutside } from '../../outside/create-outside.ts'
import { OUTSIDE_DEFAULT, type OutsideConfig } from '../../outside/outside-config.ts'
import { createNegotiationSituation } from '../../situation.ts'
import { createMemoryStore } from '../../store/memory.ts'
import type { ApiServer } from '../listen.ts'
import { startApi } from '../server.ts'
import { CLIENTS_FILE } from './clients.ts'
import { createClient } from './test-client.ts'

export const SEED = 'outside'
/** What everybody may take for good, of four equal seats. */
export const FAIR: Law = capLaw('stock / 8')
/** Seat 1, whose agent is asked, gets half of what the others get. */
export const HARSH: Law = capLaw('[2, 1, 2, 2][self] * stock / 14')

export interface TestOutsideOptions {
  readonly genesis?: Genesis
  readonly agent?: Agent
  readonly config?: Partial<OutsideConfig>
  /** What the node's own bug says whenever the ledger is read. */
  readonly bug?: string
}

/** An agent that cares for all alike: every law that keeps the stock is as good to it. */
export function createCaringAgent(): Agent {
  const policy = parsePolicy('utility')
  const lambda = prosocialityOfLambda(Number.POSITIVE_INFINITY)
  assert.ok(policy.ok && lambda.ok)
  const { derive } = createNobleSigner(secretKeyOf(SEED, 1))
  return createAgent({ policy: policy.value, prosociality: lambda.value, derive })
}

export function createTestGenesis(change: Partial<Genesis> = {}): Genesis {
  const genesis = createLocalGenesis({
    nodes: 4,
    seed: SEED,
    rounds: 3,
    values: 'equal',
    repeat: true,
  })
  return { ...genesis, ...change }
}

export function foundLedger(genesis: Genesis): Ledger {
  const founded = createGenesisLedger({
    genesis,
    networkId: networkIdOf(genesis),
    verify: nobleVerify,
    subnets: builtInSubnets,
  })
  assert.ok(founded.ok)
  return founded.value
}

/** The API of a node whose network stands still at its first height; what happens in it a test tells. Its agent has seat 1. */
export class TestOutside implements AsyncDisposable {
  readonly clock: TestClock = new TestClock()
  readonly genesis: Genesis
  readonly ledger: Ledger
  readonly id: AgentId
  /** The agent as the node asks it in the network. */
  readonly agent: Agent
  readonly folder: string = mkdtempSync(join(tmpdir(), 'commonweal-outside-'))
  readonly #events = new NodeEvents()
  readonly #store = createMemoryStore()
  readonly #start: () => Promise<ApiServer>
  #api: ApiServer | undefined

  static async start(options: TestOutsideOptions = {}): Promise<TestOutside> {
    const outside = new TestOutside(options)
    outside.#api = await outside.#start()
    return outside
  }

  private constructor({
    genesis = createTestGenesis(),
    agent,
    config = {},
    bug,
  }: TestOutsideOptions) {
    this.genesis = genesis
    this.ledger = foundLedger(genesis)
    this.id = present(genesis.accounts[1], 'it has four accounts').agent
    const given = agent ?? createCaringAgent()
    const [id, events, clock, folder, ledger] = [
      this.id,
      this.#events,
      this.clock,
      this.folder,
      this.ledger,
    ]
    const api = { host: '127.0.0.1', port: 0 }
    const made = createOutside(
      {
        genesis,
        api,
        secretKey: secretKeyOf(SEED, 1),
        agent: { timeoutMs: 1_000 },
        outside: { ...OUTSIDE_DEFAULT, ...config },
      },
      given,
      { id, events, clock, log: SILENT, signal: new AbortController().signal },
    )
    this.agent = made.agent
    const source = {
      genesis,
      store: this.#store,
      status: () => statusOf(genesis, ledger, id),
      ledger: () => (bug === undefined ? ledger : assert.fail(bug)),
      submit: () => assert.fail('nothing outside sends a transaction'),
      listen: () => assert.fail('nothing outside listens'),
      connect: () => assert.fail('nothing outside connects'),
      setBlocked: () => assert.fail('nothing outside cuts links'),
      stop: () => assert.fail('nothing outside stops a node'),
    }
    this.#start = () => startApi(source, { ...api, folder, outside: made.outside })
  }

  get url(): string {
    return present(this.#api, 'it has started').url
  }

  /** Adds an agent outside that may open tasks. Returns its token. */
  admit(name: string): string {
    const token = `token-of-${name}-0123456789`
    appendFileSync(join(this.folder, CLIENTS_FILE), `${name} ${token}\n`)
    return token
  }

  /** The official client, as an agent outside has it. */
  async client(name: string): Promise<Client> {
    return createClient(this.url, this.admit(name))
  }

  post(body: string, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.url}/a2a`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'a2a-version': '1.0', ...headers },
    })
  }

  /** The node's agent has its turn in the network. */
  async takeTurn(change: Partial<NegotiationSituation> = {}): Promise<Move> {
    const { id: subnet, contractDelay } = present(this.genesis.instances[0], 'there is one')
    const seen = createNegotiationSituation(this.ledger, {
      kind: 'negotiate',
      subnet,
      epoch: 1,
      seat: 1,
      target: 1 + contractDelay,
      turn: 0,
      standing: null,
      transcript: [],
    })
    return this.agent.negotiate(Object.assign(present(seen, 'agents can play it'), change))
  }

  /** The network has heard the agent's proposal. */
  tellProposed(terms: Terms, conversation: Cid = CONVERSATION): void {
    const turn = { turn: 0, seat: 1, move: 'propose', terms, text: '' } as const
    const heard = { subnet: terms.subnet, conversation, target: 1, turn }
    this.#store.commit([{ kind: 'turn', turn: heard }])
    this.#events.tell({ kind: 'turn', ...heard })
  }

  tellFormed(terms: Terms): void {
    const event = {
      kind: 'agreement-formed',
      id: termsCid(terms),
      terms,
      signers: terms.parties,
      takenMicro: [],
    } as const
    this.#events.tell({ kind: 'chain', height: 7, event })
  }

  tellSettled(epoch: number): void {
    const { id: subnet } = present(this.genesis.instances[0], 'there is one')
    const round = { subnet, epoch, run: 1, row: null, laws: [], creditsMicro: [] }
    this.#events.tell({ kind: 'chain', height: 8, event: { kind: 'round-settled', ...round } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api?.stop()
    rmSync(this.folder, { recursive: true })
  }
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
export const CONVERSATION: Cid = termsCid({
  parties: [],
  quorum: 1,
  subnet: 'a-conversation',
  rounds: [1, 1],
  mode: 'none',
  text: '',
  law: null,
  collateralMicro: [],
  replaces: null,
})

function statusOf(
  genesis: Genesis,
  ledger: Ledger,
  agent: AgentId,
): ReturnType<typeof createStatus> {
  return createStatus({
    name: 'node-1',
    networkId: networkIdOf(genesis),
    networkName: genesis.name,
    peerId: '12D3KooW…',
    agent,
    agentName: 'utility λ=0.6',
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
      runningInstances: [],
    },
    ledger,
  })
}

/** Gives the agent its turn until it brings what was agreed outside: terms without a text. */
export async function untilBrought(outside: TestOutside): Promise<{ readonly terms: Terms }> {
  let brought: Terms | undefined
  await until('the agent brings the terms', async () => {
    const move = await outside.takeTurn()
    if (move.move === 'propose' && move.terms.text === '') brought = move.terms
    return brought !== undefined
  })
  return { terms: present(brought, 'it has brought them') }
}
