import { valuePercentOf } from '@commonweal/protocol'
import type { RunResult as CommonsRun } from '../../run/rounds.ts'
import type { RoundsConfig } from '../../run/rounds-config.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { Metrics, RunEvent, RunResult } from '../run-result.ts'
import type { ExperimentSeat } from '../seat-plan.ts'
import { agreedTerms, agreementEvents, agreementMetrics } from './agreement-metrics.ts'
import { computeFirstBest } from './commons-first-best.ts'
import { payoffsByGroup, welfareMetrics } from './welfare.ts'

/** What came of a commons, from what every fidelity knows of it. */
export type CommonsFacts = Pick<
  CommonsRun,
  'metrics' | 'rows' | 'values' | 'creditsMicro' | 'burnedMicro' | 'agreements' | 'laws'
>

/** The outcome, metrics and events of a run of a commons. */
export function concludeCommons(
  config: RoundsConfig,
  seats: readonly ExperimentSeat[],
  facts: CommonsFacts,
): RunResult {
  const { rows, laws, creditsMicro, burnedMicro, agreements } = facts
  const enforced = laws.map(({ round, records }) => ({ round, records }))
  const happened = {
    rows,
    agreements: agreedTerms(agreements),
    laws: enforced,
    creditsMicro,
    burnedMicro,
  }
  return doneRun(happened, metricsOf(config, seats, facts), eventsOf(facts))
}

function metricsOf(
  config: RoundsConfig,
  seats: readonly ExperimentSeat[],
  facts: CommonsFacts,
): Metrics {
  const { params, contract } = config
  const { metrics, values, creditsMicro, burnedMicro, agreements, rows } = facts
  const unitMicro = Number(params.unitMicro)
  const payoffs = values.map((value, seat) => value + Number(creditsMicro[seat] ?? 0n) / unitMicro)
  const best = computeFirstBest(params, values.length)
  const mostValued = Math.max(...values.map((_, seat) => valuePercentOf(params, seat))) / 100
  const welfare = welfareMetrics(payoffs)
  const { m, q, R, u, u12, e, o } = metrics
  return {
    m,
    q,
    R,
    u,
    u12,
    e,
    o,
    ...welfare,
    ...payoffsByGroup(seats, payoffs),
    gap: best === null ? null : best * mostValued - welfare.welfare,
    ...agreementMetrics(
      contract,
      agreements,
      rows.map(({ round }) => round),
    ),
    sanctions: Number(burnedMicro) / unitMicro,
  }
}

function eventsOf({ rows, agreements, laws }: CommonsFacts): readonly RunEvent[] {
  return rows.flatMap((row) => {
    const { round } = row
    const law = laws.find((entry) => entry.round === round)
    return [
      ...agreementEvents(agreements, round),
      eventOf('round-settled', round, row),
      ...(law === undefined || law.records.length === 0
        ? []
        : [eventOf('law-applied', round, { records: law.records })]),
    ]
  })
}
