import {
  type AgentId,
  type Cid,
  type Digest,
  datasetRoot,
  headOf,
  locks,
  marketOf,
  questions,
  type Statement,
  type TransactionBody,
} from '@commonweal/protocol'
import { agentOf, ForecastWorld, RECORDS } from '@commonweal/protocol/testing'
import type { NodeApi } from '../node-api.ts'
import { ApiError } from '../node-api.ts'
import { formatJson } from '../output.ts'

/** Names of a played market, by the name that its world has for them. */
const NAMES: readonly string[] = [
  'registrar-0',
  'forecaster-1',
  'forecaster-2',
  'signal-3',
  'feature-4',
  'data-5',
  ...Array.from({ length: 14 }, (_, index) => `juror-${index + 6}`),
]

/** Events as a node stores them. */
interface Stored {
  readonly height: number
  readonly index: number
  readonly event: unknown
}

/** A ledger that forecasts, and the events of its blocks as a node answers them: for tests of what reads them. */
export class PlayedMarket extends ForecastWorld {
  stored: readonly Stored[] = []
  missing: readonly { readonly first: number; readonly last: number }[] = []

  constructor() {
    super({
      agents: NAMES.length,
      genesis: {
        accounts: NAMES.map((name, index) => ({
          agent: agentOf(index),
          name,
          balanceMicro: 1_000_000_000n,
          bondMicro: 100_000_000n,
        })),
      },
      forecast: {
        schedule: { epochMicro: 100_000_001n, halvingEpochs: 1_000 },
        locks: [1, 2].map((index) => ({ agent: agentOf(index), lockedMicro: 1_000_000_000n })),
        houseWeightMicro: 300_000_000n,
      },
    })
  }

  override execute(envelopes: readonly Uint8Array[]): ReturnType<ForecastWorld['execute']> {
    const before = this.events.length
    const executed = super.execute(envelopes)
    const { height } = this.head
    for (const [index, event] of this.events.slice(before).entries()) {
      const stored = { height, index, event: JSON.parse(formatJson(event)) }
      this.stored = [...this.stored, stored]
    }
    return executed
  }

  /** A node that follows this ledger, with pages of at least this many events. */
  /** As a node that was away, and took a snapshot instead of these blocks. */
  passOver(first: number, last: number): void {
    this.stored = this.stored.filter(({ height }) => height < first || height > last)
    this.missing = [{ first, last }]
  }

  api(pageSize = 5_000): NodeApi {
    return {
      get: async (path) => JSON.parse(formatJson(this.#answer(path, pageSize))),
      post: async () => ({}),
      async *events() {},
    }
  }

  #answer(path: string, pageSize: number): unknown {
    const { pathname, searchParams } = new URL(path, 'http://node')
    switch (pathname) {
      case '/status':
        return {}
      case '/history':
        return { missing: this.missing }
      case '/ledger':
        return this.#ledgerView()
      case '/forecast':
        return this.#marketView()
      case '/forecast/events':
        return this.#page(Number(searchParams.get('after')), pageSize)
      default:
        throw new ApiError(404, `${path}: the node answered 404`)
    }
  }

  #page(after: number, pageSize: number): unknown {
    const page = this.stored.filter(({ height }) => height > after).slice(0, pageSize)
    if (page.length < pageSize) return { events: page, next: null }
    const lastHeight = page.at(-1)?.height ?? 0
    return { events: page.filter(({ height }) => height < lastHeight), next: lastHeight - 1 }
  }

  #marketView(): unknown {
    const { height, epoch } = headOf(this.ledger)
    return {
      height,
      epoch,
      houseWeightMicro: marketOf(this.ledger).houseWeightMicro,
      questions: [...questions.entries(this.ledger)].map(([id, question]) => ({ id, ...question })),
      locks: [...locks.entries(this.ledger)].map(([agent, lock]) => ({ agent, ...lock })),
      streams: [],
    }
  }

  #ledgerView(): unknown {
    const { height, epoch } = headOf(this.ledger)
    return {
      height,
      epoch,
      stateDigest: this.ledger.digest(),
      isConserved: true,
      totals: {},
      accounts: NAMES.map((name, index) => ({
        ...this.account(index),
        agent: agentOf(index),
        name,
      })),
      holds: [],
      validators: [],
    }
  }
}

/** What the questions of {@link playMarket} are called. */
export interface PlayedQuestions {
  readonly market: PlayedMarket
  /** Two snapshots, a supply chain, a forecaster that was wrong; it rained. */
  readonly rain: Cid
  /** forecaster-2 kept its report back. */
  readonly withheld: Cid
  /** Nobody asserted what came true. */
  readonly void: Cid
  /** Decided by a jury. */
  readonly disputed: Cid
  /** Still takes statements. */
  readonly live: Cid
}

/** Words with what no terminal should get from a stranger. */
export const WILD_REASONING = 'warm front\u001b[31m and\u0007 “more”'

