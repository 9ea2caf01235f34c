import type { ModelUsage } from '@commonweal/node/agent'
import type { NewcomerReport } from '@commonweal/node/local'
import {
  type CommonsParams,
  computeMetrics,
  computeTotalCatches,
  valuePercentOf,
} from '@commonweal/protocol'
import type { HeardTurn, ShownEnforcement, ShownEvent, ShownTerms } from './chain-record.ts'
import { nameOffenders, type Opinion } from './name-offenders.ts'
import type {
  AgentReport,
  ContractEffects,
  ContractReport,
  Counterfactual,
  FailedTalks,
  RunReport,
  TalkTurn,
} from './run-report.ts'
import { describeTerms, type TermsScene } from './terms-in-words.ts'

/** All that a report is made of, from wherever it comes. */
export interface RunRecord {
  readonly network: string
  readonly networkId: string
  readonly seed: string
  readonly run: number
  readonly params: CommonsParams
  readonly contractMode: RunReport['contractMode']
  /** 0: what is negotiated in a round is for that round; 1: for the next. */
  readonly contractDelay: number
  /** Agents by seat. */
  readonly seats: readonly AgentFacts[]
  /** Of the whole chain, in order. */
  readonly events: readonly ShownEvent[]
  /** In the order in which they were heard. */
  readonly turns: readonly HeardTurn[]
  readonly counterfactuals: readonly Counterfactual[]
  /** Whom the nodes that keep the rules blame. */
  readonly opinions: readonly Opinion[]
  /** What became of the node that joined; null where none did. */
  readonly newcomer: NewcomerReport | null
}

/** What is known of an agent beside the chain's events. */
export interface AgentFacts {
  readonly agent: string
  readonly name: string
  readonly policy: string
  /** What it does against the protocol, as it is written; null where it keeps the rules. */
  readonly fault: string | null
  readonly lambda: number
  readonly balanceMicro: bigint
  readonly startBalanceMicro: bigint
  /** What it asked of its language model; null where it has none. */
  readonly model: ModelUsage | null
}

type Settled = Extract<ShownEvent, { readonly kind: 'round-settled' }>
type Formed = Extract<ShownEvent, { readonly kind: 'agreement-formed' }>

/** The report of one run. */
export function buildReport(record: RunRecord): RunReport {
  const settled = settledRounds(record)
  const rows = settled.map((event) => event.row)
  const firstEpoch = settled[0]?.epoch ?? 1
  const lastEpoch = settled.at(-1)?.epoch ?? firstEpoch
  // What was agreed for the round after the last one was talked of in this run, which did not come to it.
  const isInRun = (epoch: number): boolean =>
    epoch >= firstEpoch && epoch <= lastEpoch + record.contractDelay
  const formed = record.events
    .filter((event) => event.kind === 'agreement-formed')
    .filter(({ terms }) => isInRun(terms.rounds[0]))
  const turns = record.turns.filter(({ target }) => isInRun(target))
  return {
    network: record.network,
    networkId: record.networkId,
    seed: record.seed,
    run: record.run,
    rounds: record.params.rounds,
    capacity: record.params.capacity,
    metrics: computeMetrics(record.params, record.seats.length, rows),
    rows,
    agents: reportAgents(record, settled),
    contractMode: record.contractMode,
    contracts: formed.map((event) => reportContract(record, event, { settled, turns, firstEpoch })),
    failedTalks: reportFailedTalks(record, formed, turns, firstEpoch),
    counterfactuals: record.counterfactuals,
    newcomer: record.newcomer,
    offenders: nameOffenders({
      ...record,
      slashes: record.events.filter((event) => event.kind === 'slashed'),
    }),
  }
}

function settledRounds({ events, run }: RunRecord): readonly Settled[] {
  return events
    .filter((event) => event.kind === 'round-settled')
    .filter((event) => event.run === run)
    .toSorted((a, b) => a.epoch - b.epoch)
}

function reportAgents(record: RunRecord, settled: readonly Settled[]): readonly AgentReport[] {
  const { params, seats } = record
  const rows = settled.map((event) => event.row)
  const catches = computeTotalCatches(seats.length, rows)
  const movedMicro = seats.map((_, seat) => transfersMicro(settled, seat))
  const payoffs = seats.map((_, seat) => {
    const harvest = (valuePercentOf(params, seat) * (catches[seat] ?? 0)) / 100
    return harvest + Number(movedMicro[seat]) / Number(params.unitMicro)
  })
  const welfare = payoffs.reduce((sum, payoff) => sum + payoff, 0)
  return seats.map((facts, seat) => {
    const payoff = payoffs[seat] ?? 0
    return {
      name: facts.name,
      agent: facts.agent,
      policy: facts.policy,
      model: facts.model,
      lambda: facts.lambda,
      value: valuePercentOf(params, seat) / 100,
      catchTotal: catches[seat] ?? 0,
      payoff,
      utility:
        facts.lambda === Number.POSITIVE_INFINITY ? welfare : payoff + facts.lambda * welfare,
      balanceMicro: facts.balanceMicro,
      balanceChangeMicro: facts.balanceMicro - facts.startBalanceMicro,
      transfersMicro: movedMicro[seat] ?? 0n,
    }
  })
}

