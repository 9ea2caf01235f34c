import {
  type AgentId,
  headOf,
  type Ledger,
  locks,
  marketOf,
  questions,
  type StreamShares,
  streamOf,
  streams,
} from '@commonweal/protocol'
import type { EventQuery, StorePort } from '../ports.ts'
import { type EventPage, readEventPage } from '../store/read-events.ts'

/** The forecasting market as the ledger has it; undefined in a network without one. */
export interface ForecastView {
  readonly height: number
  readonly epoch: number
  readonly houseWeightMicro: bigint
  /** Not settled, by id. */
  readonly questions: readonly unknown[]
  readonly locks: readonly {
    readonly agent: AgentId
    readonly lockedMicro: bigint
    readonly weightMicro: bigint
  }[]
  /** For questions that open from here on. */
  readonly streams: readonly { readonly agent: AgentId; readonly shares: StreamShares }[]
}

export function viewForecast(ledger: Ledger): ForecastView {
  const { height, epoch } = headOf(ledger)
  return {
    height,
    epoch,
    houseWeightMicro: marketOf(ledger).houseWeightMicro,
    questions: [...questions.entries(ledger)].map(([id, question]) => ({ id, ...question })),
    locks: [...locks.entries(ledger)].map(([agent, { lockedMicro, weightMicro }]) => ({
      agent,
      lockedMicro,
      weightMicro,
    })),
    streams: [...streams.entries(ledger)].map(([agent]) => ({
      agent,
      shares: streamOf(ledger, agent, Number.MAX_SAFE_INTEGER),
    })),
  }
}

/** Events of the market, from which every weight and every payment follows. */
const FORECAST_EVENT_KINDS: NonNullable<EventQuery['kinds']> = [
  'question-asked',
  'question-lapsed',
  'question-stage',
  'statement-opened',
  'outcome-asserted',
  'outcome-disputed',
  'jury-drawn',
  'jury-tallied',
  'dispute-settled',
  'question-settled',
  'stream-set',
  'emission-settled',
  'slashed',
]

/** Events in one answer, unless one block has more; always whole blocks. */
const EVENTS_MAX = 5_000

/** A page of them, oldest first; `next` is what to ask for then, null at the end. */
export function viewForecastEvents(
  store: Pick<StorePort, 'events'>,
  afterHeight: number,
): EventPage {
  const kinds = FORECAST_EVENT_KINDS
  return readEventPage(store, { afterHeight, kinds, countMax: EVENTS_MAX })
}
