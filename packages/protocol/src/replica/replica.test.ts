import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { computeChainTotals } from '../chain/conserve.ts'
import type { ChainEvent } from '../chain/event.ts'
import { headOf } from '../chain/head.ts'
import { runs, subnetStates } from '../chain/instance.ts'
import { type Genesis, genesisSchema, networkIdOf, TOKEN_MICRO } from '../genesis.ts'
import { type AgentId, publicKeyOf } from '../identity/agent-id.ts'
import { createNobleSigner, secretKeyOf } from '../identity/noble.ts'
import type { Signer, Verify } from '../identity/signature.ts'
import { present } from '../invariant.ts'
import { open } from '../message/envelope.ts'
import { builtInSubnets } from '../subnet/registry.ts'
import type { CommonsState } from '../subnet/commons/state.ts'
import type { AgentQuestion, Effect, FinalBlock, JournalRecord } from './effect.ts'
import type { Command } from './command.ts'
import type { Input } from './input.ts'
import { createReplica, nextDeadlineMs, step } from './replica.ts'
import { restoreReplica } from './restore.ts'
import { finalLedger, type Replica, type ReplicaContext } from './state.ts'

/** A signature that is quick to make: the capability is a port, and nothing here depends on the curve. */
function keyedSigner(index: number): Signer {
  const { agent } = createNobleSigner(secretKeyOf('replica', index))
  return { agent, sign: (message) => keyedHash(agent, message), derive: (purpose) => hash(purpose) }
}
function keyedHash(agent: AgentId, message: Uint8Array): Uint8Array {
  const digest = createHash('sha512').update(publicKeyOf(agent)).update(message).digest()
  return Uint8Array.from(digest)
}
function hash(text: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(text).digest())
}
const verify: Verify = (key, message, signature) => {
  const expected = createHash('sha512').update(key).update(message).digest()
  return expected.equals(signature)
}

const SIGNERS = [0, 1, 2, 3, 4].map(keyedSigner)

function createGenesis(instance: Record<string, unknown> = {}): Genesis {
  const agents = SIGNERS.map((signer) => signer.agent)
  return genesisSchema.parse({
    name: 'replica-test',
    protocol: 1,
    consensus: {
      deltaMs: 100,
      blockIntervalMs: 50,
      retryMs: 200,
      viewGapMax: 32,
      validatorCountMax: 16,
    },
    epochs: {
      negotiateHeightsMax: 60,
      signalHeightsMax: 12,
      sealHeightsMax: 12,
      revealHeightsMax: 12,
      beaconHeightsMax: 12,
      unbondingEpochs: 8,
    },
    feePerByteMicro: 1,
    talkBondMinMicro: 1,
    turnHeightsMax: 6,
    faucet: null,
    accounts: agents.map((agent, index) => ({
      agent,
      name: `agent ${index}`,
      balanceMicro: 1000n * TOKEN_MICRO,
      bondMicro: 100n * TOKEN_MICRO,
    })),
    instances: [{ id: 'commons', kind: 'commons', seats: agents, params: {}, ...instance }],
    signalDigests: [],
  })
}

type Policy = (question: AgentQuestion, replica: Replica) => Command | null

/** Five replicas on a network where everything takes one millisecond and nothing is lost. */
class SmallWorld {
  nowMs = 0
  readonly contexts: readonly ReplicaContext[]
  readonly replicas: Replica[] = []
  readonly journals: JournalRecord[][] = []
  readonly chains: { block: FinalBlock; certificate: unknown }[][] = []
  readonly events: ChainEvent[] = []
  readonly codes: string[] = []
  readonly #queue: { atMs: number; to: number; input: Input }[] = []
  readonly #policy: Policy

  constructor(genesis: Genesis, policy: Policy) {
    this.#policy = policy
    const networkId = networkIdOf(genesis)
    this.contexts = SIGNERS.map((signer) => {
      return { genesis, networkId, verify, subnets: builtInSubnets, signer, votes: true, seed: 's' }
    })
    for (const [index, context] of this.contexts.entries()) {
      this.journals.push([])
      this.chains.push([])
      const { state, effects } = createReplica(context, 0)
      this.replicas.push(state)
      this.carryOut(index, effects)
    }
  }

  run(until: () => boolean, limitMs: number): void {
    while (!until()) {
      assert.ok(this.nowMs < limitMs, `not reached by ${limitMs} ms: ${this.describe()}`)
      this.#queue.sort((a, b) => a.atMs - b.atMs)
      const deadlines = this.replicas.map((replica) => nextDeadlineMs(replica) ?? Infinity)
      const earliest = Math.min(...deadlines)
      const next = this.#queue[0]
      if (next !== undefined && next.atMs <= earliest) {
        this.#queue.shift()
        this.nowMs = Math.max(this.nowMs, next.atMs)
        this.feed(next.to, { ...next.input, nowMs: this.nowMs })
      } else {
        this.nowMs = Math.max(this.nowMs, earliest)
        this.feed(deadlines.indexOf(earliest), { kind: 'tick', nowMs: this.nowMs })
      }
    }
  }

  feed(index: number, input: Input): void {
    const before = present(this.replicas[index], 'the replica exists')
    const { state, effects } = step(
      present(this.contexts[index], 'it has a context'),
      before,
      input,
    )
    this.replicas[index] = state
    this.carryOut(index, effects)
  }

