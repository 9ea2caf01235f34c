import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Agent,
  createLocalGenesis,
  createNodeSigner,
  createNodeVerify,
  type LocalGenesisOptions,
  type Node,
  type NodeConfig,
  type NodeEvent,
  type NodeParts,
  parsePolicy,
  parseProsociality,
  startNode,
} from '@commonweal/node'
import {
  type Account,
  type AgentId,
  accountOf,
  type ChainEvent,
  type Cid,
  computeChainTotals,
  encode,
  type Genesis,
  isTransaction,
  type Message,
  networkIdOf,
  open,
  present,
  type Signer,
  seal,
  secretKeyOf,
  TOKEN_MICRO,
  type Transaction,
  type TransactionBody,
  treasuryOf,
  type Verified,
} from '@commonweal/protocol'
import { until } from '../e2e/until.ts'

export interface NetworkOptions {
  /** Honest nodes, each with a seat and an equal bond. [4] */
  readonly nodes?: number
  readonly local?: Partial<LocalGenesisOptions>
  /** Whether the outsider has a seat, the last one. [false] */
  readonly isOutsiderSeated?: boolean
  /** Last word on the genesis, which has one funded, bonded account more than there are nodes. */
  readonly shape?: (genesis: Genesis) => Genesis
  readonly limits?: NodeParts['limits']
  readonly agent?: Agent
}

/** What the outsider's account starts with: enough to talk, too little to be elected. */
export const OUTSIDER_BOND_MICRO: bigint = 100n * TOKEN_MICRO
/** Points that are forgiven while a test runs: no more than one of a hundred. */
const FORGIVEN_MAX = 1
/** One rejected message takes 100 off gossip's score of whoever sent it. [WIRE-22] */
const SCORE_MIN = -50
/** Fee of a small transaction, whatever it says. */
const FEE_MICRO = 20_000n

/**
 * Honest nodes in this process, on real TCP and real disks, and the keys of two agents that no node runs: the outsider, who has
 * an account and a bond, and the stranger, who has nothing.
 */
export class NetworkUnderTest implements AsyncDisposable {
  readonly genesis: Genesis
  readonly networkId: Cid
  readonly outsider: Signer
  readonly stranger: Signer
  readonly nodes: Node[] = []
  /** All that the nodes told, with the node that told it. */
  readonly events: { readonly node: Node; readonly event: NodeEvent }[] = []
  readonly #seed: string
  readonly #options: NetworkOptions
  readonly #folder = mkdtempSync(join(tmpdir(), 'commonweal-adversary-'))

