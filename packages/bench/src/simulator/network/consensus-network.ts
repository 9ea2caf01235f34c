import {
  type ConsensusContext,
  type ConsensusEffect,
  type ConsensusRecord,
  checkValidatorSet,
  cidOf,
  compareAgents,
  simplex as core,
  createSchedule,
  type Digest,
  digestOf,
  encode,
  type Input,
  leaderOf,
  present,
  restoreSimplex,
  type Simplex,
  type ValidatorSet,
} from '@commonweal/protocol'
import type { Disk } from '../engine/disk.ts'
import { KeyRing } from '../engine/keyed-hash.ts'
import type { Inspection, Network, Process, ProcessEffect, ProcessOptions } from '../process.ts'
import { COUNTER_START, type CounterState, createCounter } from './counter.ts'

/** Timing of the simulated consensus, in ms. Δ covers two of the slowest regular hops. */
export const CONSENSUS_PARAMETERS = {
  deltaMs: 100,
  blockIntervalMs: 50,
  retryMs: 200,
  viewGapMax: 64,
} as const

export interface ConsensusNetworkOptions {
  readonly name: string
  readonly stakesMicro: readonly bigint[]
  /** Agents that later sets may lose, one at a time. */
  readonly mayLeaveOut: readonly number[]
  /** Who leads views 0, 1, … of epoch 1, for agents of equal stake; null to let the name decide. */
  readonly leaderOrder: readonly number[] | null
  readonly epochHeightsMax: number
  readonly parameters?: ConsensusContext<CounterState>['parameters']
}

/**
 * Bare consensus around a counter: no ledger, no negotiation.
 *
 * It stands beside whole replicas because it lets a run choose who leads, end an epoch every two heights, and go through several
 * times as many schedules in the same time.
 */
export function createConsensusNetwork(options: ConsensusNetworkOptions): Network {
  const { name, stakesMicro, mayLeaveOut } = options
  const ring = new KeyRing(stakesMicro.length, name)
  const agents = ring.signers.map(({ agent }) => agent)
  const validators: ValidatorSet = agents
    .map((agent, index) => ({ agent, stakeMicro: stakesMicro[index] ?? 0n }))
    .toSorted((a, b) => compareAgents(a.agent, b.agent))
  const networkId = cidOf(encode(['simulation', name]))
  const seed = chooseSeed(
    validators,
    options.leaderOrder?.map((index) => agents[index] ?? '') ?? [],
  )
  const counter = {
    epochHeightsMax: options.epochHeightsMax,
    validators,
    mayLeaveOut: mayLeaveOut.map((index) =>
      validators.findIndex(({ agent }) => agent === agents[index]),
    ),
  }
  return {
    networkId,
    verify: ring.verify,
    signers: ring.signers,
    validators,
    createProcess({ agent, instance, disk, nowMs }: ProcessOptions): Process {
      const signer = present(ring.signers[agent], 'an instance runs an agent of the network')
      const context: ConsensusContext<CounterState> = {
        self: signer.agent,
        signer,
        networkId,
        verify: ring.verify,
        application: createCounter({ ...counter, mark: instance }),
        parameters: options.parameters ?? CONSENSUS_PARAMETERS,
      }
      return new ConsensusProcess(context, startPoint(context, { validators, seed, disk }), nowMs)
    },
  }
}

/** The first seed with which these agents lead the first views in this order. */
function chooseSeed(validators: ValidatorSet, order: readonly string[]): Digest {
  const checked = checkValidatorSet(validators)
  const electorate = present(checked.ok ? checked.value : null, 'the plan makes a valid set')
  for (let attempt = 0; ; attempt++) {
    const seed = digestOf(encode(['leaders', attempt]))
    const schedule = createSchedule(electorate, seed)
    if (order.every((agent, view) => leaderOf(schedule, view) === agent)) return seed
  }
}

type StartPoint = Parameters<typeof restoreSimplex<CounterState>>[1]

