import { valuePercentOf } from '@commonweal/protocol'
import type { RunResult as CommonsRun } from '../../run/rounds.ts'
import type { RoundsConfig } from '../../run/rounds-config.ts'
import { doneRun, eventOf } from '../done-run.ts'
import type { Metrics, RunEvent, RunResult } from '../run-result.ts'
import { computeFirstBest } from './commons-first-best.ts'
import { welfareMetrics } from './welfare.ts'

/** What came of a commons, from what every fidelity knows of it. */
export type CommonsFacts = Pick<
  CommonsRun,
  'metrics' | 'rows' | 'values' | 'creditsMicro' | 'burnedMicro' | 'agreements' | 'laws'
>

/** The outcome, metrics and events of a run of a commons. */
export function concludeCommons(config: RoundsConfig, facts: CommonsFacts): RunResult {
  const { rows, laws, creditsMicro, burnedMicro, agreements } = facts
  const formed = agreements.map(({ round, terms }) => ({
    round,
    rounds: terms.rounds,
    text: terms.text,
    law: terms.law,
  }))
  const enforced = laws.map(({ round, records }) => ({ round, records }))
  const happened = { rows, agreements: formed, laws: enforced, creditsMicro, burnedMicro }
  return doneRun(happened, metricsOf(config, facts), eventsOf(facts))
}

function metricsOf(config: RoundsConfig, facts: CommonsFacts): Metrics {
  const { params, contract } = config
  const { metrics, values, creditsMicro, burnedMicro, agreements, rows } = facts
  const unitMicro = Number(params.unitMicro)
  const payoffs = values.map((value, seat) => value + Number(creditsMicro[seat] ?? 0n) / unitMicro)
  const covered = rows.filter(({ round }) =>
    agreements.some(({ terms: { rounds } }) => rounds[0] <= round && round <= rounds[1]),
  )
  const best = computeFirstBest(params, values.length)
  const mostValued = Math.max(...values.map((_, seat) => valuePercentOf(params, seat))) / 100
  const welfare = welfareMetrics(payoffs)
  const isBare = contract === 'none'
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
    gap: best === null ? null : best * mostValued - welfare.welfare,
    formation: isBare ? null : Number(agreements.length > 0),
    activation: isBare ? null : covered.length / Math.max(1, rows.length),
    sanctions: Number(burnedMicro) / unitMicro,
  }
}

function eventsOf({ rows, agreements, laws }: CommonsFacts): readonly RunEvent[] {
  return rows.flatMap((row) => {
    const { round } = row
    const formed = agreements.filter((agreement) => agreement.round === round)
    const law = laws.find((entry) => entry.round === round)
    return [
      ...formed.map(({ terms, holders }) => {
        const facts = { rounds: terms.rounds, text: terms.text, holders }
        return eventOf('agreement-formed', round, facts)
      }),
      eventOf('round-settled', round, row),
      ...(law === undefined || law.records.length === 0
        ? []
        : [eventOf('law-applied', round, { records: law.records })]),
    ]
  })
}