  static async start(seed: string, options: NetworkOptions = {}): Promise<NetworkUnderTest> {
    const network = new NetworkUnderTest(seed, options)
    try {
      for (let index = 0; index < network.#size; index += 1) await network.startNode(index)
      await until('every node sees every other', () =>
        network.nodes.every((node) => node.status().peers.length === network.#size - 1),
      )
    } catch (error) {
      await network[Symbol.asyncDispose]()
      throw error
    }
    return network
  }

  private constructor(seed: string, options: NetworkOptions) {
    this.#seed = seed
    this.#options = options
    this.genesis = (options.shape ?? ((genesis) => genesis))(
      createGenesis(seed, this.#size, options),
    )
    this.networkId = networkIdOf(this.genesis)
    this.outsider = createNodeSigner(secretKeyOf(seed, this.#size))
    this.stranger = createNodeSigner(secretKeyOf(seed, this.#size + 1))
  }

  /** Starts the node of an agent of the genesis; `index` counts from 0. */
  async startNode(index: number, change: Partial<NodeConfig> = {}): Promise<Node> {
    const config: NodeConfig = {
      name: `node-${index}`,
      dataFolder: join(this.#folder, `node-${index}`),
      genesis: this.genesis,
      secretKey: secretKeyOf(this.#seed, index),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootNodes: this.nodes.flatMap((node) => node.addresses()),
      isBootNode: index === 0,
      api: null,
      agent: {
        policy: FAIR_SHARE,
        prosociality: SELFISH,
        law: null,
        turn: null,
        timeoutMs: null,
        weather: null,
        model: null,
        assistant: null,
        plugin: null,
      },
      votes: true,
      seed: null,
      links: null,
      join: null,
      fault: null,
      logLevel: 'info',
      ...change,
    }
    const { limits, agent } = this.#options
    const node = await startNode(config, {
      ...(limits === undefined ? {} : { limits }),
      ...(agent === undefined ? {} : { agent }),
    })
    this.nodes.push(node)
    node.listen((event) => this.events.push({ node, event }))
    return node
  }

  /** Stops the node that was started last, and forgets it. */
  async stopLast(): Promise<void> {
    await this.nodes.pop()?.stop()
  }

  /** The one node at this place. */
  node(index: number): Node {
    return present(this.nodes[index], 'the node was started')
  }

  /** Signs a message for this network, or for the one that is named. */
  sign<M extends Message>(
    message: M,
    signer: Signer,
    networkId: Cid = this.networkId,
  ): Verified<M> {
    return seal(message, networkId, signer)
  }

  /** A signed transaction; by default of the outsider, with the nonce that its account expects. */
  transaction(
    body: TransactionBody,
    { signer = this.outsider, nonce, feeMicro = FEE_MICRO }: TransactionOptions = {},
  ): Verified {
    const author = signer.agent
    const next = nonce ?? this.account(author).nonce
    return this.sign({ ...body, author, nonce: next, feeMicro }, signer)
  }

  /** An account as a node has it. */
  account(agent: AgentId, node: Node = this.node(0)): Account {
    return accountOf(node.ledger(), agent)
  }

  /** Codes that a node refused, and how often. */
  refusals(code: string, node: Node = this.node(0)): number {
    return node.status().refusals[code] ?? 0
  }

  /** What a node thinks of a peer; undefined where they are not connected. */
  reputation(peerId: string, node: Node = this.node(0)): number | undefined {
    return node.status().peers.find((peer) => peer.peerId === peerId)?.reputation
  }

  /** Whether a peer has lost so many points with a node, but for what the seconds since forgave. */
  hasLost(points: number, peerId: string, node: Node = this.node(0)): boolean {
    const reputation = this.reputation(peerId, node)
    return reputation !== undefined && Math.abs(reputation + points) < FORGIVEN_MAX
  }

  /** Of one kind, as the first node told them. */
  chainEvents<K extends ChainEvent['kind']>(
    kind: K,
    node: Node = this.node(0),
  ): readonly Extract<ChainEvent, { readonly kind: K }>[] {
    return this.events.flatMap((told) =>
      told.node === node && told.event.kind === 'chain' && isKind(told.event.event, kind)
        ? [told.event.event]
        : [],
    )
  }

  /** All that was ordered, oldest first, with what became of it. */
  ordered(node: Node = this.node(0)): readonly Ordered[] {
    const context = { networkId: this.networkId, verify: VERIFY }
    const found: Ordered[] = []
    for (let height = 1; ; height += 1) {
      const block = node.store.finalBlock(height)
      if (block === undefined) return found
      for (const envelope of block.transactions) {
        const opened = open(envelope, context)
        assert.ok(opened.ok && isTransaction(opened.value.message))
        const { id, message } = opened.value
        const receipt = present(node.store.receipt(id), 'what is final has a receipt')
        found.push({ id, transaction: message, code: receipt.code })
      }
    }
  }

  /** What was burned beyond fees. */
  burnedMicro(node: Node = this.node(0)): bigint {
    const fees = this.ordered(node).map(({ transaction }) => transaction.feeMicro)
    const burned = treasuryOf(node.ledger()).burnedMicro
    return fees.reduce((left, fee) => left - fee, burned)
  }

  /** Resolves when every node has finalized so many blocks more than any has by now. */
  async grow(blocks = 3): Promise<void> {
    const goal = Math.max(...this.#heights()) + blocks
    await until(`all reach height ${goal}`, () => Math.min(...this.#heights()) >= goal)
  }

  /**
   * The network is as it should be: it goes on finalizing, nobody stopped, all agree on every block, no token came or went, and no
   * honest node thinks ill of another.
   */
  async checkHealth(): Promise<void> {
    await this.grow()
    const [first, ...others] = this.nodes
    assert.ok(first !== undefined)
    const height = Math.min(...this.#heights())
    const block = JSON.stringify(first.store.finalBlock(height)?.header, toText)
    for (const node of others) {
      assert.equal(JSON.stringify(node.store.finalBlock(height)?.header, toText), block)
    }
    const honest = new Set(this.nodes.map(({ peerId }) => peerId))
    for (const node of this.nodes) {
      assert.equal(computeChainTotals(node.ledger()).errorMicro, 0n)
      const known = node.status().peers.filter(({ peerId }) => honest.has(peerId))
      assert.equal(known.length, this.nodes.length - 1)
      for (const { reputation, score } of known) {
        assert.equal(reputation, 0)
        assert.ok(score > SCORE_MIN, `${score}`)
      }
    }
    const faults = this.events.filter(({ event }) => event.kind === 'failed')
    assert.deepEqual(faults, [])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  get #size(): number {
    return this.#options.nodes ?? 4
  }

  #heights(): readonly number[] {
    return this.nodes.map((node) => node.status().finalHeight)
  }
}

export interface Ordered {
  readonly id: Cid
  readonly transaction: Transaction
  /** Of its receipt. */
  readonly code: string
}

export interface TransactionOptions {
  readonly signer?: Signer
  readonly nonce?: number
  readonly feeMicro?: bigint
}

/** A frame of the consensus protocol that carries an envelope. */
export function envelopeFrame(envelope: Uint8Array): Uint8Array {
  return encode({ kind: 'envelope', envelope })
}

const VERIFY = createNodeVerify(64)
const FAIR_SHARE = valueOf(parsePolicy('fair-share'))
const SELFISH = valueOf(parseProsociality('0'))

function valueOf<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  assert.ok(result.ok)
  return result.value
}

/** A local network's genesis in which the last agent is an outsider, who votes only if a set has room for it. */
function createGenesis(
  seed: string,
  nodes: number,
  { local = {}, isOutsiderSeated = false }: NetworkOptions,
): Genesis {
  const genesis = createLocalGenesis({
    rounds: 1,
    contract: 'none',
    ...local,
    nodes: nodes + 1,
    seed,
  })
  return {
    ...genesis,
    consensus: { ...genesis.consensus, validatorCountMax: nodes },
    accounts: genesis.accounts.map((account, index) =>
      index < nodes ? account : { ...account, bondMicro: OUTSIDER_BOND_MICRO },
    ),
    instances: genesis.instances.map((instance) => ({
      ...instance,
      seats: isOutsiderSeated ? instance.seats : instance.seats.slice(0, nodes),
    })),
  }
}

function isKind<K extends ChainEvent['kind']>(
  event: ChainEvent,
  kind: K,
): event is Extract<ChainEvent, { readonly kind: K }> {
  return event.kind === kind
}

function toText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
