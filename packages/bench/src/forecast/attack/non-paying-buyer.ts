import {
  createPoolingForecaster,
  type Forecaster,
  type OpenQuestion,
  prosocialityOfLambda,
  type ServingTerms,
  type Signal,
  servesCustomer,
} from '@commonweal/node/agent'
import {
  type AgentId,
  cidOf,
  digestOf,
  invariant,
  present,
  type Report,
  type Statement,
  type StreamShares,
  scoreQuestion,
  shareEmission,
  WHOLE_BPS,
} from '@commonweal/protocol'
import { bootstrapMean, type Interval } from '../../statistics/bootstrap.ts'
import { agentNamed } from '../agent-named.ts'
import { binaryReport } from '../to-report.ts'
import { createWorld, type WorldQuestion } from '../world.ts'

/** What an agent gains that takes its suppliers' signals and pays nothing, over the same agent paying them. */
export interface NonPayingGain {
  /** Mean log loss of its reports once probation is over, beyond that of the payer, in nats. */
  readonly loss: Interval
  /** Forecasting weight at the end, beyond that of the payer, as a part of the stake. */
  readonly weight: Interval
  /** Emission that it keeps over all questions, beyond what the payer keeps, as a part of that. */
  readonly kept: Interval
  /** The same on the last quarter of the questions. */
  readonly keptLate: Interval
}

export interface BuyerOptions {
  /** Coins that the buyer sees itself. */
  readonly ownCoins: number
  readonly seed: string
  readonly worldCount: number
  readonly questionCount: number
}

const SUPPLIERS: readonly AgentId[] = [0, 1, 2].map((index) => agentNamed(`supplier-${index}`))
const SUPPLIER_COINS = 6
const SERVING: ServingTerms = { probationCount: 30, askingBps: 300 }
const KEEP_BPS = 2_000

const BUYER = agentNamed('buyer')
/** A second name of the buyer, under which it sells itself what it believes: what that is paid stays with it. */
const OWN_DESK = agentNamed('own desk')
const OTHERS: readonly AgentId[] = Array.from({ length: 9 }, (_, index) =>
  agentNamed(`other-${index}`),
)
/** Coins that the others see, who buy nothing. */
const OTHER_COINS = 3
const STAKE_MICRO = 1_000_000_000n
const HOUSE_MICRO = STAKE_MICRO
const EMISSION_MICRO = 1_000_000_000n
const REFERENCE: Report = [5_000, 5_000]

/**
 * Plays both buyers in the same worlds, with three suppliers who serve whom they must: everybody for a while, afterwards those
 * who pay what is asked. A buyer pools what it is sent with what it believes itself; one that nobody serves says what it believes.
 */
export function measureNonPayingBuyer(options: BuyerOptions): NonPayingGain {
  const runs = Array.from({ length: options.worldCount }, (_, index) => {
    const world = createWorld({
      seed: `${options.seed}/${index}`,
      questionCount: options.questionCount,
      snapshotCount: 1,
      coinsPerSnapshot: [
        options.ownCoins,
        ...OTHERS.map(() => OTHER_COINS),
        ...SUPPLIERS.map(() => SUPPLIER_COINS),
      ],
    })
    return { nonPayer: playBuyer(world, false), payer: playBuyer(world, true) }
  })
  const gain = (
    label: string,
    of: (nonPayer: BuyerResult, payer: BuyerResult) => number,
  ): Interval =>
    bootstrapMean(
      runs.map(({ nonPayer, payer }) => of(nonPayer, payer)),
      `${options.seed}/non-paying buyer/${label}`,
    )
  const late = Math.floor((options.questionCount * 3) / 4)
  return {
    loss: gain('loss', (nonPayer, payer) =>
      meanOf(
        nonPayer.losses
          .map((loss, index) => loss - (payer.losses[index] ?? 0))
          .slice(SERVING.probationCount),
      ),
    ),
    weight: gain(
      'weight',
      (nonPayer, payer) => Number(nonPayer.weightMicro - payer.weightMicro) / Number(STAKE_MICRO),
    ),
    kept: gain('kept', (nonPayer, payer) => meanOf(nonPayer.kept) / meanOf(payer.kept) - 1),
    keptLate: gain(
      'kept late',
      (nonPayer, payer) => meanOf(nonPayer.kept.slice(late)) / meanOf(payer.kept.slice(late)) - 1,
    ),
  }
}

interface BuyerResult {
  /** By question. */
  readonly losses: readonly number[]
  readonly kept: readonly number[]
  readonly weightMicro: bigint
}

/** What is on the ledger: forecasting weights, and what the buyer passes on. */
interface Market {
  readonly weights: Map<AgentId, bigint>
  houseMicro: bigint
  streams: StreamShares
}

