import type { ChainEvent } from '../chain/event.ts'
import { headOf } from '../chain/head.ts'
import { runs } from '../chain/instance.ts'
import { type Genesis, networkIdOf } from '../genesis.ts'
import { invariant, present } from '../invariant.ts'
import type { Certificate } from '../message/consensus.ts'
import { open, type Verified } from '../message/envelope.ts'
import type { Command } from '../replica/command.ts'
import type {
  AgentQuestion,
  Effect,
  FinalBlock,
  JournalRecord,
  Snapshot,
} from '../replica/effect.ts'
import type { Input } from '../replica/input.ts'
import { createReplica, nextDeadlineMs, step } from '../replica/replica.ts'
import { finalLedger, type Replica, type ReplicaContext } from '../replica/state.ts'
import { builtInSubnets } from '../subnet/registry.ts'
import { createGenesis, type GenesisChoice } from './genesis.ts'
import { keyedHashSigner, keyedHashVerify } from './keyed-hash.ts'

/** What a world's agents answer; null is silence. */
export type SmallPolicy = (question: AgentQuestion, replica: Replica) => Command | null

/** What a replica asks its agent about questions of the market. */
export type ForecastAsk = Extract<Effect, { readonly kind: 'ask-forecast' | 'ask-verdict' }>

/** What a world's agents answer to that, by the index of their replica; null is silence. */
export type ForecastPolicy = (asked: ForecastAsk, index: number) => Command | null

/** What one replica left on its disk. */
export interface SmallDisk {
  readonly records: JournalRecord[]
  readonly blocks: { readonly block: FinalBlock; readonly certificate: Certificate | null }[]
  readonly snapshots: Snapshot[]
}

/** Phases long enough for a conversation. */
export const SMALL_EPOCHS: Genesis['epochs'] = {
  negotiateHeightsMax: 60,
  signalHeightsMax: 12,
  sealHeightsMax: 12,
  revealHeightsMax: 12,
  beaconHeightsMax: 12,
  unbondingEpochs: 8,
}

/** Five whole replicas on a network where everything takes one millisecond and nothing is lost, in virtual time. */
export class SmallWorld {
  nowMs = 0
  readonly contexts: readonly ReplicaContext[]
  readonly replicas: Replica[] = []
  readonly disks: readonly SmallDisk[]
  /** Of the blocks that became final at replica 0. */
  readonly events: ChainEvent[] = []
  /** `kind:code` of every transaction in them. */
  readonly codes: string[] = []
  readonly #queue: { readonly atMs: number; readonly to: number; readonly input: Input }[] = []
  readonly #policy: SmallPolicy
  readonly #forecasts: ForecastPolicy

  constructor(
    policy: SmallPolicy,
    choice: GenesisChoice = {},
    forecasts: ForecastPolicy = () => null,
  ) {
    this.#policy = policy
    this.#forecasts = forecasts
    const signers = [0, 1, 2, 3, 4].map((index) => keyedHashSigner(`agent ${index}`))
    const genesis = createGenesis(
      signers.map((signer) => signer.agent),
      { ...choice, genesis: { epochs: SMALL_EPOCHS, ...choice.genesis } },
    )
    const constant = {
      genesis,
      networkId: networkIdOf(genesis),
      verify: keyedHashVerify,
      subnets: builtInSubnets,
      votes: true,
      seed: 'small',
    }
    this.contexts = signers.map((signer) => ({ ...constant, signer }))
    this.disks = signers.map(() => ({ records: [], blocks: [], snapshots: [] }))
    for (const [index, context] of this.contexts.entries()) {
      const { state, effects } = createReplica(context, 0)
      this.replicas.push(state)
      this.#carryOut(index, effects)
    }
  }

  context(index: number): ReplicaContext {
    return present(this.contexts[index], 'the replica has a context')
  }

  replica(index: number): Replica {
    return present(this.replicas[index], 'the replica exists')
  }

  disk(index: number): SmallDisk {
    return present(this.disks[index], 'the replica has a disk')
  }