/**
 * Plays a market: forecaster-1 passes half on to signal-3, which passes half on to feature-4, which passes on to data-5 and
 * back to forecaster-1, a cycle.
 */
export function playMarket(): PlayedQuestions {
  const market = new PlayedMarket()
  market.block(
    ['1', stream(['3', 5_000])],
    ['3', stream(['4', 5_000])],
    ['4', stream(['1', 2_000], ['5', 3_000])],
  )
  const rain = playRain(market)
  const withheld = market.playQuestion(
    { '1': 7_000, '2': null },
    { topic: 'seattle/2014-03-03/rain', outcomes: ['dry', 'rain'], weight: 3 },
  )
  const voided = playVoid(market)
  const disputed = playDisputed(market)
  const live = market.ask(0, { topic: 'seattle/2014-03-06/rain', outcomes: ['dry', 'rain'] })
  return { market, rain, withheld, void: voided, disputed, live }
}

function stream(...shares: readonly (readonly [to: string, bps: number])[]): TransactionBody {
  return {
    kind: 'stream',
    shares: shares
      .map(([to, bps]): { to: AgentId; bps: number } => ({ to: agentOf(to), bps }))
      .toSorted((a, b) => (a.to < b.to ? -1 : 1)),
  }
}

const NOTHING: Statement = {
  report: null,
  findings: [],
  parents: [],
  reasoning: '',
  hypotheses: [],
}

function playRain(market: PlayedMarket): Cid {
  const openHeight = market.head.height + 2
  const id = market.ask(0, {
    text: 'Will it rain in Seattle on 2014-03-02?',
    topic: 'seattle/2014-03-02/rain',
    outcomes: ['dry', 'rain'],
    referenceBps: [6_000, 4_000],
    resolver: { kind: 'dataset', root: datasetRoot(RECORDS), index: 1, column: 'outcome' },
    openHeight,
    snapshots: [
      { closeHeight: openHeight + 7, weightBps: 4_000 },
      { closeHeight: openHeight + 15, weightBps: 6_000 },
    ],
    resolveHeight: openHeight + 16,
  })
  const said: (readonly [name: string, statement: Statement, snapshot: number])[] = []
  const say = (name: string, given: Partial<Statement>, snapshot: number): Digest => {
    const statement = { ...NOTHING, ...given }
    const seal = market.sealStatement(name, id, statement, snapshot)
    market.act(name, seal)
    said.push([name, statement, snapshot])
    if (seal.kind !== 'seal-statement') throw new Error('a seal is sealed')
    return seal.digest
  }
  market.advanceTo(openHeight - 1)
  const feature = say('4', { findings: [{ name: 'temp_max', value: 125 }] }, 0)
  const signal = say(
    '3',
    { report: [3_500, 6_500], parents: [feature], reasoning: WILD_REASONING },
    0,
  )
  const early = say(
    '1',
    {
      report: [3_000, 7_000],
      parents: [signal, feature, UNKNOWN],
      hypotheses: ['fronts come in pairs'],
    },
    0,
  )
  say('2', { report: [9_000, 1_000] }, 0)
  market.advanceTo(openHeight + 8)
  say('1', { report: [2_000, 8_000], parents: [early] }, 1)
  market.advanceToStage(id, 'revealing')
  market.block(
    ...said.map(
      ([name, statement, snapshot]) =>
        [name, market.openStatement(name, id, statement, snapshot)] as const,
    ),
  )
  market.advanceTo(openHeight + 16)
  market.act(0, market.resolution(id))
  if (market.hasQuestion(id)) market.endEpoch()
  return id
}

/** The digest of no statement that was ever opened. */
const UNKNOWN = datasetRoot(RECORDS.slice(0, 1))

function playVoid(market: PlayedMarket): Cid {
  const id = market.ask(0, { topic: 'seattle/2014-03-04/rain', resolver: { kind: 'schelling' } })
  while (market.hasQuestion(id)) market.block()
  return id
}

function playDisputed(market: PlayedMarket): Cid {
  const id = market.ask(0, { topic: 'who/won', resolver: { kind: 'schelling' } })
  const said = { ...NOTHING, report: [2_000, 8_000] }
  market.advanceTo(market.question(id).openHeight - 1)
  market.act('1', market.sealStatement('1', id, said))
  market.advanceToStage(id, 'revealing')
  market.act('1', market.openStatement('1', id, said))
  market.advanceToStage(id, 'waiting')
  market.advanceTo(market.question(id).resolveHeight - 1)
  market.act('18', { kind: 'assert', question: id, outcome: 0 })
  market.act('19', { kind: 'dispute', question: id, outcome: 1 })
  market.advanceToStage(id, 'jury')
  const jurors = market.lastEvent('jury-drawn').jurors.map((agent) => market.nameOf(agent))
  market.block(...jurors.map((name) => [name, market.sealVerdict(name, id, 1)] as const))
  market.block(...jurors.map((name) => [name, market.openVerdict(name, id, 1)] as const))
  if (market.hasQuestion(id)) market.endEpoch()
  return id
}
