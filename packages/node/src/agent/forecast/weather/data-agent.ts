import type { AgentId, Statement, StreamShares } from '@commonweal/protocol'
import type { Customer, Forecaster, ForecastSituation, Witness } from '../forecaster.ts'
import { servesCustomer } from '../serving.ts'
import { WEATHER_SERVING } from './serving-terms.ts'
import { parseTopic } from './topic.ts'
import { shiftDate, type WeatherColumn } from './weather-day.ts'
import type { DayBefore } from './weather-file.ts'
import { createWitness } from './witness.ts'

/** Holds some columns of the series, and hands on those of the day before the one that a question is about. */
export class DataAgent implements Forecaster {
  readonly name: string
  readonly suppliers: readonly AgentId[] = []
  readonly witness: Witness
  readonly #columns: readonly WeatherColumn[]
  readonly #dayBefore: DayBefore

  constructor(columns: readonly WeatherColumn[], dayBefore: DayBefore) {
    this.name = `data:${columns.join(',')}`
    this.#columns = columns
    this.#dayBefore = dayBefore
    this.witness = createWitness(dayBefore)
  }

  forecast({ question }: ForecastSituation): Statement | null {
    const topic = parseTopic(question.topic)
    const day = topic === null ? null : this.#dayBefore(topic.date)
    if (topic === null || day === null) return null
    const findings = this.#columns.map((name) => ({ name, value: day.columns[name] }))
    return {
      report: null,
      findings,
      parents: [],
      reasoning: `Measured on ${shiftDate(topic.date, -1)}: ${this.#columns.join(', ')}.`,
      hypotheses: [],
    }
  }

  learn(): void {}

  chooseStreams(): StreamShares | null {
    return null
  }

  serves(customer: Customer): boolean {
    return servesCustomer(customer, WEATHER_SERVING)
  }
}