  /** Goes on until the condition holds; throws where it does not by the limit. */
  run(until: () => boolean, limitMs = 120_000): void {
    while (!until()) {
      invariant(this.nowMs < limitMs, `not reached by ${limitMs} ms: ${this.describe()}`)
      this.#advance()
    }
  }

  /** Goes on until the run of the commons has ended everywhere. */
  runToEnd(): void {
    this.run(() =>
      this.replicas.every((replica) => {
        return runs.find(finalLedger(replica), 'commons')?.status === 'ended'
      }),
    )
  }

  /** Hands one replica an input, and carries out what follows; gives that back. */
  feed(index: number, input: Input): readonly Effect[] {
    const { state, effects } = step(this.context(index), this.replica(index), input)
    this.replicas[index] = state
    this.#carryOut(index, effects)
    return effects
  }

  /** The code with which a replica answers a message; null where it takes it. */
  refusal(index: number, message: Verified): string | null {
    const [verdict] = this.feed(index, { kind: 'message', message, from: null, nowMs: this.nowMs })
    invariant(verdict?.kind === 'verdict', 'every message has its verdict first')
    return verdict.code === null ? null : `${verdict.verdict} ${verdict.code}`
  }

  describe(): string {
    return this.replicas
      .map((replica) => {
        const { epoch, phase, height } = headOf(finalLedger(replica))
        return `epoch ${epoch} ${phase} height ${height} view ${replica.simplex.view}`
      })
      .join(' · ')
  }

  #advance(): void {
    this.#queue.sort((a, b) => a.atMs - b.atMs)
    const deadlines = this.replicas.map((replica) => nextDeadlineMs(replica) ?? Infinity)
    const earliestMs = Math.min(...deadlines)
    const [next] = this.#queue
    if (next === undefined || next.atMs > earliestMs) {
      this.nowMs = Math.max(this.nowMs, earliestMs)
      this.feed(deadlines.indexOf(earliestMs), { kind: 'tick', nowMs: this.nowMs })
      return
    }
    this.#queue.shift()
    this.nowMs = Math.max(this.nowMs, next.atMs)
    this.feed(next.to, { ...next.input, nowMs: this.nowMs })
  }

  #carryOut(index: number, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'persist':
          this.disk(index).records.push(...effect.records)
          break
        case 'publish':
          this.#spread(index, effect.envelope)
          break
        case 'send':
          if (effect.frame.kind === 'envelope') this.#spread(index, effect.frame.envelope)
          break
        case 'snapshot':
          this.disk(index).snapshots.push(effect.snapshot)
          break
        case 'final':
          this.#keep(index, effect)
          break
        case 'ask-agent':
          this.#answer(index, this.#policy(effect.question, this.replica(index)))
          break
        case 'ask-forecast':
        case 'ask-verdict':
          this.#answer(index, this.#forecasts(effect, index))
          break
        default:
      }
    }
  }

  #answer(index: number, command: Command | null): void {
    if (command === null) return
    const input: Input = { kind: 'command', command, nowMs: 0 }
    this.#queue.push({ atMs: this.nowMs + 1, to: index, input })
  }

  #keep(index: number, { blocks, certificate }: Extract<Effect, { kind: 'final' }>): void {
    for (const [place, block] of blocks.entries()) {
      const isLast = place === blocks.length - 1
      this.disk(index).blocks.push({ block, certificate: isLast ? certificate : null })
      if (index !== 0) continue
      this.events.push(...block.events)
      this.codes.push(...block.receipts.map((receipt) => `${receipt.kind}:${receipt.code}`))
    }
  }

  #spread(from: number, envelope: Uint8Array): void {
    const context = this.context(from)
    const opened = open(envelope, context)
    invariant(opened.ok, 'what a replica sends can be opened')
    const message = opened.value
    for (const to of this.contexts.keys()) {
      if (to === from) continue
      const input: Input = { kind: 'message', message, from: context.signer.agent, nowMs: 0 }
      this.#queue.push({ atMs: this.nowMs + 1, to, input })
    }
  }
}
