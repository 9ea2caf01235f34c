import { type AgentId, present, type Report } from '@commonweal/protocol'
import type { SettledQuestion } from '../../forecast/forecaster.ts'
import { hearQuestion, type Listener, reportedBy } from '../../forecast/heard-question.ts'
import { probabilitiesOf, toReport } from '../../forecast/to-report.ts'

/** What a forecaster remembers of settled questions beside what its books learn from them. */
export interface ForecastMemory {
  /** How each supplier's reports did, whether they were used or not. */
  readonly suppliers: ReadonlyMap<AgentId, TrackRecord>
  readonly own: TrackRecord
  /** By outcomes: how often each came true. */
  readonly counts: ReadonlyMap<string, readonly number[]>
  /** The latest, oldest first. */
  readonly past: readonly PastQuestion[]
}

/** Reports against the reference, over settled questions. */
export interface TrackRecord {
  readonly count: number
  /** Σ ln p(x) − ln r(x), in nats. */
  readonly gain: number
}

export interface PastQuestion {
  readonly kind: string
  readonly topic: string
  readonly outcome: number
  readonly own: Report | null
  readonly reports: ReadonlyMap<AgentId, Report>
}

/** More than any prompt has room for. */
const PAST_COUNT_MAX = 256
export const NO_RECORD: TrackRecord = { count: 0, gain: 0 }

export const emptyMemory: ForecastMemory = {
  suppliers: new Map(),
  own: NO_RECORD,
  counts: new Map(),
  past: [],
}

/** Questions with the same outcomes are of one kind. */
export function kindOf(outcomes: readonly string[]): string {
  return JSON.stringify(outcomes)
}

/** Enters one settled question; a void one changes nothing. */
export function stepMemory(
  memory: ForecastMemory,
  settled: SettledQuestion,
  listener: Listener,
): ForecastMemory {
  const { question, outcome, signals } = settled
  if (outcome === null) return memory
  const own = signals.findLast(({ author }) => author === listener.agent)
  // What it went by is another matter: everybody's record grows with everything that everybody opened.
  const others = signals.filter(({ author }) => author !== listener.agent)
  const heard = hearQuestion({ ...settled, signals: others }, listener)?.heard ?? []
  const reference = probabilitiesOf(question.referenceBps)
  const gainOf = (probabilities: readonly number[]): number =>
    Math.log(
      present(probabilities[outcome], 'a report has every outcome') /
        present(reference[outcome], 'a reference has every outcome'),
    )
  const suppliers = new Map(memory.suppliers)
  for (const { supplier, probabilities } of heard) {
    suppliers.set(supplier, grow(suppliers.get(supplier) ?? NO_RECORD, gainOf(probabilities)))
  }
  const said = own && reportedBy(own, question.outcomes.length)
  const kind = kindOf(question.outcomes)
  const counts = memory.counts.get(kind) ?? question.outcomes.map(() => 0)
  const past: PastQuestion = {
    kind,
    topic: question.topic,
    outcome,
    own: said === undefined ? null : toReport(said),
    reports: new Map(heard.map((one) => [one.supplier, toReport(one.probabilities)])),
  }
  return {
    suppliers,
    own: said === undefined ? memory.own : grow(memory.own, gainOf(said)),
    counts: new Map(memory.counts).set(
      kind,
      counts.map((count, index) => (index === outcome ? count + 1 : count)),
    ),
    past: [...memory.past, past].slice(-PAST_COUNT_MAX),
  }
}

function grow({ count, gain }: TrackRecord, more: number): TrackRecord {
  return { count: count + 1, gain: gain + more }
}
