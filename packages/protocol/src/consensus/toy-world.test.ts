import { encode } from '../codec/cbor.ts'
import { type Cid, cidOf } from '../codec/cid.ts'
import { type Digest, digestBytes, digestOf, hashOf } from '../codec/digest.ts'
import { type AgentId, agentIdOf, compareAgents, publicKeyOf } from '../identity/agent-id.ts'
import type { Signer } from '../identity/signature.ts'
import { present } from '../invariant.ts'
import type {
  Block,
  Certificate,
  Header,
  Proposal,
  ValidatorSet,
  Vote,
} from '../message/consensus.ts'
import { open, seal, type Verified } from '../message/envelope.ts'
import { ok, reject } from '../result.ts'
import type { Application } from './application.ts'
import type { ConsensusEffect, ConsensusFrame, ConsensusRecord, VoteEvidence } from './effect.ts'
import { restore } from './restore.ts'
import {
  createSimplex,
  nextDeadlineMs,
  onBlock,
  onCertificate,
  onChain,
  onProposal,
  onTick,
  onVote,
  type SimplexStep,
} from './simplex.ts'
import type { ConsensusContext, ConsensusParameters, EpochStart, Simplex } from './state.ts'

export const NETWORK: Cid = cidOf(encode('toy'))
export const SEED: Digest = digestOf(encode('seed'))
export const LINK_MS = 50
export const PARAMETERS: ConsensusParameters = {
  deltaMs: 200,
  blockIntervalMs: 100,
  retryMs: 1_000,
  viewGapMax: 16,
}

/** A signature that anybody can make and check: what is tested is who says what, not Ed25519. */
export function toySign(agent: AgentId, bytes: Uint8Array): Uint8Array {
  const half = hashOf(publicKeyOf(agent), bytes)
  return Uint8Array.of(...half, ...half)
}

export function toyVerify(key: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const half = hashOf(key, bytes)
  return signature.length === 64 && signature.every((byte, index) => byte === half[index % 32])
}

export function toySigner(agent: AgentId): Signer {
  return { agent, sign: (bytes) => toySign(agent, bytes), derive: () => new Uint8Array(32) }
}

/** Agents in the order of their ids. */
export const AGENTS: readonly AgentId[] = Array.from({ length: 12 }, (_, index) =>
  agentIdOf(digestBytes(digestOf(encode(index)))),
).toSorted(compareAgents)

export function agentAt(index: number): AgentId {
  return present(AGENTS[index], 'there are twelve agents')
}

export function setOf(indices: readonly number[], stakeMicro = 1n): ValidatorSet {
  return indices.map((index) => ({ agent: agentAt(index), stakeMicro }))
}

/** Counts blocks. */
export interface Counter {
  readonly count: number
}

export function digestOfCount(count: number): Digest {
  return digestOf(encode(count))
}

/** Each block adds one; every `epochBlocks` blocks an epoch ends, and the sets rotate. */
export function createCounter(
  epochBlocks: number,
  setOfEpoch: (epoch: number) => ValidatorSet,
  transactionSize = 8,
): Application<Counter> {
  const nextSet = ({ epoch, height }: Pick<Header, 'epoch' | 'height'>): ValidatorSet | null =>
    height % epochBlocks === 0 ? setOfEpoch(epoch + 1) : null
  return {
    prepare: ({ count }, slot) => ({
      transactions: [new Uint8Array(transactionSize).fill(slot.view)],
      post: { count: count + 1 },
      stateDigest: digestOfCount(count + 1),
      nextSet: nextSet(slot),
    }),
    process: ({ count }, header, transactions) => {
      if (transactions.length > 1) return reject('too-many')
      if (header.stateDigest !== digestOfCount(count + 1)) return reject('state-mismatch')
      const isSame = digestOf(encode(header.nextSet)) === digestOf(encode(nextSet(header)))
      return isSame ? ok({ count: count + 1 }) : reject('set-mismatch')
    },
    epochSeed: ({ count }) => digestOfCount(count),
  }
}

export interface Node {
  readonly index: number
  readonly agent: AgentId
  readonly context: ConsensusContext<Counter>
  simplex: Simplex<Counter>
  journal: ConsensusRecord[]
  isUp: boolean
  readonly finals: { readonly id: Cid; readonly block: Block; readonly atMs: number }[]
  /** A finalize certificate for the last of so many final blocks. */
  readonly proofs: Map<number, Certificate>
  readonly evidence: VoteEvidence[]
  readonly refusals: string[]
  readonly syncs: number[]
}

