import { type AgentId, present } from '@commonweal/protocol'
import { playWeatherChain } from '../forecast/weather-chain.ts'
import { createWeatherNetwork, SEATTLE_WEATHER } from '../forecast/weather-network.ts'

/** What passed between the roles of a chain of forecasting agents, and what each kept, as parts of all that was paid. */
export interface WeatherFlow {
  readonly questionCount: number
  readonly links: readonly { readonly from: string; readonly to: string; readonly part: number }[]
  readonly kept: ReadonlyMap<string, number>
  /** Σ kept − Σ paid, in micro-tokens: must be 0. */
  readonly errorMicro: bigint
}

/** Plays the chain over days of real weather: score, emission, then the streams that its agents chose. */
export function measureWeatherFlow(first: string, last: string): WeatherFlow {
  const plan = { seriesPath: SEATTLE_WEATHER, first, last }
  const { roles } = createWeatherNetwork(plan)
  const roleOf = (agent: AgentId): string => present(roles.get(agent), 'who is paid has a role')
  const rows = playWeatherChain(plan)
  const kept = new Map([...roles.values()].map((role) => [role, 0n]))
  const passed = new Map<string, { readonly from: string; readonly to: string; micro: bigint }>()
  let paidMicro = 0n
  for (const { payments, transfers, nets } of rows) {
    for (const { amountMicro } of payments) paidMicro += amountMicro
    for (const { agent, amountMicro } of nets) {
      kept.set(roleOf(agent), (kept.get(roleOf(agent)) ?? 0n) + amountMicro)
    }
    for (const transfer of transfers) {
      const [from, to] = [roleOf(transfer.from), roleOf(transfer.to)]
      const link = passed.get(`${from}/${to}`) ?? { from, to, micro: 0n }
      link.micro += transfer.amountMicro
      passed.set(`${from}/${to}`, link)
    }
  }
  const partOf = (micro: bigint): number => Number(micro) / Number(paidMicro)
  const keptMicro = [...kept.values()].reduce((sum, micro) => sum + micro, 0n)
  const places = [...roles.values()]
  const links = [...passed.values()]
    .toSorted(
      (a, b) =>
        places.indexOf(a.from) - places.indexOf(b.from) ||
        places.indexOf(a.to) - places.indexOf(b.to),
    )
    .map(({ from, to, micro }) => ({ from, to, part: partOf(micro) }))
  return {
    questionCount: rows.length,
    links,
    kept: new Map([...kept].map(([role, micro]) => [role, partOf(micro)])),
    errorMicro: keptMicro - paidMicro,
  }
}