  describe(): string {
    return this.replicas
      .map((replica) => {
        const { epoch, phase, height } = headOf(finalLedger(replica))
        return `e${epoch} ${phase} h${height} v${replica.simplex.view}`
      })
      .join(' · ')
  }

  private carryOut(index: number, effects: readonly Effect[]): void {
    const context = present(this.contexts[index], 'it has a context')
    for (const effect of effects) {
      if (effect.kind === 'persist') this.journals[index]?.push(...effect.records)
      else if (effect.kind === 'publish') this.spread(index, effect.envelope)
      else if (effect.kind === 'send' && effect.frame.kind === 'envelope') {
        this.spread(index, effect.frame.envelope)
      } else if (effect.kind === 'ask-agent') {
        const command = this.#policy(effect.question, present(this.replicas[index], 'it exists'))
        if (command === null) continue
        this.#queue.push({
          atMs: this.nowMs + 1,
          to: index,
          input: { kind: 'command', command, nowMs: 0 },
        })
      } else if (effect.kind === 'final') {
        for (const block of effect.blocks) {
          this.chains[index]?.push({ block, certificate: null })
          if (index !== 0) continue
          this.events.push(...block.events)
          this.codes.push(...block.receipts.map((receipt) => `${receipt.kind}:${receipt.code}`))
        }
      }
    }
    void context
  }

  private spread(from: number, envelope: Uint8Array): void {
    const context = present(this.contexts[from], 'it has a context')
    const opened = open(envelope, context)
    assert.ok(opened.ok)
    for (const to of this.contexts.keys()) {
      if (to === from) continue
      const input: Input = {
        kind: 'message',
        message: opened.value,
        from: context.signer.agent,
        nowMs: 0,
      }
      this.#queue.push({ atMs: this.nowMs + 1, to, input })
    }
  }
}

/** Greedy; in its turn it proposes a cap of a tenth of the stock, or accepts what is on the table. */
function greedyUnderCap(question: AgentQuestion, replica: Replica): Command {
  const ledger = finalLedger(replica)
  const { subnet, epoch } = question
  if (question.kind === 'act') {
    const { stock } = subnetStates.find(ledger, subnet) as CommonsState
    return { kind: 'act', subnet, epoch, action: BigInt(stock) }
  }
  const { turn, standing, target } = question
  if (standing !== null) return { kind: 'move', subnet, epoch, turn, move: { move: 'accept' } }
  const seats = present(runs.find(ledger, subnet), 'it runs').seats
  const cap = { primitive: 'cap', limit: 'stock / 10' } as const
  return {
    kind: 'move',
    subnet,
    epoch,
    turn,
    move: {
      move: 'propose',
      terms: {
        parties: seats,
        quorum: 4,
        subnet,
        rounds: [target, target + 11],
        mode: 'law',
        text: '',
        law: { clauses: [{ at: 'submission', when: 'true', then: cap }] },
        collateralMicro: seats.map(() => 0n),
        replaces: null,
      },
    },
  }
}

const isOver = (world: SmallWorld) => () =>
  world.replicas.every((replica) => runs.find(finalLedger(replica), 'commons')?.status === 'ended')

describe('a network of whole replicas', () => {
  it('negotiates a law, acts under it for twelve rounds, and conserves every token', () => {
    const world = new SmallWorld(createGenesis(), greedyUnderCap)
    world.run(isOver(world), 120_000)
    const rows = world.events.filter((event) => event.kind === 'round-settled')
    assert.equal(rows.length, 12)
    const catches = rows.map((event) => (event.row as { catchTotal: number }).catchTotal)
    assert.deepEqual(
      catches,
      Array.from({ length: 12 }, () => 50),
    )
    assert.equal(world.events.filter((event) => event.kind === 'agreement-formed').length, 1)
    for (const replica of world.replicas) {
      assert.equal(computeChainTotals(finalLedger(replica)).errorMicro, 0n)
    }
    const refused = world.codes.filter((code) => !code.endsWith(':ok'))
    assert.deepEqual(refused, [])
  })

  it('collapses in round 1 when the law comes one round late', () => {
    const world = new SmallWorld(createGenesis({ contractDelay: 1 }), greedyUnderCap)
    world.run(isOver(world), 120_000)
    const rows = world.events.filter((event) => event.kind === 'round-settled')
    assert.deepEqual(
      rows.map((event) => (event.row as { catchTotal: number }).catchTotal),
      [100],
    )
  })

  it('restarts from its journal into the same state', () => {
    const world = new SmallWorld(createGenesis(), greedyUnderCap)
    world.run(() => headOf(finalLedger(present(world.replicas[0], 'there'))).epoch === 3, 60_000)
    const before = present(world.replicas[1], 'it exists')
    const { state } = restoreReplica(
      present(world.contexts[1], 'it has a context'),
      {
        snapshot: null,
        blocks: (world.chains[1] ?? []).map(({ block }) => {
          return { block: block.block, certificate: null }
        }),
        records: world.journals[1] ?? [],
      },
      world.nowMs,
    )
    assert.equal(finalLedger(state).digest(), finalLedger(before).digest())
    assert.equal(state.simplex.view, before.simplex.view)
    assert.deepEqual(state.actions, before.actions)
    world.replicas[1] = state
    world.run(isOver(world), 120_000)
  })
})