function playBuyer(world: readonly WorldQuestion[], pays: boolean): BuyerResult {
  const buyer = createBuyer()
  const market: Market = {
    weights: new Map([BUYER, ...OTHERS].map((agent) => [agent, STAKE_MICRO])),
    houseMicro: HOUSE_MICRO,
    streams: [],
  }
  const servedCounts = new Map<AgentId, number>()
  const losses: number[] = []
  const kept: number[] = []
  for (const [index, { firstCameTrue, beliefs }] of world.entries()) {
    const question = openQuestion(index)
    const outcome = firstCameTrue ? 0 : 1
    const opened = signalsOfSuppliers(index, beliefs)
    const sent = opened.filter(({ author }) => {
      const bps = market.streams.find(({ to }) => to === author)?.bps ?? 0
      const servedCount = servedCounts.get(author) ?? 0
      return servesCustomer({ agent: BUYER, bps, servedCount }, SERVING)
    })
    for (const { author } of sent) servedCounts.set(author, (servedCounts.get(author) ?? 0) + 1)
    const believed = beliefs.map(([belief = 0.5]) => binaryReport(belief))
    const ownReport = present(believed[0], 'the buyer believes something')
    const own = signalOf(OWN_DESK, index, opened.length, state(ownReport))
    const signals = [...sent, own]
    const pooled =
      sent.length === 0 ? null : buyer.forecast({ question, snapshot: 0, agent: BUYER, signals })
    invariant(!(pooled instanceof Promise), 'a pooling forecaster answers at once')
    const report = pooled?.report ?? ownReport
    losses.push(-Math.log((report[outcome] ?? 0) / WHOLE_BPS))
    kept.push(settle(market, question.id, outcome, [report, ...believed.slice(1)]))
    const said = signalOf(BUYER, index, opened.length + 1, {
      ...state(report),
      parents: signals.map(({ digest }) => digest),
    })
    buyer.learn({ question, outcome, signals: [...opened, own, said] })
    if (pays) market.streams = buyer.chooseStreams() ?? market.streams
  }
  return { losses, kept, weightMicro: market.weights.get(BUYER) ?? 0n }
}

/** Scores and pays one question. Returns what the buyer keeps of its emission, in micro-units. */
function settle(
  market: Market,
  source: string,
  outcome: number,
  reports: readonly Report[],
): number {
  const { houseMicro, reporters } = scoreQuestion({
    outcomeCount: 2,
    outcomeIndex: outcome,
    snapshotWeightsBps: [WHOLE_BPS],
    house: { weightMicro: market.houseMicro, reference: REFERENCE },
    reporters: [...market.weights].map(([agent, weightMicro], place) => ({
      agent,
      weightMicro,
      reports: [present(reports[place], 'everybody reports')],
    })),
  })
  market.houseMicro = houseMicro ?? 0n
  for (const { agent, weightMicro } of reporters) market.weights.set(agent, weightMicro)
  const totalMicro = [...market.weights.values()].reduce(
    (sum, micro) => sum + micro,
    market.houseMicro,
  )
  const { payments } = shareEmission(EMISSION_MICRO, [
    { source, weight: 1n, budgetMaxMicro: null, totalMicro, earnings: reporters },
  ])
  const paidMicro = payments.find(({ agent }) => agent === BUYER)?.amountMicro ?? 0n
  const passedBps = market.streams.reduce((sum, { bps }) => sum + bps, 0)
  return Number(paidMicro) * (1 - passedBps / WHOLE_BPS)
}

function createBuyer(): Forecaster {
  const selfish = prosocialityOfLambda(0)
  invariant(selfish.ok, '0 is a weight')
  return createPoolingForecaster({
    agent: BUYER,
    suppliers: [...SUPPLIERS, OWN_DESK],
    own: OWN_DESK,
    prosociality: selfish.value,
    keepBps: KEEP_BPS,
    askingBps: SERVING.askingBps,
  })
}

function openQuestion(index: number): OpenQuestion {
  return {
    id: cidOf(Buffer.from(`question ${index}`)),
    text: 'Will the coin fall on heads?',
    topic: `coin/${index}`,
    outcomes: ['heads', 'tails'],
    resolver: { kind: 'schelling' },
    referenceBps: REFERENCE,
    weight: 1,
    openHeight: 0,
    snapshots: [{ closeHeight: 1, weightBps: WHOLE_BPS }],
    resolveHeight: 2,
  }
}

/** The last of those who believe something are the suppliers. */
function signalsOfSuppliers(
  index: number,
  beliefs: readonly (readonly number[])[],
): readonly Signal[] {
  return SUPPLIERS.map((supplier, order) => {
    const [belief = 0.5] = beliefs[OTHERS.length + 1 + order] ?? []
    return signalOf(supplier, index, order, state(binaryReport(belief)))
  })
}

function state(report: Report): Statement {
  return { report, findings: [], parents: [], reasoning: '', hypotheses: [] }
}

function signalOf(author: AgentId, index: number, order: number, statement: Statement): Signal {
  const digest = digestOf(Buffer.from(`${author} ${index}`))
  return { author, snapshot: 0, digest, statement, order }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
