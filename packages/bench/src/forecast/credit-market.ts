import {
  type CreditMethodName,
  computePayShares,
  computePool,
  creditMethods,
  emptyBook,
  type HeardQuestion,
  KEEP_BPS_DEFAULT,
  type PayTerms,
  preferenceOfTheta,
  probabilitiesOf,
  SERVING_TERMS_DEFAULT,
  type SupplierBook,
  stepBook,
  toPayStreams,
  toStreamShares,
  type WeightRuleName,
  weightOf,
  weightRules,
} from '@commonweal/node/agent'
import { type AgentId, WHOLE_BPS } from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
import { agentNamed } from './agent-named.ts'
import { rankCorrelation } from './rank-correlation.ts'
import { binaryReport } from './to-report.ts'
import { createWorld } from './world.ts'

/** What a way to divide credit pays in a market of nine sellers. */
export interface MarketPay {
  readonly method: CreditMethodName
  /** Part of all that was passed on which each kind of seller took, with 95 % intervals over worlds. */
  readonly good: Interval
  readonly copy: Interval
  readonly weak: Interval
  /** The five names together. */
  readonly noise: Interval
  /** Mean log loss of the buyer's pool, in nats. */
  readonly loss: number
}

export interface MarketOptions {
  readonly seed: string
  readonly worldCount: number
  readonly questionCount: number
  /** Logits by which the copy at most differs from the first good seller; .1 unless given. */
  readonly copyDistanceMax?: number
  /** How the buyer learns its weights; by the rule unless given. */
  readonly weights?: WeightRuleName
  /** Whether it passes on one part of all it earns, by shares alone, and keeps the money where nobody's worth is certain; not unless given. */
  readonly isFixedPart?: boolean
  /** Ways to divide credit; all unless given. */
  readonly methods?: readonly CreditMethodName[]
}

/** The default first. */
const METHODS: readonly CreditMethodName[] = [
  'aumann-shapley',
  'leave-one-out',
  'monte-carlo-shapley',
  'commit-order',
  'equal',
]

export type SellerKind = 'good' | 'copy' | 'weak' | 'noise'

/** Coins that sellers see: two good ones, and one that sees few. */
const GOOD_COINS = 6
const WEAK_COINS = 1
const NOISE_COUNT = 5
const COPY_DISTANCE_DEFAULT = 0.1
const REFERENCE = probabilitiesOf(binaryReport(0.5))
/** Of a buyer that counts itself only. */
const TERMS: PayTerms = {
  keepBps: KEEP_BPS_DEFAULT,
  askingBps: SERVING_TERMS_DEFAULT.askingBps,
  prosociality: preferenceOfTheta(0),
}

interface Seller {
  readonly agent: AgentId
  readonly kind: SellerKind
}

/** In the order of their seals: noise need not wait for anything, and the copy seals what it has seen. */
const SELLERS: readonly Seller[] = [
  ...Array.from({ length: NOISE_COUNT }, (_, index): Seller => {
    return { agent: agentNamed(`noise-${index}`), kind: 'noise' }
  }),
  { agent: agentNamed('good-0'), kind: 'good' },
  { agent: agentNamed('good-1'), kind: 'good' },
  { agent: agentNamed('copy'), kind: 'copy' },
  { agent: agentNamed('weak'), kind: 'weak' },
]

/**
 * Who takes what of a buyer's money, for each way to divide credit: of two good sellers, one that copies the first but for a
 * little, one that knows little, and five names of one owner who knows nothing and tells of coins that do not exist.
 */
export function measureCreditMarket(options: MarketOptions): readonly MarketPay[] {
  const worlds = Array.from({ length: options.worldCount }, (_, index) =>
    drawMarket(`${options.seed}/${index}`, options),
  )
  return (options.methods ?? METHODS).map((method) => {
    const runs = worlds.map((world) => playMarket(world, method, options))
    const part = (kind: SellerKind): Interval =>
      bootstrapMean(
        runs.map(({ paid }) => partOf(paid, kind)),
        `${options.seed}/${method}/${kind}`,
      )
    return {
      method,
      good: part('good'),
      copy: part('copy'),
      weak: part('weak'),
      noise: part('noise'),
      loss: sumOf(runs.map(({ loss }) => loss)) / runs.length,
    }
  })
}

/**
 * One world: which part of all that was passed on each kind of seller took, the mean losses of the buyer's pool, and the rank
 * correlation of pay with marginal value over the nine sellers, null where all are paid alike.
 */
