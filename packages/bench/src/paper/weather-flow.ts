import { type AgentId, computeFlow, type StreamShares } from '@commonweal/protocol'
import { agentNamed } from '../forecast/agent-named.ts'
import { playWeatherChain, SEATTLE_WEATHER, type WeatherRow } from '../forecast/weather-chain.ts'
import { WeatherMarket } from '../forecast/weather-market.ts'

/** What passed between the roles of a chain of forecasting agents, and what each kept, as parts of all that was paid. */
export interface WeatherFlow {
  readonly questionCount: number
  readonly links: readonly { readonly from: string; readonly to: string; readonly part: number }[]
  readonly kept: ReadonlyMap<string, number>
  /** Σ kept − Σ paid, in micro-tokens: must be 0. */
  readonly errorMicro: bigint
}

const WEIGHT_MICRO = 9_000_000_000n

/** Plays the chain over days of real weather and pays it: score, emission, then the streams that its agents chose. */
export async function measureWeatherFlow(first: string, last: string): Promise<WeatherFlow> {
  const till = new Till()
  const roles = new Set<string>()
  const rows = await playWeatherChain({
    seriesPath: SEATTLE_WEATHER,
    first,
    last,
    onSettled: (row, streams) => till.pay(row, streams),
  })
  for (const { statements } of rows) for (const { role } of statements) roles.add(role)
  return till.conclude([...roles], rows.length)
}

class Till {
  readonly #market = new WeatherMarket(WEIGHT_MICRO)
  #paidMicro = 0n
  readonly #kept = new Map<AgentId, bigint>()
  readonly #passed = new Map<AgentId, Map<AgentId, bigint>>()

  pay(row: WeatherRow, streams: ReadonlyMap<AgentId, StreamShares>): void {
    const payments = this.#market.settle(row)
    for (const { amountMicro } of payments) this.#paidMicro += amountMicro
    const { nets, transfers } = computeFlow(payments, streams)
    for (const { agent, amountMicro } of nets) add(this.#kept, agent, amountMicro)
    for (const { from, to, amountMicro } of transfers) {
      const ofSender = this.#passed.get(from) ?? new Map<AgentId, bigint>()
      add(ofSender, to, amountMicro)
      this.#passed.set(from, ofSender)
    }
  }

  conclude(roles: readonly string[], questionCount: number): WeatherFlow {
    const partOf = (micro: bigint): number => Number(micro) / Number(this.#paidMicro)
    const links = roles.flatMap((from) =>
      roles.flatMap((to) => {
        const micro = this.#passed.get(agentNamed(from))?.get(agentNamed(to)) ?? 0n
        return micro === 0n ? [] : [{ from, to, part: partOf(micro) }]
      }),
    )
    const kept = new Map(
      roles.map((role) => [role, partOf(this.#kept.get(agentNamed(role)) ?? 0n)]),
    )
    const keptMicro = [...this.#kept.values()].reduce((sum, micro) => sum + micro, 0n)
    return { questionCount, links, kept, errorMicro: keptMicro - this.#paidMicro }
  }
}

function add(amounts: Map<AgentId, bigint>, agent: AgentId, micro: bigint): void {
  amounts.set(agent, (amounts.get(agent) ?? 0n) + micro)
}
