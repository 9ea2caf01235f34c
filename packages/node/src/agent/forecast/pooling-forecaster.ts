import { type AgentId, invariant, type Statement, type StreamShares } from '@commonweal/protocol'
import type { Prosociality } from '../prosocial.ts'
import type { Forecaster, ForecastSituation, SettledQuestion, Signal } from './forecaster.ts'
import { hearQuestion, reportedBy } from './heard-question.ts'
import { computePool, type PoolPart } from './log-pool.ts'
import { weightOf } from './online-weights.ts'
import { KEEP_BPS_DEFAULT, toPayStreams } from './pay-streams.ts'
import { describePool, shortId } from './pool-reasoning.ts'
import { type CreditMethodName, creditMethods } from './rival-credit.ts'
import { SERVING_TERMS_DEFAULT, type ServingTerms, servesCustomer } from './serving.ts'
import { type LearningRules, openBook, stepBook } from './supplier-book.ts'
import { probabilitiesOf, toReport } from './to-report.ts'

export interface PoolingOptions {
  /** The agent's own id. */
  readonly agent: AgentId
  /** At most 32, distinct; itself among them counts for nothing. */
  readonly suppliers: readonly AgentId[]
  readonly prosociality: Prosociality
  /** What it passes on by shares at the most for its own sake: 0 … 8 000 basis points. [2 000] */
  readonly keepBps?: number
  /** What a supplier asks, in basis points. [100] */
  readonly askingBps?: number
  /** The supplier that is the agent itself under another name: what it believes without the others. [none] */
  readonly own?: AgentId | undefined
  /** How it divides credit. */
  readonly method?: CreditMethodName
  readonly serving?: ServingTerms
  /** What it calls others in its reasoning. [the beginning of their ids] */
  readonly nameOf?: (agent: AgentId) => string
}

/** As many as a statement has parents and a stream has receivers. */
const SUPPLIER_COUNT_MAX = 32
/** Basis points that must change hands for a change to be worth a transaction. */
const CHANGE_BPS_MIN = 100

interface Used extends PoolPart {
  readonly signal: Signal
}

/**
 * A forecaster that knows nothing itself: it pools what its suppliers say, learns how much each counts, and passes on part of
 * what it earns by what each added. [CRD-1] … [CRD-11]
 */
export function createPoolingForecaster(options: PoolingOptions): Forecaster {
  const { agent, suppliers, prosociality, nameOf = shortId } = options
  const { keepBps = KEEP_BPS_DEFAULT, askingBps = SERVING_TERMS_DEFAULT.askingBps } = options
  invariant(suppliers.length <= SUPPLIER_COUNT_MAX, 'a pool has at most 32 suppliers')
  const method = options.method ?? 'aumann-shapley'
  const learning: LearningRules = { credit: creditMethods[method], own: options.own }
  const listener = { agent, suppliers: suppliers.filter((supplier) => supplier !== agent) }
  let book = openBook(options.own)
  let streams: StreamShares = []
  let told: StreamShares = []

  function select({ question, signals }: ForecastSituation): readonly Used[] {
    const used = new Map<AgentId, Used>()
    for (const signal of signals.toSorted((a, b) => a.order - b.order)) {
      const probabilities = reportedBy(signal, question.outcomes.length)
      if (probabilities === undefined || !listener.suppliers.includes(signal.author)) continue
      // A weight of 0 stays in: it can only come back if the signal is heard.
      used.set(signal.author, {
        signal,
        probabilities,
        weight: weightOf(book.weights, signal.author),
      })
    }
    return [...used.values()].toSorted((a, b) => b.weight - a.weight)
  }

  return {
    name: `pooling, ${method}, λ=${prosociality.lambda}`,
    suppliers: listener.suppliers,

    forecast(situation: ForecastSituation): Statement | null {
      const used = select(situation)
      if (used.length === 0) return null
      const { question } = situation
      const reference = probabilitiesOf(question.referenceBps)
      const pool = computePool({ reference, parts: used })
      const named = used.map(({ signal, ...part }) => ({ ...part, author: signal.author }))
      return {
        report: toReport(pool),
        findings: [],
        parents: used.map(({ signal }) => signal.digest),
        ...describePool({ outcomes: question.outcomes, reference, parts: named, pool, nameOf }),
      }
    },

    learn(settled: SettledQuestion): void {
      const heard = hearQuestion(settled, listener)
      if (heard === null) return
      book = stepBook(book, heard, learning)
      const wanted = toPayStreams(book, { keepBps, askingBps, prosociality, own: options.own })
      if (movedBps(streams, wanted) >= CHANGE_BPS_MIN) streams = wanted
    },

    chooseStreams(): StreamShares | null {
      if (movedBps(told, streams) === 0) return null
      told = streams
      return streams
    },

    serves: (customer) => servesCustomer(customer, options.serving ?? SERVING_TERMS_DEFAULT),
  }
}

/** Basis points that change hands between two streams, what is kept included. */
function movedBps(before: StreamShares, after: StreamShares): number {
  const change = new Map(before.map(({ to, bps }) => [to, -bps]))
  for (const { to, bps } of after) change.set(to, (change.get(to) ?? 0) + bps)
  const kept = passedBps(before) - passedBps(after)
  return [...change.values(), kept].reduce((sum, bps) => sum + Math.abs(bps), 0) / 2
}

function passedBps(streams: StreamShares): number {
  return streams.reduce((sum, { bps }) => sum + bps, 0)
}
