import type { AgentId, Cid } from '@commonweal/protocol'
import type { MarketEvent } from '../../forecast/market-reader.ts'
import type { WeatherNetwork } from '../../forecast/weather-network.ts'

/** An event of a market, as far as results are made of it. */
export type SeenMarketEvent =
  | MarketEvent
  | { readonly kind: 'slashed'; readonly agent: AgentId; readonly offence: string }

/** What is asked and not settled, and what was said of it. */
interface OpenQuestion {
  readonly topic: string
  readonly openHeight: number
  /** Questions that were settled before it was asked. */
  readonly settledBefore: number
  /** Places of the seals, by author. */
  readonly orders: Map<AgentId, number>
}

/**
 * The first act of an honest agent that came too late for the market, in a sentence; null where none did.
 *
 * Such a run says nothing about the agents: what it came to is what the network did.
 */
export function findMissedSignal(
  network: WeatherNetwork,
  events: readonly SeenMarketEvent[],
): string | null {
  const roleOf = (agent: AgentId): string => network.roles.get(agent) ?? 'the registrar'
  const open = new Map<Cid, OpenQuestion>()
  let settledCount = 0
  for (const event of events) {
    switch (event.kind) {
      case 'slashed':
        return `${roleOf(event.agent)} missed its phase: ${event.offence}`
      case 'question-asked': {
        const { topic, openHeight } = event.body
        open.set(event.question, {
          topic,
          openHeight,
          settledBefore: settledCount,
          orders: new Map(),
        })
        break
      }
      case 'stream-set': {
        const late = [...open.values()].find(
          ({ openHeight, settledBefore }) =>
            settledBefore === settledCount && openHeight < event.fromHeight,
        )
        if (late === undefined) break
        return `${roleOf(event.agent)} changed its streams after ${late.topic} had opened`
      }
      case 'statement-opened': {
        const question = open.get(event.question)
        question?.orders.set(event.author, event.order)
        if (question === undefined || question.settledBefore === settledCount) break
        return `${question.topic} was still open when another question was settled`
      }
      case 'question-settled': {
        settledCount += 1
        const question = open.get(event.question)
        open.delete(event.question)
        if (question === undefined) break
        if (event.outcome === null) return `${question.topic} was resolved too late, and is void`
        const missed = findUnheard(network, question, roleOf)
        if (missed !== null) return missed
        break
      }
      case 'emission-settled':
    }
  }
  return null
}

/** Who waits for nobody always speaks, and whoever speaks has waited for the seals of its suppliers. */
function findUnheard(
  { genesis, agents }: WeatherNetwork,
  { topic, orders }: OpenQuestion,
  roleOf: (agent: AgentId) => string,
): string | null {
  for (const [index, { agent }] of genesis.accounts.entries()) {
    const weather = agents[index]?.weather
    if (weather === undefined || weather.asks !== null) continue
    const order = orders.get(agent)
    if (order === undefined) {
      if (weather.suppliers.length > 0) continue
      return `${roleOf(agent)} did not seal what it says of ${topic} in time`
    }
    const unheard = weather.suppliers.find((supplier) => (orders.get(supplier) ?? -1) > order)
    if (unheard === undefined) continue
    return `${roleOf(agent)} did not wait for ${roleOf(unheard)} on ${topic}`
  }
  return null
}
