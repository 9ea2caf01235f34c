import {
  type Agent,
  type CommonsSituation,
  createAgent,
  type LawInForce,
} from '@commonweal/node/agent'
import {
  type BoundLaw,
  type Cid,
  type CommonsMetrics,
  type CommonsRow,
  type CommonsState,
  checkLaw,
  commons,
  computeMetrics,
  computeTotalCatches,
  createLawState,
  defaultQuorum,
  type EnforcementRecord,
  present,
  type RoundRandomness,
  type SeatAction,
  settleEnd,
  settleRound,
  signalRate,
  type Terms,
  valuePercentOf,
} from '@commonweal/protocol'
import type { Beacons } from './beacons.ts'
import { type NegotiationRecord, runNegotiation } from './negotiation-round.ts'
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

export interface AgreementRecord {
  readonly id: Cid
  readonly terms: Terms
  /** Seats that signed. */
  readonly holders: readonly number[]
  /** The round in which it was negotiated. */
  readonly round: number
}

export interface LawRecord {
  readonly round: number
  readonly agreement: Cid
  readonly records: readonly EnforcementRecord[]
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
export function createAgents({ seats, law }: RoundsConfig): readonly Agent[] {
  return seats.map(({ policy, prosociality }) =>
    createAgent({ policy, prosociality, ...(law === null ? {} : { law }) }),
  )
}

interface Covering extends AgreementRecord {
  readonly law: LawInForce | null
}

class Run {
  state: CommonsState
  readonly #config: RoundsConfig
  readonly #agents: readonly Agent[]
  readonly #seatIds: CommonsSituation['seats']
  readonly #rows: CommonsRow[] = []
  readonly #agreements: Covering[] = []
  readonly #laws: LawRecord[] = []
  readonly #negotiations: NegotiationRecord[] = []
  #creditsMicro: bigint[]
  #burnedMicro = 0n

  constructor(config: RoundsConfig, agents: readonly Agent[]) {
    this.#config = config
    this.#agents = agents
    this.#seatIds = config.seats.map(({ agent }) => agent)
    this.#creditsMicro = config.seats.map(() => 0n)
    this.state = commons.start(config.params, config.seats.length)
  }

  async negotiate(): Promise<void> {
    const { contractDelay, quorum, turnsMax, seats, params } = this.#config
    const { round } = this.state
    const atStake = round + contractDelay
    if (atStake > params.rounds) return
    const covering = this.#coveringAt(atStake)
    const record = await runNegotiation(
      { round, seatCount: seats.length, quorum: quorum ?? defaultQuorum(seats.length), turnsMax },
      this.#agents,
      (seat) => ({
        ...this.#situationOf(seat, null),
        covering: covering === undefined ? null : { id: covering.id, terms: covering.terms },
      }),
    )
    this.#negotiations.push(record)
    if (record.outcome.status !== 'agreed' || record.agreed === null) return
    const { terms: id, holders } = record.outcome
    if (id !== covering?.id) this.#form(id, record.agreed, holders)
  }

  async collectActions(randomness: RoundRandomness): Promise<readonly SeatAction[]> {
    const { params } = this.#config
    const actions: SeatAction[] = []
    for (const [seat, agent] of this.#agents.entries()) {
      const answer = agent.act(this.#situationOf(seat, randomness))
      const action = answer instanceof Promise ? await answer : answer
      const isAbsent = action < 0n || action > commons.actionMax(params, this.state)
      actions.push({
        action: isAbsent ? commons.defaultAction(params, this.state) : action,
        absent: isAbsent,
      })
    }
    return actions
  }

  settle(actions: readonly SeatAction[], randomness: RoundRandomness): void {
    const { params } = this.#config
    const { round } = this.state
    const index = this.#indexCovering(round)
    const covering = this.#agreements[index]
    const law = covering?.law ?? null
    const laws = law === null ? [] : [{ bound: law.bound, state: law.state }]
    const settled = settleRound(commons, { params, state: this.state, actions, laws, randomness })

    this.state = settled.state
    this.#rows.push(settled.row)
    const [outcome] = settled.laws
    if (covering === undefined || law === null || outcome === undefined) return
    this.#agreements[index] = { ...covering, law: { ...law, state: outcome.state } }
    this.#laws.push({ round, agreement: covering.id, records: outcome.records })
    this.#burnedMicro += settled.burnedMicro
    this.#creditsMicro = this.#creditsMicro.map(
      (credit, seat) => credit + (settled.creditsMicro[seat] ?? 0n),
    )
  }

  conclude(): RunResult {
    const { params, seats } = this.#config
    const catches = computeTotalCatches(seats.length, this.#rows)
    return {
      metrics: computeMetrics(params, seats.length, this.#rows),
      rows: this.#rows,
      catches,
      values: catches.map((caught, seat) => (caught * valuePercentOf(params, seat)) / 100),
      creditsMicro: this.#computeNetCredits(),
      burnedMicro: this.#burnedMicro,
      agreements: this.#agreements.map(({ id, terms, holders, round }) => ({
        id,
        terms,
        holders,
        round,
      })),
      laws: this.#laws,
      negotiations: this.#negotiations,
    }
  }

  #computeNetCredits(): readonly bigint[] {
    const net = [...this.#creditsMicro]
    for (const { law } of this.#agreements) {
      if (law === null) continue
      const collateral = this.#collateralOf(law.terms)
      settleEnd(law.state).forEach((returned, seat) => {
        net[seat] = (net[seat] ?? 0n) + returned - (collateral[seat] ?? 0n)
      })
    }
    return net
  }

  #collateralOf({ parties, collateralMicro }: Terms): readonly bigint[] {
    return this.#seatIds.map((agent) => collateralMicro[parties.indexOf(agent)] ?? 0n)
  }

  #form(id: Cid, terms: Terms, holders: readonly number[]): void {
    const { params, seats } = this.#config
    const agreement = { id, terms, holders, round: this.state.round }
    if (terms.law === null) {
      this.#agreements.push({ ...agreement, law: null })
      return
    }
    const checked = checkLaw(terms.law, commons.language(params, seats.length))
    const law = present(checked.ok ? checked.value : null, 'terms that were tabled have a good law')
    const bound = this.#bind(law, holders)
    this.#agreements.push({
      ...agreement,
      law: { id, terms, bound, state: createLawState(this.#collateralOf(terms)) },
    })
  }

  /** Under `members` every seat is bound; under `signers` those that signed. */
  #bind(law: BoundLaw['law'], holders: readonly number[]): BoundLaw {
    const signer = this.#seatIds.map((_, seat) => holders.includes(seat))
    const isBinding = this.#config.binding === 'members'
    return { law, signer, bound: isBinding ? signer.map(() => true) : signer }
  }

  /** The last agreement that covers a round: one that replaces another comes after it. */
  #indexCovering(round: number): number {
    return this.#agreements.findLastIndex(
      ({ terms }) => terms.rounds[0] <= round && round <= terms.rounds[1],
    )
  }

  #coveringAt(round: number): Covering | undefined {
    return this.#agreements[this.#indexCovering(round)]
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
      law: this.#coveringAt(this.state.round)?.law ?? null,
      signalRatePercent: signalRate(params, randomness?.signal ?? null) ?? null,
    }
  }
}