/** Where a process starts: at the genesis, or behind the final blocks that are on its disk, which it executes again. */
function startPoint(
  { networkId, application }: ConsensusContext<CounterState>,
  { validators, seed, disk }: { validators: ValidatorSet; seed: Digest; disk: Disk },
): StartPoint {
  const genesis = { id: networkId, height: 0, view: null, state: COUNTER_START, seenAtMs: 0 }
  let point: Omit<StartPoint, 'records'> = {
    epoch: 1,
    set: validators,
    seed,
    root: networkId,
    final: { ...genesis, certificate: null },
  }
  for (const { blocks, certificate } of disk.finals) {
    for (const { id, block } of blocks) {
      const { header, transactions } = block
      const executed = application.process(point.final.state, header, transactions)
      const state = present(executed.ok ? executed.value : null, 'a final block is valid')
      const { height, view, nextSet } = header
      const final = { id, height, view, state, seenAtMs: 0, certificate }
      if (nextSet === null) point = { ...point, final }
      else {
        point = {
          epoch: header.epoch + 1,
          set: nextSet,
          seed: application.epochSeed(state),
          root: id,
          final: { ...final, view: null },
        }
      }
    }
  }
  const records = disk.records.filter(
    (record): record is ConsensusRecord => record.kind !== 'action',
  )
  return { ...point, records }
}

class ConsensusProcess implements Process {
  readonly #context: ConsensusContext<CounterState>
  #simplex: Simplex<CounterState>
  /** What starting wants done: handed out with the first step. */
  #pending: readonly ConsensusEffect<CounterState>[]
  readonly #startedAtMs: number

  constructor(context: ConsensusContext<CounterState>, point: StartPoint, nowMs: number) {
    const { simplex, effects } = restoreSimplex(context, point, nowMs)
    this.#context = context
    this.#simplex = simplex
    this.#pending = effects
    this.#startedAtMs = nowMs
  }

  step(input: Input): readonly ProcessEffect[] {
    const { simplex, effects, refusal } = this.#take(input)
    this.#simplex = simplex
    const all = [...this.#pending, ...effects].map(asProcessEffect)
    this.#pending = []
    if (input.kind !== 'message') return all
    const verdict = refusal?.verdict ?? 'accept'
    return [{ kind: 'verdict', verdict, code: refusal?.code ?? null }, ...all]
  }

  nextDeadlineMs(): number | null {
    return this.#pending.length > 0 ? this.#startedAtMs : core.nextDeadlineMs(this.#simplex)
  }

  inspect(): Inspection {
    const { epoch, view, final } = this.#simplex
    return { epoch, view, height: final.height, stateDigest: final.state.digest }
  }

  #take(input: Input): core.SimplexStep<CounterState> {
    const { nowMs } = input
    const state = this.#simplex
    switch (input.kind) {
      case 'message': {
        const { message, ...verified } = input.message
        if (message.kind === 'proposal') {
          return core.onProposal(state, this.#context, { ...verified, message }, nowMs)
        }
        if (
          message.kind === 'notarize' ||
          message.kind === 'nullify' ||
          message.kind === 'finalize'
        ) {
          return core.onVote(state, this.#context, { ...verified, message }, nowMs)
        }
        return { simplex: state, effects: [], refusal: null }
      }
      case 'certificate':
        return core.onCertificate(state, this.#context, input.certificate, nowMs, input.from)
      case 'block':
        return core.onBlock(state, this.#context, input.block, nowMs)
      case 'chain':
        return core.onChain(state, this.#context, input, nowMs)
      case 'tick':
        return core.onTick(state, this.#context, nowMs)
      case 'command':
      case 'peer-up':
      case 'peer-down':
        return { simplex: state, effects: [], refusal: null }
    }
  }
}

function asProcessEffect(effect: ConsensusEffect<CounterState>): ProcessEffect {
  if (effect.kind !== 'final') return effect
  const blocks = effect.blocks.map(({ id, block }) => ({ id, block, receipts: [], events: [] }))
  return { kind: 'final', blocks, certificate: effect.certificate }
}
