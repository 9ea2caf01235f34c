import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import {
  createMemoryStore,
  createNodeSigner,
  createNodeVerify,
  type StorePort,
} from '@commonweal/node'
import type { Forecaster } from '@commonweal/node/agent'
import { createLocalForecastGenesis } from '@commonweal/node/local'
import {
  type AgentId,
  builtInSubnets,
  type ChainEvent,
  type FinalBlock,
  networkIdOf,
  present,
  type ReplicaContext,
  type StreamShares,
  secretKeyOf,
  streamOf,
  TOKEN_MICRO,
} from '@commonweal/protocol'
import { createRandom } from '../random.ts'
import { Crash } from './crashing-store.ts'
import { Life } from './life.ts'
import { createAsker, createBuyer, createSupplier, createWatcher } from './market-agents.ts'
import { MarketSides } from './market-sides.ts'
import { VirtualNetwork } from './virtual-network.ts'

const SEED = 'market'
/** The first four validate. A jury of three is drawn of those who neither lock weight nor are at odds. */
const NAMES = ['buyer', 'supplier-1', 'supplier-2', 'asker', 'watcher', 'juror', 'witness'] as const
type Name = (typeof NAMES)[number]

const genesis = createLocalForecastGenesis({
  seed: SEED,
  nodes: NAMES.map((name) => ({
    name,
    lockedMicro: name === 'buyer' ? 100n * TOKEN_MICRO : 0n,
    isOpener: name === 'asker',
  })),
})
const networkId = networkIdOf(genesis)
const verify = createNodeVerify(64)
const contexts = NAMES.map((_, index): ReplicaContext => {
  const signer = createNodeSigner(secretKeyOf(SEED, index))
  return { genesis, networkId, verify, subnets: builtInSubnets, signer, votes: true, seed: SEED }
})
const agents = contexts.map(({ signer }) => signer.agent)
/** Transactions of one life of the node at which it is killed, from 1 to this. */
const COMMITS = 30
/** Questions that are settled after the last death. */
const SETTLED_AFTER = 3
/** Questions over links that lose signals. */
const SETTLED_THOUGH_LOST = 9
/** Heights in which a stream is set, before the next question is settled. */
const HEIGHTS_TO_PAY = 8
const PATIENCE_MS = 240_000

function agentOf(name: Name): AgentId {
  return present(agents[NAMES.indexOf(name)], 'every name has an agent')
}

function partOf(agent: AgentId) {
  switch (NAMES[agents.indexOf(agent)]) {
    case 'buyer':
      return createBuyer(agent, [agentOf('supplier-1'), agentOf('supplier-2')])
    case 'asker':
      return createAsker()
    case 'watcher':
      return createWatcher()
    default:
      return createSupplier(agent === agentOf('supplier-1') ? 9_000 : 6_000)
  }
}

describe('a forecasting node that dies at a write', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commonweal-market-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  for (const when of ['before', 'after'] as const) {
    for (const name of ['buyer', 'supplier-1'] as const) {
      it(`says, opens, judges, learns and pays as if it had lived: the ${name}, ${when} each of ${COMMITS} writes`, async () => {
        const victim = agentOf(name)
        const market = new RunningMarket()
        for (const context of contexts) {
          if (context.signer.agent !== victim) market.start(context, createMemoryStore(), rethrow)
        }
        const context = present(contexts[agents.indexOf(victim)], 'it has a context')
        for (let commit = 1; commit <= COMMITS; commit += 1) {
          const life = new Life(context, folder, { commit, when }, () => {})
          market.start(context, life.store, (error) => life.end(error))
          await market.network.run(`life ${commit} ends`, () => life.isOver, PATIENCE_MS)
          market.sides.end(victim)
          assert.ok(life.fault instanceof Crash, String(life.fault))
          life.checkNothingLost()
        }
        const life = new Life(context, folder, null, () => {})
        market.start(context, life.store, rethrow)
        const goal = market.settled.length + SETTLED_AFTER
        await market.network.run('it goes on', () => market.settled.length >= goal, PATIENCE_MS)
        await market.paid()
        assert.deepEqual(market.faults, [])
        market.checkNothingBurned()
        market.checkEverybodySpoke()
        market.checkBuyer()
        for (const { loop } of market.network.members()) loop.stop()
        life.store.close()
      })
    }
  }
})

