import type { Interval } from '../../statistics/bootstrap.ts'
import { measureWeatherSkill, WEATHER_PLAN, type WeatherSkill } from '../weather-skill.ts'
import { type Measured, written } from './section.ts'

/** What the forecasts of a supply chain are worth, on the real weather. */
export async function weatherSection(): Promise<Measured> {
  const paying = measureWeatherSkill(WEATHER_PLAN)
  const servingAll = measureWeatherSkill({ ...WEATHER_PLAN, servesAll: true })
  return {
    figures: { paying, servingAll },
    lines: [
      `Seattle's weather, ${WEATHER_PLAN.scoredFrom} to ${WEATHER_PLAN.last}, known the day before`,
      ...paying.flatMap(describeSkill),
      '  the same, were suppliers to serve also who pays nothing',
      ...servingAll.flatMap(describeGains),
    ],
  }
}

function describeSkill(skill: WeatherSkill): readonly string[] {
  const { kind, questionCount, scores } = skill
  const heading = `${kind}, ${questionCount} questions`.padEnd(30)
  return [
    `  ${heading}log loss   Brier   skill   silent`,
    ...scores.map(({ role, logLoss, brier, skill: against, silentCount }) => {
      const figures = [logLoss.toFixed(4).padStart(8), brier.toFixed(4).padStart(8)].join('')
      const percent = `${(100 * against.climatology).toFixed(1)} %`.padStart(9)
      return `    ${role.padEnd(28)}${figures}${percent}${`${silentCount}`.padStart(8)}`
    }),
    ...describeGains(skill),
  ]
}

function describeGains({ kind, gain, gainOverBest }: WeatherSkill): readonly string[] {
  const gains: readonly (readonly [string, Interval])[] = [
    ...Object.entries(gain),
    [gainOverBest.role, gainOverBest.gain],
  ]
  return gains.map(
    ([baseline, interval]) =>
      `    ${`${kind}: forecaster's gain on ${baseline}`.padEnd(44)}${written(interval)}`,
  )
}
