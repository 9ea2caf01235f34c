import {
  type CreditMethodName,
  computePayShares,
  computePool,
  creditMethods,
  emptyBook,
  type HeardQuestion,
  type SupplierBook,
  stepBook,
  toStreamShares,
  weightOf,
} from '@commonweal/node/agent'
import {
  type AgentId,
  computeFlow,
  present,
  STREAM_BPS_MAX,
  type StreamShares,
  scoreQuestion,
  shareEmission,
  WHOLE_BPS,
} from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import {
  hearIncrements,
  hearSupplier,
  hearWhole,
  type NestedModels,
  type NestedQuestion,
} from './nested-models.ts'
import { toReport } from './to-report.ts'

/** One who passes on what it receives: what it hears, and whether it learns whom to trust or takes all as it is. */
interface Link {
  readonly agent: AgentId
  readonly learns: boolean
  /** Its own increment, where it has one, is a signal of its own: what that is credited with it keeps. */
  hear(question: NestedQuestion): HeardQuestion
}

/** Who sells to whom. The first link is the forecaster that the network pays. */
export interface SupplySetting {
  readonly name: string
  /** What the paid forecaster is made from, by model: whole forecasts, or what each adds. */
  readonly view: 'whole' | 'increments'
  readonly learns: boolean
  readonly links: readonly Link[]
}

/** Who has what in the end. */
export interface SupplyPay {
  /** Part of all that was paid which each model kept, the smallest first. */
  readonly shares: readonly number[]
  /** The part that the paid forecaster kept, where it is none of the models. */
  readonly buyerShare: number
  readonly paidMicro: bigint
  readonly keptMicro: bigint
}

const BUYER = agentNamed('buyer of forecasts')
const EMISSION_MICRO = 1_000_000_000n
const WEIGHT_MICRO = 9_000_000_000n
/** A tenth of all weight. */
const HOUSE_MICRO = 1_000_000_000n

/**
 * The largest model is paid and passes on down the chain; a buyer of whole forecasts, whose sellers keep what they get or pass it
 * on down the chain; and a buyer of what each model adds.
 */
export function supplySettings({ models }: NestedModels): readonly SupplySetting[] {
  const chain = models
    .map((agent, index): Link => {
      return { agent, learns: false, hear: (question) => hearSupplier(models, question, index) }
    })
    .slice(1)
    .toReversed()
  const buyer = (hear: typeof hearWhole): Link => {
    return { agent: BUYER, learns: true, hear: (question) => hear(models, question) }
  }
  return [
    { name: 'chain', view: 'increments', learns: false, links: chain },
    { name: 'buyer of all', view: 'whole', learns: true, links: [buyer(hearWhole)] },
    {
      name: 'buyer of all, then the chain',
      view: 'whole',
      learns: true,
      links: [buyer(hearWhole), ...chain],
    },
    {
      name: 'buyer of increments',
      view: 'increments',
      learns: true,
      links: [buyer(hearIncrements)],
    },
  ]
}

/**
 * Plays nested models through score, emission and flow, each question an epoch of its own. One forecaster is paid against a
 * house that finds all outcomes alike; every link passes on by what it has learned from earlier questions.
 */
export function playSupply(
  { models, questions }: NestedModels,
  { links }: SupplySetting,
  method: CreditMethodName,
): SupplyPay {
  const books = new Map(links.map((link) => [link.agent, openBook(models, link)]))
  const bookOf = ({ agent }: Link): SupplierBook => present(books.get(agent), 'links have books')
  const top = present(links[0], 'somebody is paid')
  const table = { weightMicro: WEIGHT_MICRO, houseMicro: HOUSE_MICRO }
  const kept = new Map<AgentId, bigint>()
  let paidMicro = 0n
  for (const question of questions) {
    const pool = computePool(poolOf(bookOf(top), top.hear(question)))
    const payments = payTop(table, { agent: top.agent, question, pool })
    paidMicro += payments.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
    const streams = new Map(links.map((link) => [link.agent, streamOf(link.agent, bookOf(link))]))
    for (const { agent, amountMicro } of computeFlow(payments, streams).nets) {
      kept.set(agent, (kept.get(agent) ?? 0n) + amountMicro)
    }
    for (const link of links) {
      books.set(link.agent, learn(bookOf(link), link.hear(question), { ...link, method }))
    }
  }
  const shareOf = (agent: AgentId): number => Number(kept.get(agent) ?? 0n) / Number(paidMicro)
  return {
    shares: models.map(shareOf),
    buyerShare: shareOf(BUYER),
    paidMicro,
    keptMicro: [...kept.values()].reduce((sum, amountMicro) => sum + amountMicro, 0n),
  }
}

/** Before the first question: a link that does not learn takes every signal as it is, with a weight of 1. */
export function openBook(
  models: readonly AgentId[],
  { learns }: { readonly learns: boolean },
): SupplierBook {
  if (learns) return emptyBook
  const weights = new Map(models.map((model) => [model, 1]))
  return { ...emptyBook, weights: { ...emptyBook.weights, weights } }
}

/** What an agent would say with what it has learned. */
export function poolOf(
  { weights }: SupplierBook,
  { reference, heard }: HeardQuestion,
): Parameters<typeof computePool>[0] {
  const parts = heard.map(({ supplier, probabilities }) => ({
    probabilities,
    weight: weightOf(weights, supplier),
  }))
  return { reference, parts }
}

/** Enters a question; who does not learn goes on to take every signal as it is, and learns only whom to pay. */
export function learn(
  book: SupplierBook,
  heard: HeardQuestion,
  { learns, method }: { readonly learns: boolean; readonly method: CreditMethodName },
): SupplierBook {
  const next = stepBook(book, heard, { credit: creditMethods[method] })
  return learns ? next : { ...next, weights: book.weights }
}

/** Passes on what the others are credited with, up to what a stream may carry; keeps the rest, its own part. */
function streamOf(agent: AgentId, { records }: SupplierBook): StreamShares {
  const others = new Map([...computePayShares(records)].filter(([to]) => to !== agent))
  const total = [...others.values()].reduce((sum, share) => sum + share, 0)
  return toStreamShares(others, Math.min(STREAM_BPS_MAX, Math.round(total * WHOLE_BPS)))
}

function payTop(
  table: { weightMicro: bigint; houseMicro: bigint },
  { agent, question, pool }: { agent: AgentId; question: NestedQuestion; pool: readonly number[] },
): ReturnType<typeof shareEmission>['payments'] {
  const scored = scoreQuestion({
    outcomeCount: pool.length,
    outcomeIndex: question.outcome,
    snapshotWeightsBps: [WHOLE_BPS],
    house: { weightMicro: table.houseMicro, reference: toReport(question.reference) },
    reporters: [{ agent, weightMicro: table.weightMicro, reports: [toReport(pool)] }],
  })
  table.houseMicro = scored.houseMicro ?? 0n
  table.weightMicro = present(scored.reporters[0], 'the forecaster was scored').weightMicro
  const totalMicro = table.houseMicro + table.weightMicro
  const earnings = scored.reporters
  const earning = { source: question.id, weight: 1n, totalMicro, earnings, budgetMaxMicro: null }
  return shareEmission(EMISSION_MICRO, [earning]).payments
}
