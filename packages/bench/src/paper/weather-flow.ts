import {
  type AgentId,
  computeFlow,
  present,
  type StreamShares,
  scoreQuestion,
  shareEmission,
  WHOLE_BPS,
} from '@commonweal/protocol'
import { agentNamed } from '../forecast/agent-named.ts'
import {
  playWeatherChain,
  reportsOf,
  SEATTLE_WEATHER,
  type WeatherRow,
} from '../forecast/weather-chain.ts'

/** What passed between the roles of a chain of forecasting agents, and what each kept, as parts of all that was paid. */
export interface WeatherFlow {
  readonly questionCount: number
  readonly links: readonly { readonly from: string; readonly to: string; readonly part: number }[]
  readonly kept: ReadonlyMap<string, number>
  /** Σ kept − Σ paid, in micro-tokens: must be 0. */
  readonly errorMicro: bigint
}

const FORECASTER = 'forecaster'
const EMISSION_MICRO = 1_000_000_000n
const WEIGHT_MICRO = 9_000_000_000n
/** A tenth of all weight. */
const HOUSE_MICRO = 1_000_000_000n

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
  #weightMicro = WEIGHT_MICRO
  #houseMicro = HOUSE_MICRO
  #paidMicro = 0n
  readonly #kept = new Map<AgentId, bigint>()
  readonly #passed = new Map<AgentId, Map<AgentId, bigint>>()

  pay(row: WeatherRow, streams: ReadonlyMap<AgentId, StreamShares>): void {
    const payments = this.#score(row)
    for (const { amountMicro } of payments) this.#paidMicro += amountMicro
    const { nets, transfers } = computeFlow(payments, streams)
    for (const { agent, amountMicro } of nets) add(this.#kept, agent, amountMicro)
    for (const { from, to, amountMicro } of transfers) {
      const ofSender = this.#passed.get(from) ?? new Map<AgentId, bigint>()
      add(ofSender, to, amountMicro)
      this.#passed.set(from, ofSender)
    }
  }

  #score({ question, outcome, ...row }: WeatherRow): ReturnType<typeof shareEmission>['payments'] {
    const report = reportsOf({ question, outcome, ...row }).get(FORECASTER)
    const agent = agentNamed(FORECASTER)
    const scored = scoreQuestion({
      outcomeCount: question.outcomes.length,
      outcomeIndex: outcome,
      snapshotWeightsBps: [WHOLE_BPS],
      house: { weightMicro: this.#houseMicro, reference: question.referenceBps },
      reporters:
        report === undefined ? [] : [{ agent, weightMicro: this.#weightMicro, reports: [report] }],
    })
    this.#houseMicro = present(scored.houseMicro, 'a house that was given is scored')
    this.#weightMicro = scored.reporters[0]?.weightMicro ?? this.#weightMicro
    const earning = {
      source: question.id,
      weight: 1n,
      totalMicro: this.#houseMicro + this.#weightMicro,
      earnings: scored.reporters,
      budgetMaxMicro: null,
    }
    return shareEmission(EMISSION_MICRO, [earning]).payments
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
