import type { AgentId, Finding, Statement, StreamShares } from '@commonweal/protocol'
import type { Customer, Forecaster, ForecastSituation, SettledQuestion } from '../forecaster.ts'
import { servesCustomer } from '../serving.ts'
import { DayBook } from './day-book.ts'
import { EqualStreams } from './equal-streams.ts'
import { type FeatureFamily, featureFamilies } from './features.ts'
import { gatherFindings, parentsOf, type SourcedFinding } from './findings.ts'
import { WEATHER_SERVING } from './serving-terms.ts'
import { parseTopic, type WeatherTopic } from './topic.ts'
import { shiftDate, type WeatherDay } from './weather-day.ts'

export interface FeatureAgentOptions {
  readonly family: FeatureFamily
  readonly suppliers: readonly AgentId[]
  readonly history: readonly WeatherDay[]
}

/** Derives findings from those of data agents, which it remembers. */
export class FeatureAgent implements Forecaster {
  readonly name: string
  readonly suppliers: readonly AgentId[]
  readonly #family: FeatureFamily
  readonly #book: DayBook
  readonly #streams = new EqualStreams()

  constructor({ family, suppliers, history }: FeatureAgentOptions) {
    this.name = `feature:${family}`
    this.suppliers = suppliers
    this.#family = family
    this.#book = new DayBook(history)
  }

  forecast({ question, signals }: ForecastSituation): Statement | null {
    const topic = parseTopic(question.topic)
    if (topic === null) return null
    const { findings, used } = this.#derive(topic, gatherFindings(signals, this.suppliers))
    if (findings.length === 0) return null
    const written = findings.map(({ name, value }) => `${name} ${value}`)
    return {
      report: null,
      findings,
      parents: parentsOf(used),
      reasoning: `Derived for ${topic.date} from the days before it: ${written.join(', ')}.`,
      hypotheses: [],
    }
  }

  learn({ question, signals }: SettledQuestion): void {
    const topic = parseTopic(question.topic)
    if (topic === null) return
    const told = gatherFindings(signals, this.suppliers)
    this.#streams.note(this.#derive(topic, told).used.map(({ author }) => author))
    this.#book.note(shiftDate(topic.date, -1), told)
  }

  /** The findings for a day, and those told about the day before that they were derived from. */
  #derive(
    { date }: WeatherTopic,
    told: readonly SourcedFinding[],
  ): { readonly findings: readonly Finding[]; readonly used: readonly SourcedFinding[] } {
    const yesterday = shiftDate(date, -1)
    const recall = this.#book.recallWith(yesterday, told)
    const asked = new Set<string>()
    const findings = featureFamilies[this.#family](date, (day, column) => {
      if (day === yesterday) asked.add(column)
      return recall(day, column)
    })
    return { findings, used: told.filter(({ name }) => asked.has(name)) }
  }

  chooseStreams(): StreamShares | null {
    return this.#streams.choose()
  }

  serves(customer: Customer): boolean {
    return servesCustomer(customer, WEATHER_SERVING)
  }
}
