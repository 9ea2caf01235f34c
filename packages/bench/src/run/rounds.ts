import { type Agent, type CommonsSituation, createAgent, knownDraws } from '@commonweal/node/agent'
import {
  type CommonsMetrics,
  type CommonsRow,
  type CommonsState,
  commons,
  computeMetrics,
  computeTotalCatches,
  type RoundRandomness,
  type SeatAction,
  settleRound,
  signalRate,
  valuePercentOf,
} from '@commonweal/protocol'
import { AgreementBook, type AgreementRecord, type LawRecord } from './agreement-book.ts'
import type { Beacons } from './beacons.ts'
import type { NegotiationRecord } from './negotiation-round.ts'
import { collectActions, negotiateRound } from './round.ts'
import type { RoundsConfig } from './rounds-config.ts'

/** What came of a run. */
export interface RunResult {
  readonly metrics: CommonsMetrics
  readonly rows: readonly CommonsRow[]
  /** By seat: units caught in all, and what they are worth to it. */
  readonly catches: readonly number[]
  readonly values: readonly number[]
  /** By seat: what laws paid it, less what they took; collateral that came back is neither. */
  readonly creditsMicro: readonly bigint[]
  readonly burnedMicro: bigint
  readonly agreements: readonly AgreementRecord[]
  /** Laws in force, round by round, and what each did. */
  readonly laws: readonly LawRecord[]
  readonly negotiations: readonly NegotiationRecord[]
}

/**
 * One run of a commons by the state machine, the turns and the agents alone: no network, no ledger, no fees.
 *
 * The epoch of a round is its number. Where no fault is injected, actions, allocations, what laws do and the metrics are
 * those of a network of the same genesis.
 *
 * Cost    O(rounds · seats) decisions; nothing is negotiated under contract mode `none`.
 */
export async function runRounds(
  config: RoundsConfig,
  beacons: Beacons,
  agents: readonly Agent[] = createAgents(config),
): Promise<RunResult> {
  const run = new Run(config, agents)
  while (!commons.isEnded(config.params, run.state)) {
    const randomness = beacons(run.state.round)
    if (config.contract !== 'none') await run.negotiate()
    const actions = await run.collectActions(randomness)
    run.settle(actions, randomness)
  }
  return run.conclude()
}

/** The agents that a config describes. */
export function createAgents({
  seats,
  law,
}: Pick<RoundsConfig, 'seats' | 'law'>): readonly Agent[] {
  return seats.map(({ agent, policy, prosociality }) =>
    createAgent({ policy, prosociality, law, derive: knownDraws(agent) }),
  )
}

class Run {
  state: CommonsState
  readonly #config: RoundsConfig
  readonly #agents: readonly Agent[]
  readonly #seatIds: CommonsSituation['seats']
  readonly #rows: CommonsRow[] = []
  readonly #book: AgreementBook
  readonly #negotiations: NegotiationRecord[] = []

  constructor(config: RoundsConfig, agents: readonly Agent[]) {
    const { params, seats, binding, fundsMicro } = config
    this.#config = config
    this.#agents = agents
    this.#seatIds = seats.map(({ agent }) => agent)
    this.state = commons.start(params, seats.length)
    this.#book = new AgreementBook({
      seats: this.#seatIds,
      binding,
      language: commons.language(params, seats.length),
      ...(fundsMicro === undefined ? {} : { fundsMicro }),
    })
  }

  async negotiate(): Promise<void> {
    const record = await negotiateRound(
      { config: this.#config, book: this.#book, round: this.state.round },
      this.#agents,
      (seat) => this.#situationOf(seat, null),
    )
    if (record !== null) this.#negotiations.push(record)
  }

  async collectActions(randomness: RoundRandomness): Promise<readonly SeatAction[]> {
    const { params } = this.#config
    return collectActions(this.#agents, (seat) => this.#situationOf(seat, randomness), {
      actionMax: commons.actionMax(params, this.state),
      defaultAction: commons.defaultAction(params, this.state),
    })
  }

  settle(actions: readonly SeatAction[], randomness: RoundRandomness): void {
    const { params } = this.#config
    const { round } = this.state
    const law = this.#book.coveringAt(round)?.law ?? null
    const laws = law === null ? [] : [{ bound: law.bound, state: law.state }]
    const settled = settleRound(commons, { params, state: this.state, actions, laws, randomness })
    this.state = settled.state
    this.#rows.push(settled.row)
    this.#book.settle(round, settled)
  }

  conclude(): RunResult {
    const { params, seats } = this.#config
    const catches = computeTotalCatches(seats.length, this.#rows)
    return {
      metrics: computeMetrics(params, seats.length, this.#rows),
      rows: this.#rows,
      catches,
      values: catches.map((caught, seat) => (caught * valuePercentOf(params, seat)) / 100),
      creditsMicro: this.#book.computeNetCredits(),
      burnedMicro: this.#book.burnedMicro,
      agreements: this.#book.agreements,
      laws: this.#book.laws,
      negotiations: this.#negotiations,
    }
  }

  #situationOf(seat: number, randomness: RoundRandomness | null): CommonsSituation {
    const { subnet, params, contract, contractDelay } = this.#config
    return {
      kind: 'commons',
      subnet,
      params,
      state: this.state,
      history: this.#rows,
      epoch: this.state.round,
      seat,
      seats: this.#seatIds,
      contract,
      contractDelay,
      law: this.#book.coveringAt(this.state.round)?.law ?? null,
      agreed: this.#book.coveringAt(this.state.round)?.terms ?? null,
      signalRatePercent: signalRate(params, randomness?.signal ?? null) ?? null,
    }
  }
}