type Payload =
  | ConsensusFrame
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'chain'; readonly blocks: readonly Block[]; readonly certificate: Certificate }

interface Delivery {
  readonly atMs: number
  readonly order: number
  readonly from: number
  readonly to: number
  readonly payload: Payload
}

export interface WorldOptions {
  readonly nodes?: number
  readonly validators?: readonly number[]
  readonly parameters?: ConsensusParameters
  readonly application?: Application<Counter>
}

/** A few nodes on virtual time: fixed latency, and whatever `blocks` holds back is lost. */
export class World {
  readonly nodes: Node[]
  nowMs = 0
  /** Whether a message is lost. */
  isLost: (from: number, to: number, message: Vote | Proposal | null) => boolean = () => false
  /** Sees each effect before it is done; false stops the node there, as a crash does. */
  onEffect: (node: Node, effect: ConsensusEffect<Counter>) => boolean = () => true
  readonly sent: {
    readonly from: number
    readonly message: Vote | Proposal
    readonly atMs: number
  }[] = []
  readonly application: Application<Counter>
  readonly set: ValidatorSet
  #queue: Delivery[] = []
  #order = 0

  constructor(options: WorldOptions = {}) {
    const count = options.nodes ?? 4
    this.set = setOf(options.validators ?? Array.from({ length: count }, (_, index) => index))
    this.application = options.application ?? createCounter(1_000_000, () => this.set)
    this.nodes = Array.from({ length: count }, (_, index) => {
      const agent = agentAt(index)
      const context: ConsensusContext<Counter> = {
        self: agent,
        signer: toySigner(agent),
        networkId: NETWORK,
        verify: toyVerify,
        application: this.application,
        parameters: options.parameters ?? PARAMETERS,
      }
      const step = createSimplex(context, this.start(), 0)
      const node: Node = {
        index,
        agent,
        context,
        simplex: step.simplex,
        journal: [],
        isUp: true,
        finals: [],
        proofs: new Map(),
        evidence: [],
        refusals: [],
        syncs: [],
      }
      return node
    })
  }

  start(): EpochStart<Counter> {
    const root = { id: NETWORK, height: 0, state: { count: 0 }, seenAtMs: 0, certificate: null }
    return { epoch: 1, set: this.set, seed: SEED, root }
  }

  node(index: number): Node {
    return present(this.nodes[index], 'the node exists')
  }

  indexOf(agent: AgentId): number {
    return AGENTS.indexOf(agent)
  }

  open(envelope: Uint8Array): Verified<Vote | Proposal> {
    const opened = open(envelope, { networkId: NETWORK, verify: toyVerify })
    if (!opened.ok) throw new Error(opened.error.code)
    return opened.value as Verified<Vote | Proposal>
  }

  sign(index: number, message: Vote | Proposal): Uint8Array {
    return seal(message, NETWORK, toySigner(agentAt(index))).envelope
  }

  /** Takes the outcome of a call and carries out its effects. */
  take(node: Node, step: SimplexStep<Counter>): void {
    node.simplex = step.simplex
    if (step.refusal !== null) node.refusals.push(step.refusal.code)
    for (const effect of step.effects) {
      if (!this.onEffect(node, effect)) {
        node.isUp = false
        return
      }
      this.#carryOut(node, effect)
    }
  }

  inject(from: number, to: number, payload: Payload): void {
    this.#deliver(from, to, payload)
  }

  crash(index: number): void {
    this.node(index).isUp = false
  }

  restart(index: number): void {
    const node = this.node(index)
    node.isUp = true
    const root = this.start().root
    const final = { ...root, view: null }
    const point = { ...this.start(), root: root.id, final, records: node.journal }
    node.finals.length = 0
    this.take(node, restore(node.context, point, this.nowMs))
  }

  /** Runs until the condition holds; says whether it came to hold before the time was up. */
  run(untilMs: number, isDone: () => boolean = () => false): boolean {
    while (!isDone()) {
      const deliveries = this.#queue.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)
      const ticks = this.nodes.flatMap((node) => {
        const atMs = nextDeadlineMs(node.simplex)
        return node.isUp && atMs !== null ? [{ node, atMs }] : []
      })
      const tick = ticks.toSorted((a, b) => a.atMs - b.atMs)[0]
      const delivery = deliveries[0]
      const atMs = Math.min(tick?.atMs ?? Infinity, delivery?.atMs ?? Infinity)
      if (atMs > untilMs) {
        this.nowMs = untilMs
        return isDone()
      }
      this.nowMs = Math.max(this.nowMs, atMs)
      if (delivery !== undefined && delivery.atMs <= atMs) {
        this.#queue = this.#queue.filter((other) => other !== delivery)
        this.#receive(delivery)
      } else if (tick !== undefined) {
        this.take(tick.node, onTick(tick.node.simplex, tick.node.context, this.nowMs))
      }
    }
    return true
  }

