import type { OpenQuestion, Signal } from '@commonweal/node/agent'
import {
  type AgentId,
  type ChainEvent,
  type Cid,
  present,
  type StreamShares,
} from '@commonweal/protocol'

/** Events from which all that came of questions follows. */
export const MARKET_EVENT_KINDS = [
  'question-asked',
  'statement-opened',
  'question-settled',
  'stream-set',
  'emission-settled',
] as const

type MarketEventKind = (typeof MARKET_EVENT_KINDS)[number]
export type MarketEvent = Extract<ChainEvent, { readonly kind: MarketEventKind }>

export function isMarketEvent(event: ChainEvent): event is MarketEvent {
  return MARKET_EVENT_KINDS.some((kind) => kind === event.kind)
}

type Emission = Extract<ChainEvent, { readonly kind: 'emission-settled' }>
/** What was paid for one question, what passed down the streams, and what everybody keeps. */
type Pay = Pick<Emission, 'payments' | 'transfers' | 'nets'>

/** A question that is settled: what came true, what everybody said, and where its pay went. */
export interface MarketRow extends Pay {
  readonly question: OpenQuestion
  /** Null where it is void. */
  readonly outcome: number | null
  /** What was opened, the earliest seal first. */
  readonly signals: readonly Signal[]
  /** What everybody who ever set a stream passes on of what it earns for this question. [FOR-9] */
  readonly streams: ReadonlyMap<AgentId, StreamShares>
}

interface Version {
  readonly fromHeight: number
  readonly shares: StreamShares
}

type OpenRow = Pick<MarketRow, 'question' | 'signals'>

/** Reads the events of a market in their order, at whatever fidelity they happened. */
export class MarketReader {
  /** Of questions that are settled and paid. */
  readonly rows: MarketRow[] = []
  readonly #open = new Map<Cid, OpenRow>()
  /** In this block, and not paid yet. */
  #settled: readonly Omit<MarketRow, keyof Pay>[] = []
  /** The newest last. */
  readonly #streams = new Map<AgentId, readonly Version[]>()

  take(event: MarketEvent): void {
    switch (event.kind) {
      case 'question-asked': {
        const { question: id, body } = event
        this.#open.set(id, { question: { ...body, id }, signals: [] })
        break
      }
      case 'statement-opened': {
        const { question, kind: _, ...signal } = event
        const row = present(this.#open.get(question), 'what is spoken of was asked')
        this.#open.set(question, { ...row, signals: [...row.signals, signal] })
        break
      }
      case 'stream-set': {
        const { agent, fromHeight, shares } = event
        const before = this.#streams.get(agent) ?? []
        this.#streams.set(agent, [...before, { fromHeight, shares }])
        break
      }
      case 'question-settled': {
        const { question, signals } = present(this.#open.get(event.question), 'it was asked')
        this.#open.delete(event.question)
        const streams = this.#streamsAt(question.openHeight)
        const inOrder = signals.toSorted((a, b) => a.order - b.order)
        this.#settled = [
          ...this.#settled,
          { question, outcome: event.outcome, signals: inOrder, streams },
        ]
        break
      }
      case 'emission-settled':
        this.rows.push(
          ...this.#settled.map((row) => ({ ...row, ...paidFor(row.question.id, event) })),
        )
        this.#settled = []
    }
  }

  #streamsAt(openHeight: number): MarketRow['streams'] {
    return new Map(
      [...this.#streams].flatMap(([agent, versions]) => {
        const version = versions.findLast(({ fromHeight }) => fromHeight <= openHeight)
        return version === undefined ? [] : [[agent, version.shares] as const]
      }),
    )
  }
}

/** Every token keeps its source. [EMI-12] */
function paidFor(id: Cid, { payments, transfers, nets }: Emission): Pay {
  const isOf = ({ source }: { readonly source: string }): boolean => source === id
  return {
    payments: payments.filter(isOf),
    transfers: transfers.filter(isOf),
    nets: nets.filter(isOf),
  }
}