/** What laws gave a seat less what they took from it; escrow, which returns to its payer, is neither. */
function transfersMicro(settled: readonly Settled[], seat: number): bigint {
  let sumMicro = 0n
  for (const record of settled.flatMap(({ laws }) => laws.flatMap(({ records }) => records))) {
    if (record.kind === 'payout' && record.seat === seat) sumMicro += record.paidMicro
    if (record.kind !== 'payment') continue
    if (record.to === seat) sumMicro += record.takenMicro
    if (record.seat === seat && record.effect !== 'escrow') sumMicro -= record.takenMicro
  }
  return sumMicro
}

function reportContract(
  record: RunRecord,
  formed: Formed,
  run: {
    readonly settled: readonly Settled[]
    readonly turns: readonly HeardTurn[]
    readonly firstEpoch: number
  },
): ContractReport {
  const { terms, id, signers } = formed
  const lastRound = run.settled.length
  const [from, to] = terms.rounds.map((epoch) => epoch - run.firstEpoch + 1)
  const records = run.settled
    .flatMap(({ laws }) => laws)
    .filter((law) => law.id === id)
    .flatMap((law) => law.records)
  return {
    id,
    mode: terms.mode,
    words: describeTerms(terms, sceneOf(record)),
    rounds: [from ?? 1, Math.min(to ?? lastRound, lastRound)],
    signers: signers.map((agent) => nameOf(record, agent)),
    bound: record.seats.filter(({ agent }) => !signers.includes(agent)).map(({ name }) => name),
    talks: talksAbout(record, run.turns, terms.rounds[0]),
    effects: countEffects(records),
  }
}

export function countEffects(records: readonly ShownEnforcement[]): ContractEffects {
  const effects = {
    capsApplied: 0,
    unitsCut: 0,
    sanctions: 0,
    sanctionsMicro: 0n,
    transfersMicro: 0n,
    shortfalls: 0,
    shortfallMicro: 0n,
    faults: 0,
  }
  for (const record of records) {
    switch (record.kind) {
      case 'action':
        if (record.after === record.before) break
        effects.capsApplied += 1
        effects.unitsCut += Number(record.before - record.after)
        break
      case 'equal-treatment':
        effects.unitsCut -= Number(record.after - record.before)
        break
      case 'payment':
        if (record.to !== null) effects.transfersMicro += record.takenMicro
        if (!isSanction(record.effect)) break
        effects.sanctions += 1
        effects.sanctionsMicro += record.takenMicro
        break
      case 'payout':
        effects.transfersMicro += record.paidMicro
        break
      case 'shortfall':
        effects.shortfalls += 1
        effects.shortfallMicro += record.missingMicro
        break
      case 'law-fault':
        effects.faults += 1
        break
    }
  }
  return effects
}

function isSanction(effect: string): boolean {
  return effect === 'sanction' || effect === 'graduatedSanction' || effect === 'participationCost'
}

function reportFailedTalks(
  record: RunRecord,
  formed: readonly Formed[],
  turns: readonly HeardTurn[],
  firstEpoch: number,
): readonly FailedTalks[] {
  const targets = [...new Set(turns.map(({ target }) => target))].toSorted((a, b) => a - b)
  return targets
    .filter((target) => !formed.some(({ terms }) => isCovered(terms, target)))
    .map((target) => ({
      round: target - firstEpoch + 1,
      talks: talksAbout(record, turns, target),
    }))
    .filter(({ talks }) => talks.some(({ move }) => move === 'propose'))
}

function isCovered({ rounds: [from, to] }: ShownTerms, epoch: number): boolean {
  return from <= epoch && epoch <= to
}

/** The turns about one epoch's round, each once, in order. */
function talksAbout(
  record: RunRecord,
  turns: readonly HeardTurn[],
  target: number,
): readonly TalkTurn[] {
  const byTurn = new Map<number, HeardTurn['turn']>()
  for (const heard of turns) {
    if (heard.target === target) byTurn.set(heard.turn.turn, heard.turn)
  }
  return [...byTurn.values()]
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ seat, move, terms, text }) => ({
      speaker: record.seats[seat]?.name ?? `seat ${seat}`,
      move,
      words: move === 'propose' && terms !== null ? describeTerms(terms, sceneOf(record)) : [],
      text: isRepeated(text, terms) ? '' : text,
    }))
}

/** A proposal's message often is the text of its terms: once is enough. */
function isRepeated(text: string, terms: ShownTerms | null): boolean {
  return terms !== null && text === terms.text
}

function sceneOf({ params, seats }: RunRecord): TermsScene {
  return { params, seatCount: seats.length }
}

function nameOf(record: RunRecord, agent: string): string {
  return record.seats.find((facts) => facts.agent === agent)?.name ?? `${agent.slice(0, 8)}…`
}