export function playCreditWorld(
  seed: string,
  options: Omit<MarketOptions, 'seed' | 'worldCount'>,
  method: CreditMethodName,
): {
  readonly shares: Readonly<Record<SellerKind, number>>
  readonly loss: number
  readonly brier: number
  readonly payCorrelation: number | null
} {
  const market = drawMarket(seed, options)
  const { paid, paidBySeller, loss, brier } = playMarket(market, method)
  const shares = {
    good: partOf(paid, 'good'),
    copy: partOf(paid, 'copy'),
    weak: partOf(paid, 'weak'),
    noise: partOf(paid, 'noise'),
  }
  const payCorrelation = rankCorrelation(paidBySeller, marginalValues(market, loss))
  return { shares, loss, brier, payCorrelation }
}

/** By seller: how much more the buyer would lose without it, having learned without it too. Credit does not touch what it loses. */
function marginalValues(market: readonly HeardQuestion[], loss: number): readonly number[] {
  return SELLERS.map(({ agent }) => {
    const without = market.map((question) => ({
      ...question,
      heard: question.heard.filter(({ supplier }) => supplier !== agent),
    }))
    return playMarket(without, 'equal').loss - loss
  })
}

function drawMarket(
  seed: string,
  {
    questionCount,
    copyDistanceMax = COPY_DISTANCE_DEFAULT,
  }: Omit<MarketOptions, 'seed' | 'worldCount'>,
): readonly HeardQuestion[] {
  const plan = { questionCount, snapshotCount: 1 }
  const world = createWorld({
    ...plan,
    seed,
    coinsPerSnapshot: [GOOD_COINS, GOOD_COINS, WEAK_COINS],
  })
  // Coins of another world: as bold as the good sellers, and about nothing.
  const noise = Array.from({ length: NOISE_COUNT }, (_, index) =>
    createWorld({ ...plan, seed: `${seed}/noise/${index}`, coinsPerSnapshot: [GOOD_COINS] }),
  )
  const random = new Random(seed, 'copy')
  return world.map(({ firstCameTrue, beliefs }, index): HeardQuestion => {
    const [first = 0.5, second = 0.5, weak = 0.5] = beliefs.map(([belief]) => belief)
    const copy = shiftLogit(first, copyDistanceMax * (random.next() / 2 ** 31 - 1))
    const invented = noise.map((other) => other[index]?.beliefs[0]?.[0] ?? 0.5)
    return {
      id: `${seed}/${index}`,
      reference: REFERENCE,
      outcome: firstCameTrue ? 0 : 1,
      heard: [...invented, first, second, copy, weak].flatMap((belief, order) => {
        const supplier = SELLERS[order]?.agent
        if (supplier === undefined) return []
        return [{ supplier, order, probabilities: probabilitiesOf(binaryReport(belief)) }]
      }),
    }
  })
}

/** Earns one unit with each question, and passes on part of it by what was learned from those before. */
function playMarket(
  market: readonly HeardQuestion[],
  method: CreditMethodName,
  { weights = 'newton', isFixedPart = false }: Pick<MarketOptions, 'weights' | 'isFixedPart'> = {},
): {
  readonly paid: ReadonlyMap<SellerKind, number>
  readonly paidBySeller: readonly number[]
  readonly loss: number
  readonly brier: number
} {
  const paid = new Map<SellerKind, number>()
  const paidBySeller = SELLERS.map(() => 0)
  const learning = { credit: creditMethods[method], weights: weightRules[weights] }
  let book: SupplierBook = emptyBook
  let loss = 0
  let brier = 0
  for (const question of market) {
    const streams = isFixedPart
      ? toStreamShares(computePayShares(book.records), TERMS.keepBps)
      : toPayStreams(book, TERMS)
    for (const [index, { agent, kind }] of SELLERS.entries()) {
      const share = (streams.find(({ to }) => to === agent)?.bps ?? 0) / WHOLE_BPS
      paid.set(kind, (paid.get(kind) ?? 0) + share)
      paidBySeller[index] = (paidBySeller[index] ?? 0) + share
    }
    const parts = question.heard.map(({ supplier, probabilities }) => ({
      probabilities,
      weight: weightOf(book.weights, supplier),
    }))
    const pool = computePool({ reference: question.reference, parts })
    loss -= Math.log(pool[question.outcome] ?? 0) / market.length
    for (const [outcome, probability] of pool.entries()) {
      brier += (probability - Number(outcome === question.outcome)) ** 2 / market.length
    }
    book = stepBook(book, question, learning)
  }
  return { paid, paidBySeller, loss, brier }
}

/** 0 where nothing was paid to anybody. */
function partOf(paid: ReadonlyMap<SellerKind, number>, kind: SellerKind): number {
  const all = sumOf(paid.values())
  return all === 0 ? 0 : (paid.get(kind) ?? 0) / all
}

function shiftLogit(probability: number, by: number): number {
  return 1 / (1 + ((1 - probability) / probability) * Math.exp(-by))
}

function sumOf(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
