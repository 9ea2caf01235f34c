import {
  createForecastAdversary,
  createPoolingForecaster,
  type Forecaster,
  type ForecastSituation,
  forecastAdversaries,
  type OpenQuestion,
  preferenceOfTheta,
  type Signal,
} from '@commonweal/node/agent'
import {
  type AgentId,
  cidOf,
  digestOf,
  encode,
  invariant,
  present,
  type Report,
  type Statement,
  WHOLE_BPS,
} from '@commonweal/protocol'
import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
import { agentNamed } from './agent-named.ts'
import { binaryReport } from './to-report.ts'
import { createWorld, type WorldQuestion } from './world.ts'

/** What a seller gets and does, among two good ones, who sells to an agent that pools and learns. */
export interface SellerPay {
  /** An adversary, of which the pair counts as one; or an honest aggregator. */
  readonly seller: string
  /** Part of all that the buyer passes on, with a 95 % interval over worlds. */
  readonly share: Interval
  /** What it gets a question beyond an honest seller in its place, in percent of what the buyer earns. */
  readonly gain: Interval
  /** By how much the buyer's mean log loss is above that with an honest seller in its place, in nats. */
  readonly harm: Interval
}

export interface SellerOptions {
  readonly seed: string
  readonly worldCount: number
  readonly questionCount: number
}

/** Sellers of one owner, by their roles; an honest one knows something itself. */
interface Offer {
  readonly name: string
  readonly roles: readonly string[]
}

const HONEST: Offer = { name: 'honest', roles: ['honest'] }
/** No adversary: it adds what it knows to what both good sellers say, and sells the sum. */
const AGGREGATOR: Offer = { name: 'aggregator', roles: ['aggregator'] }
const GOOD: readonly AgentId[] = ['good-0', 'good-1'].map(agentNamed)
const BUYER = agentNamed('buyer')
const GOOD_COINS = 6
const HONEST_COINS = 3
/** What the buyer passes on at the least, in basis points. */
const KEEP_BPS = 2_000

/** Every adversary, and an aggregator, in the place of an honest seller, in the same worlds. */
export function measureSellers(options: SellerOptions): readonly SellerPay[] {
  const worlds = Array.from({ length: options.worldCount }, (_, index) =>
    createWorld({
      seed: `${options.seed}/${index}`,
      questionCount: options.questionCount,
      snapshotCount: 1,
      coinsPerSnapshot: [GOOD_COINS, GOOD_COINS, HONEST_COINS],
    }),
  )
  const honest = worlds.map((world) => playMarket(world, HONEST))
  return listOffers().map((offer) => {
    const runs = worlds.map((world) => playMarket(world, offer))
    const over = (label: string, of: (run: Played, before: Played) => number): Interval =>
      bootstrapMean(
        runs.map((run, index) => of(run, present(honest[index], 'every world is played honestly'))),
        `${options.seed}/${offer.name}/${label}`,
      )
    return {
      seller: offer.name,
      share: over('share', ({ paid, paidAll }) => (paidAll === 0 ? 0 : paid / paidAll)),
      gain: over('gain', (run, before) => {
        return (100 * (run.paid - before.paid)) / options.questionCount
      }),
      harm: over('harm', (run, before) => run.loss - before.loss),
    }
  })
}

function listOffers(): readonly Offer[] {
  const lone = forecastAdversaries
    .filter((name) => !name.startsWith('pair'))
    .map((name) => ({ name, roles: [name] }))
  return [...lone, { name: 'pair', roles: ['pair-high', 'pair-low'] }, AGGREGATOR]
}

interface Played {
  /** To the seller, and to all, in what the buyer earns on one question. */
  readonly paid: number
  readonly paidAll: number
  /** Mean log loss of the buyer. */
  readonly loss: number
}

function playMarket(world: readonly WorldQuestion[], { roles }: Offer): Played {
  const sellers = roles.map((role) => ({ role, agent: agentNamed(role) }))
  const buyer = createPoolingForecaster({
    agent: BUYER,
    suppliers: [...GOOD, ...sellers.map(({ agent }) => agent)],
    prosociality: preferenceOfTheta(0),
    keepBps: KEEP_BPS,
  })
  const adversaries = new Map(
    forecastAdversaries.map((name) => [
      String(name),
      createForecastAdversary(name, { agent: agentNamed(name), suppliers: GOOD }),
    ]),
  )
  let streams: ReturnType<Forecaster['chooseStreams']> = null
  let paid = 0
  let paidAll = 0
  let loss = 0
  for (const [index, { firstCameTrue, beliefs }] of world.entries()) {
    const question = openQuestion(index)
    const outcome = firstCameTrue ? 0 : 1
    const [first = 0.5, second = 0.5, third = 0.5] = beliefs.map(([belief]) => belief)
    const signals = [first, second].map((belief, order) =>
      sign(present(GOOD[order], 'there are two good sellers'), index, order, honestly(belief)),
    )
    for (const { role, agent } of sellers) {
      const adversary = adversaries.get(role)
      const said =
        adversary === undefined
          ? honestly(role === 'aggregator' ? addUp([first, second, third]) : third)
          : atOnce(adversary, { question, snapshot: 0, agent, signals: signals.slice(0, 2) })
      if (said !== null) signals.push(sign(agent, index, signals.length, said))
    }
    for (const { to, bps } of streams ?? []) {
      paidAll += bps / WHOLE_BPS
      if (sellers.some(({ agent }) => agent === to)) paid += bps / WHOLE_BPS
    }
    const pooled = atOnce(buyer, { question, snapshot: 0, agent: BUYER, signals })
    loss -= Math.log(probabilityOf(pooled?.report ?? null, outcome)) / world.length
    const own = pooled === null ? [] : [sign(BUYER, index, signals.length, pooled)]
    buyer.learn({ question, outcome, signals: [...signals, ...own] })
    streams = buyer.chooseStreams() ?? streams
  }
  return { paid, paidAll, loss }
}

function atOnce(forecaster: Forecaster, situation: ForecastSituation): Statement | null {
  const statement = forecaster.forecast(situation)
  invariant(!(statement instanceof Promise), 'closed-form forecasters answer at once')
  return statement
}

function probabilityOf(report: Report | null, outcome: number): number {
  return report === null ? 0.5 : (report[outcome] ?? 0) / WHOLE_BPS
}

function honestly(belief: number): Statement {
  const report = binaryReport(belief)
  return { report, findings: [], parents: [], reasoning: '', hypotheses: [] }
}

/** The belief whose log odds are the sum of those given. */
function addUp(beliefs: readonly number[]): number {
  const odds = beliefs.reduce((product, belief) => (product * belief) / (1 - belief), 1)
  return odds / (1 + odds)
}

function sign(author: AgentId, index: number, order: number, statement: Statement): Signal {
  const digest = digestOf(encode([author, index]))
  return { author, snapshot: 0, digest, statement, order }
}

function openQuestion(index: number): OpenQuestion {
  return {
    id: cidOf(encode(['question', index])),
    text: 'Will the coin fall on heads?',
    topic: `coin/${index}`,
    outcomes: ['heads', 'tails'],
    resolver: { kind: 'schelling' },
    referenceBps: binaryReport(0.5),
    weight: 1,
    openHeight: 0,
    snapshots: [{ closeHeight: 1, weightBps: WHOLE_BPS }],
    resolveHeight: 2,
  }
}
