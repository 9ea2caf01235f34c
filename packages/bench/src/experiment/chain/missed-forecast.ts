import { servesCustomer, WEATHER_SERVING } from '@commonweal/node/agent'
import type { AgentId, Cid } from '@commonweal/protocol'
import type { MarketEvent, MarketRow } from '../../forecast/market-reader.ts'
import { FORECASTER } from '../../forecast/weather-network.ts'
import type { WeatherSetup } from '../weather-setup.ts'

/** An event of a market, as far as results are made of it. */
export type SeenMarketEvent =
  | MarketEvent
  | { readonly kind: 'slashed'; readonly agent: AgentId; readonly offence: string }

/** What came of a market, and how. */
export interface SeenMarket {
  readonly events: readonly SeenMarketEvent[]
  /** Of the same events. */
  readonly rows: readonly MarketRow[]
}

/**
 * The first act of an honest agent that came too late for the market, in a sentence; null where none did.
 *
 * Such a run says nothing about the agents: what it came to is what the network did.
 */
export function findMissedForecast(
  setup: WeatherSetup,
  { events, rows }: SeenMarket,
): string | null {
  return findLateAct(setup, events) ?? findUnheard(setup, rows)
}

/** Everybody acts on what the last settlement taught before the next question opens, and on a day before any of it is settled. */
function findLateAct({ network }: WeatherSetup, events: readonly SeenMarketEvent[]): string | null {
  const open = new Map<Cid, { topic: string; openHeight: number; settledBefore: number }>()
  let settledCount = 0
  for (const event of events) {
    switch (event.kind) {
      case 'slashed':
        return `${nameIn(network, event.agent)} missed its phase: ${event.offence}`
      case 'question-asked': {
        const { topic, openHeight } = event.body
        open.set(event.question, { topic, openHeight, settledBefore: settledCount })
        break
      }
      case 'stream-set': {
        const opened = [...open.values()].find(
          ({ openHeight, settledBefore }) =>
            settledBefore === settledCount && openHeight < event.fromHeight,
        )
        if (opened === undefined) break
        return `${nameIn(network, event.agent)} changed its streams after ${opened.topic} had opened`
      }
      case 'statement-opened': {
        const question = open.get(event.question)
        if (question === undefined || question.settledBefore === settledCount) break
        return `${question.topic} was still open when another question was settled`
      }
      case 'question-settled':
        if (event.outcome === null) {
          return `${open.get(event.question)?.topic ?? event.question} was not resolved in time`
        }
        settledCount += 1
        open.delete(event.question)
        break
      case 'emission-settled':
    }
  }
  return null
}

/**
 * Whoever is served speaks, after the seals of all its suppliers; and who pools says whom it has heard. A forecaster that a file
 * decides for may be silent, ask others, and name whom it likes.
 */
function findUnheard({ chain, network }: WeatherSetup, rows: readonly MarketRow[]): string | null {
  const { genesis, agents } = network
  for (const [place, row] of rows.entries()) {
    // Both questions of a day are answered before either counts.
    const servedCount = place - (place % 2)
    for (const [seat, { agent, name }] of genesis.accounts.entries()) {
      const weather = agents[seat]?.weather
      if (weather === undefined || weather.asks !== null) continue
      if (chain.createForecaster !== undefined && weather.role === FORECASTER) continue
      const shares = row.streams.get(agent) ?? []
      const isServedBy = (supplier: AgentId): boolean => {
        const bps = shares.find(({ to }) => to === supplier)?.bps ?? 0
        return chain.servesAll || servesCustomer({ agent, bps, servedCount }, WEATHER_SERVING)
      }
      const missed = findUnheardBy({ ...weather, agent, isServedBy }, row)
      if (missed === null) continue
      const supplier = missed.supplier === null ? '' : ` ${nameIn(network, missed.supplier)} on`
      return `${name} ${missed.what}${supplier} ${row.question.topic}`
    }
  }
  return null
}

interface Listener {
  readonly agent: AgentId
  readonly role: string
  readonly suppliers: readonly AgentId[]
  readonly isServedBy: (supplier: AgentId) => boolean
}

function findUnheardBy(
  { agent, role, suppliers, isServedBy }: Listener,
  { signals }: MarketRow,
): { readonly what: string; readonly supplier: AgentId | null } | null {
  const own = signals.find(({ author }) => author === agent)
  if (own === undefined) {
    const mayBeSilent = suppliers.length > 0 && !suppliers.some(isServedBy)
    return mayBeSilent ? null : { what: 'did not seal in time what it says of', supplier: null }
  }
  const supplies = signals.filter(({ author }) => suppliers.includes(author))
  const later = supplies.find(({ order }) => order > own.order)
  if (later !== undefined) return { what: 'did not wait for', supplier: later.author }
  if (role !== FORECASTER) return null
  const { parents } = own.statement
  const unheard = supplies.find(
    ({ author, digest }) => isServedBy(author) && !parents.includes(digest),
  )
  return unheard === undefined ? null : { what: 'did not hear', supplier: unheard.author }
}

function nameIn({ genesis }: WeatherSetup['network'], agent: AgentId): string {
  return genesis.accounts.find((account) => account.agent === agent)?.name ?? agent
}