  heights(): readonly number[] {
    return this.nodes.map(({ simplex }) => simplex.final.height)
  }

  #carryOut(node: Node, effect: ConsensusEffect<Counter>): void {
    switch (effect.kind) {
      case 'persist':
        node.journal.push(...effect.records)
        break
      case 'publish':
        this.#note(node, effect.envelope)
        for (const { index } of this.nodes) {
          if (index === node.index) continue
          this.#deliver(node.index, index, { kind: 'envelope', envelope: effect.envelope })
        }
        break
      case 'send': {
        if (effect.frame.kind === 'envelope') this.#note(node, effect.frame.envelope)
        const to =
          effect.to === null ? this.nodes.map(({ index }) => index) : [this.indexOf(effect.to)]
        for (const index of to) {
          if (index !== node.index && index < this.nodes.length) {
            this.#deliver(node.index, index, effect.frame)
          }
        }
        break
      }
      case 'fetch-block': {
        const holders = effect.from === null ? this.nodes : [this.node(this.indexOf(effect.from))]
        for (const holder of holders) {
          const block =
            holder.simplex.blocks.get(effect.id)?.block ??
            holder.finals.find(({ id }) => id === effect.id)?.block
          if (block === undefined || !holder.isUp) continue
          this.#deliver(holder.index, node.index, { kind: 'block', block }, 2 * LINK_MS)
          break
        }
        break
      }
      case 'sync':
        node.syncs.push(this.nowMs)
        this.#answerSync(node)
        break
      case 'final':
        for (const { id, block } of effect.blocks) node.finals.push({ id, block, atMs: this.nowMs })
        node.proofs.set(node.finals.length, effect.certificate)
        break
      case 'evidence':
        node.evidence.push(effect.evidence)
        break
    }
  }

  /** As a node answers: final blocks of one epoch, and the certificate of the last. */
  #answerSync(node: Node): void {
    const { height } = node.simplex.final
    const holder = this.nodes.find(({ isUp, simplex }) => isUp && simplex.final.height > height)
    if (holder === undefined) return
    const above = holder.finals.slice(height)
    const epoch = above[0]?.block.header.epoch
    const blocks = above.map(({ block }) => block).filter(({ header }) => header.epoch === epoch)
    const ends = [...holder.proofs.keys()].filter(
      (end) => end > height && end <= height + blocks.length,
    )
    const end = Math.max(...ends)
    const certificate = holder.proofs.get(end)
    if (certificate === undefined) return
    const chain = { kind: 'chain', blocks: blocks.slice(0, end - height), certificate } as const
    this.#deliver(holder.index, node.index, chain, 2 * LINK_MS)
  }

  #note(node: Node, envelope: Uint8Array): void {
    this.sent.push({ from: node.index, message: this.open(envelope).message, atMs: this.nowMs })
  }

  #deliver(from: number, to: number, payload: Payload, delayMs = LINK_MS): void {
    const message = payload.kind === 'envelope' ? this.open(payload.envelope).message : null
    if (this.isLost(from, to, message)) return
    const atMs = this.nowMs + delayMs
    this.#queue.push({ atMs, order: this.#order++, from, to, payload })
  }

  #receive({ to, from, payload }: Delivery): void {
    const node = this.node(to)
    if (!node.isUp) return
    const { simplex, context } = node
    switch (payload.kind) {
      case 'envelope': {
        const { message, ...verified } = this.open(payload.envelope)
        const step =
          message.kind === 'proposal'
            ? onProposal(simplex, context, { ...verified, message }, this.nowMs)
            : onVote(simplex, context, { ...verified, message }, this.nowMs)
        this.take(node, step)
        break
      }
      case 'certificate':
        this.take(
          node,
          onCertificate(simplex, context, payload.certificate, this.nowMs, agentAt(from)),
        )
        break
      case 'block':
        this.take(node, onBlock(simplex, context, payload.block, this.nowMs))
        break
      case 'chain':
        this.take(node, onChain(simplex, context, payload, this.nowMs))
        break
    }
  }
}
