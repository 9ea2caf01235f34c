import { type Report, WHOLE_BPS } from '@commonweal/protocol'

/** How far probabilities were from what came true. */
export interface ForecastScore {
  /** −ln of what was given to what came true, in nats. */
  readonly logLoss: number
  /** Σ over outcomes of (probability − 1 or 0)²: 0 to 2. */
  readonly brier: number
}

/** The same on average over questions. */
export interface MeanScore extends ForecastScore {
  readonly questionCount: number
}

/** The arithmetic pool, as probabilities. */
export function computeArithmeticPool(
  said: readonly { readonly report: Report; readonly weightMicro: bigint }[],
): readonly number[] {
  const total = said.reduce((sum, { weightMicro }) => sum + Number(weightMicro), 0)
  const outcomes = said[0]?.report ?? []
  return outcomes.map((_, outcome) => {
    const weighted = said.map(
      ({ report, weightMicro }) => Number(weightMicro) * (report[outcome] ?? 0),
    )
    return weighted.reduce((sum, part) => sum + part, 0) / total / WHOLE_BPS
  })
}

export function scoreForecast(
  probabilities: readonly number[],
  outcomeIndex: number,
): ForecastScore {
  const brier = probabilities.reduce(
    (sum, probability, outcome) => sum + (probability - (outcome === outcomeIndex ? 1 : 0)) ** 2,
    0,
  )
  return { logLoss: -Math.log(probabilities[outcomeIndex] ?? 0), brier }
}

/** The average; null without a question. */
export function meanScore(scores: readonly ForecastScore[]): MeanScore | null {
  if (scores.length === 0) return null
  const mean = (pick: (score: ForecastScore) => number): number =>
    scores.reduce((sum, score) => sum + pick(score), 0) / scores.length
  return {
    questionCount: scores.length,
    logLoss: mean(({ logLoss }) => logLoss),
    brier: mean(({ brier }) => brier),
  }
}