describe('a buyer over links that lose one signal in five', () => {
  it('hears all its suppliers in time: it asks again for what they have sealed and it has not seen', async () => {
    const random = createRandom('lossy')
    let lostCount = 0
    const market = new RunningMarket(() => {
      const isLost = random(5) === 0
      if (isLost) lostCount += 1
      return isLost
    })
    for (const context of contexts) market.start(context, createMemoryStore(), rethrow)
    const isDone = (): boolean => market.settled.length >= SETTLED_THOUGH_LOST
    await market.network.run('questions are settled', isDone, 2 * PATIENCE_MS)
    await market.paid()
    assert.ok(lostCount >= 4, `${lostCount} were lost`)
    market.checkEverybodySpoke()
    market.checkBuyer()
    for (const { loop } of market.network.members()) loop.stop()
  })
})

/** A network with its market, and what its ledger tells, as a node has it that never dies. */
class RunningMarket {
  readonly events: ChainEvent[] = []
  readonly faults: string[] = []
  readonly #stores = new Map<AgentId, StorePort>()
  readonly #isLost: () => boolean
  readonly sides = new MarketSides({
    clock: () => this.network.clock,
    partOf,
    storeOf: (agent) => present(this.#stores.get(agent), 'who starts has a store'),
    onFault: (sentence) => this.faults.push(sentence),
    isLost: () => this.#isLost(),
  })
  readonly network = new VirtualNetwork({
    onEffect: (member, effect) => {
      if (effect.kind === 'final' && member.agent === agentOf('witness')) this.#note(effect.blocks)
      this.sides.onEffect(member, effect)
    },
  })

  constructor(isLost: () => boolean = () => false) {
    this.#isLost = isLost
  }

  get settled(): readonly Extract<ChainEvent, { kind: 'question-settled' }>[] {
    return this.events.flatMap((event) => (event.kind === 'question-settled' ? [event] : []))
  }

  get height(): number {
    return Math.max(...this.network.members().map(({ finalHeight }) => finalHeight()))
  }

  /** Until the streams that follow from the last question are set. */
  async paid(): Promise<void> {
    const height = this.height + HEIGHTS_TO_PAY
    await this.network.run('it pays', () => this.height >= height, PATIENCE_MS)
  }

  start(context: ReplicaContext, store: StorePort, onFatal: (error: Error) => void): void {
    const { agent } = context.signer
    this.#stores.set(agent, store)
    this.network.start(context, store, onFatal)
    this.sides.meet(agent)
  }

  checkNothingBurned(): void {
    assert.deepEqual(
      this.events.filter(({ kind }) => kind === 'slashed'),
      [],
    )
    const tallies = this.events.flatMap((event) => (event.kind === 'jury-tallied' ? [event] : []))
    assert.ok(tallies.length > 0, 'juries sat')
    assert.deepEqual(
      tallies.map(({ result }) => result),
      tallies.map(() => 'decided'),
    )
  }

  /** Each forecaster on each question. */
  checkEverybodySpoke(): void {
    const opened = this.events.flatMap((event) =>
      event.kind === 'statement-opened' ? [event] : [],
    )
    for (const { question } of this.settled) {
      const authors = opened.filter((one) => one.question === question).map(({ author }) => author)
      const forecasters = agents.filter((agent) => partOf(agent).forecaster !== undefined)
      assert.deepEqual(authors.toSorted(), forecasters.toSorted())
    }
  }

  /** It has said, and pays, what one would that saw the same and never died. */
  checkBuyer(): void {
    const buyer = agentOf('buyer')
    const reference: Forecaster = present(partOf(buyer).forecaster, 'it forecasts')
    const asked = new Map(
      this.events.flatMap((event) =>
        event.kind === 'question-asked' ? [[event.question, event.body] as const] : [],
      ),
    )
    let streams: StreamShares = []
    for (const { question: id, outcome } of this.settled) {
      const question = { ...present(asked.get(id), 'it was asked'), id }
      const opened = this.events.flatMap((event) =>
        event.kind === 'statement-opened' && event.question === id ? [event] : [],
      )
      const signals = opened.filter(({ author }) => reference.suppliers.includes(author))
      const said = opened.find(({ author }) => author === buyer)?.statement
      const expected = reference.forecast({ question, snapshot: 0, agent: buyer, signals })
      assert.deepEqual(said, expected, `on question ${question.topic}`)
      reference.learn({ question, outcome, signals: opened })
      streams = reference.chooseStreams() ?? streams
    }
    assert.ok(streams.length > 0, 'it pays somebody')
    const [member] = this.network.members().filter(({ agent }) => agent === agentOf('witness'))
    const ledger = present(member, 'the witness lives').ledger()
    assert.deepEqual(streamOf(ledger, buyer, Number.MAX_SAFE_INTEGER), streams)
  }

  #note(blocks: readonly FinalBlock[]): void {
    for (const { events } of blocks) this.events.push(...events)
  }
}

function rethrow(error: Error): never {
  throw error
}
