import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  accountOf,
  agentIdOfPeer,
  blockIdOf,
  type Genesis,
  present,
  secretKeyOf,
} from '@commonweal/protocol'
import { prosocialityOfLambda } from './agent/prosocial.ts'
import type { NodeConfig } from './config.ts'
import { createNodeSigner } from './crypto.ts'
import { ConfigError } from './errors.ts'
import { createLocalGenesis } from './local/genesis.ts'
import { until } from './network/test-network.ts'
import { type Node, startNode } from './node.ts'
import { StoreError } from './store/store-error.ts'

const SEED = 'node-test'
const VALIDATORS = 4

/** Nodes of one network in one process, on real TCP and real disks. */
class TestNodes implements AsyncDisposable {
  readonly genesis: Genesis = createLocalGenesis({
    nodes: VALIDATORS,
    seed: SEED,
    contract: 'none',
    rounds: 2,
    repeat: true,
  })
  readonly #folder = mkdtempSync(join(tmpdir(), 'commonweal-node-'))
  readonly #nodes: Node[] = []

  config(index: number, change: Partial<NodeConfig> = {}): NodeConfig {
    const lambda = prosocialityOfLambda(1)
    assert.ok(lambda.ok)
    return {
      name: `node-${index}`,
      dataFolder: join(this.#folder, String(index)),
      genesis: this.genesis,
      secretKey: secretKeyOf(SEED, index),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootNodes: this.#nodes.flatMap((node) => [...node.addresses()]),
      isBootNode: false,
      api: null,
      agent: {
        policy: { name: 'fair-share' },
        prosociality: lambda.value,
        law: null,
        turn: null,
        timeoutMs: null,
        weather: null,
        model: null,
        assistant: null,
        plugin: null,
      },
      votes: true,
      seed: SEED,
      links: null,
      join: null,
      fault: null,
      logLevel: 'info',
      ...change,
    }
  }

  async start(index: number, change: Partial<NodeConfig> = {}): Promise<Node> {
    const node = await startNode(this.config(index, change))
    this.#nodes.push(node)
    return node
  }

  async startAll(): Promise<readonly Node[]> {
    for (let index = 0; index < VALIDATORS; index += 1) await this.start(index)
    return this.#nodes.slice()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()))
    rmSync(this.#folder, { recursive: true })
  }
}

function heightOf(node: Node): number {
  return node.status().finalHeight
}

describe('nodes over TCP', () => {
  it('finalize the same blocks, and settle rounds', async () => {
    await using network = new TestNodes()
    const nodes = await network.startAll()
    await until('two rounds are settled everywhere', () =>
      nodes.every(({ store }) => {
        return store.events({ afterHeight: 0, kinds: ['round-settled'], countMax: 2 }).length === 2
      }),
    )
    const height = Math.min(...nodes.map(heightOf))
    const idAt = (node: Node, at: number): string =>
      blockIdOf(present(node.store.finalBlock(at), 'it is final').header)
    for (let at = 1; at <= height; at += 1) {
      assert.equal(new Set(nodes.map((node) => idAt(node, at))).size, 1)
    }
    for (const node of nodes) {
      const { instances, isValidator, agentFaults, peers, suspects } = node.status()
      assert.equal(instances[0]?.id, 'commons')
      assert.deepEqual([isValidator, agentFaults, peers.length], [true, 0, VALIDATORS - 1])
      // A slow machine may make one miss some blocks, which is no accusation.
      assert.deepEqual(
        suspects.filter(({ kind }) => kind !== 'absent'),
        [],
      )
    }
  })

  it('carry out what their operator sends, and say what became of it', async () => {
    await using network = new TestNodes()
    const [one, two] = await network.startAll()
    assert.ok(one !== undefined && two !== undefined)
    const payee = createNodeSigner(secretKeyOf(SEED, 99)).agent
    const body = { kind: 'transfer', to: payee, amountMicro: 7n } as const
    const sent = await one.submit(body, 60_000)
    assert.equal(sent.status === 'final' && sent.receipt.code, 'ok')
    await until('the other node has the block', () => {
      return accountOf(two.ledger(), payee).balanceMicro === 7n
    })
    const refused = await one.submit({ ...body, amountMicro: 2n ** 62n }, 60_000)
    assert.equal(refused.status === 'final' && refused.receipt.code, 'insufficient-balance')
  })

  it('go on from their disk where they stopped', async () => {
    await using network = new TestNodes()
    const nodes = await network.startAll()
    await until('there are blocks', () => nodes.every((node) => heightOf(node) >= 5))
    const [first, ...others] = nodes
    assert.ok(first !== undefined)
    const stoppedAt = heightOf(first)
    await first.stop()
    assert.equal(await first.ended, null)
    await until('three go on', () => others.every((node) => heightOf(node) >= stoppedAt + 5))
    const again = await network.start(0, {
      bootNodes: others.flatMap((node) => [...node.addresses()]),
    })
    assert.ok(heightOf(again) >= stoppedAt)
    const goal = Math.max(...others.map(heightOf)) + 3
    await until('it has caught up and takes part', () => heightOf(again) >= goal)
  })

  it('let a newcomer join at a snapshot, follow, be funded and take a seat', async () => {
    await using network = new TestNodes()
    const nodes = await network.startAll()
    await until('an epoch has ended', () =>
      nodes.every(({ store }) => store.epochEnd(1) !== undefined),
    )
    const newcomer = await network.start(VALIDATORS, {
      join: { checkpoint: null, headCountMin: 3, patienceMs: 20_000 },
    })
    assert.ok(heightOf(newcomer) > 0, 'it starts at a snapshot')
    assert.equal(newcomer.store.finalBlock(1), undefined)
    const goal = Math.max(...nodes.map(heightOf)) + 2
    await until('it follows', () => heightOf(newcomer) >= goal)
    const funded = await newcomer.submit({ kind: 'faucet' }, 60_000)
    assert.equal(funded.status === 'final' && funded.receipt.code, 'ok')
    const seated = await newcomer.submit({ kind: 'seat', subnet: 'commons' }, 60_000)
    assert.equal(seated.status === 'final' && seated.receipt.code, 'ok')
    await until('it sits in the next run, and the run is settled with it', () => {
      const { seats = [] } = newcomer.status().instances[0] ?? {}
      if (!seats.includes(newcomer.agent)) return false
      const rounds = newcomer.store.events({
        afterHeight: seated.status === 'final' ? seated.receipt.height : 0,
        kinds: ['round-settled'],
        countMax: 100,
      })
      return rounds.some(({ event }) =>
        JSON.stringify(event).includes('"absent":[false,false,false,false,false]'),
      )
    })
  })

  it('cut a link when they are told to, and heal it', async () => {
    await using network = new TestNodes()
    const [one, two] = await network.startAll()
    assert.ok(one !== undefined && two !== undefined)
    const sees = (): boolean => one.status().peers.some(({ peerId }) => peerId === two.peerId)
    assert.equal(agentIdOfPeer(two.peerId), two.agent)
    await until('they are linked', sees)
    one.setBlocked([two.peerId])
    await until('the link is cut', () => !sees())
    one.setBlocked([])
    await until('the link is back', sees)
  })
})

describe('a node that cannot start', () => {
  it('says which folder another process uses, and leaves it alone', async () => {
    await using network = new TestNodes()
    const node = await network.start(0)
    const [config, started] = [network.config(0), heightOf(node)]
    await assert.rejects(
      startNode(config),
      (error) => error instanceof StoreError && error.code === 'data-in-use',
    )
    assert.equal(heightOf(node), started)
  })

  it('refuses a genesis that founds no network', async () => {
    await using network = new TestNodes()
    const accounts = network.genesis.accounts.map((account) => ({ ...account, bondMicro: 0n }))
    const config = network.config(0, { genesis: { ...network.genesis, accounts } })
    await assert.rejects(startNode(config), ConfigError)
  })
})
