import { valuePercentOf } from '@commonweal/protocol'
import type { RunResult as CommonsRun } from '../../run/rounds.ts'
import type { RoundsConfig } from '../../run/rounds-config.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { Metrics, RunEvent, RunResult } from '../run-result.ts'
import type { ExperimentSeat } from '../seat-plan.ts'
import {
  type AgreedFacts,
  agreedTerms,
  agreementEvents,
  agreementMetrics,
  type LawFacts,
} from './agreement-metrics.ts'
import { computeFirstBest } from './commons-first-best.ts'
import { payoffsByGroup, welfareMetrics } from './welfare.ts'

/** What came of a commons, from what every fidelity knows of it. */
export interface CommonsFacts
  extends Pick<CommonsRun, 'metrics' | 'rows' | 'values' | 'creditsMicro' | 'burnedMicro'> {
  readonly agreements: readonly AgreedFacts[]
  readonly laws: readonly LawFacts[]
}

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

/** What a run was worth to each seat: its catch, and what laws gave it less what they took, in units of payoff. */
export function commonsPayoffs(
  { unitMicro }: RoundsConfig['params'],
  { values, creditsMicro }: Pick<CommonsFacts, 'values' | 'creditsMicro'>,
): readonly number[] {
  return values.map((value, seat) => value + Number(creditsMicro[seat] ?? 0n) / Number(unitMicro))
}

function metricsOf(
  config: RoundsConfig,
  seats: readonly ExperimentSeat[],
  facts: CommonsFacts,
): Metrics {
  const { params, contract } = config
  const { metrics, values, burnedMicro, agreements, rows } = facts
  const unitMicro = Number(params.unitMicro)
  const payoffs = commonsPayoffs(params, facts)
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
