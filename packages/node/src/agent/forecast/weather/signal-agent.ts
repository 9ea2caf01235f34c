import type { AgentId, Statement, StreamShares } from '@commonweal/protocol'
import type { Customer, Forecaster, ForecastSituation, SettledQuestion } from '../forecaster.ts'
import { servesCustomer } from '../serving.ts'
import { toReport } from '../to-report.ts'
import { AnalogueModel } from './analogue.ts'
import { ClimatologyModel } from './climatology.ts'
import { EqualStreams } from './equal-streams.ts'
import { gatherFindings, parentsOf, type SourcedFinding } from './findings.ts'
import { LogisticModel } from './logistic.ts'
import { MarkovModel } from './markov.ts'
import { type Sample, samplesOf, type WeatherModel } from './model.ts'
import { WEATHER_SERVING } from './serving-terms.ts'
import { parseTopic, type WeatherKind } from './topic.ts'
import type { WeatherDay } from './weather-day.ts'

/** The models that a signal agent can hold. */
export type SignalModel = 'climatology' | 'markov' | 'logistic' | 'analogue'

type Create = (kind: WeatherKind, history: readonly Sample[]) => WeatherModel

export const signalModels: Readonly<Record<SignalModel, Create>> = {
  climatology: (kind) => new ClimatologyModel(kind),
  markov: (kind) => new MarkovModel(kind),
  logistic: (kind, history) => new LogisticModel(kind, history),
  analogue: (kind, history) => new AnalogueModel(kind, history),
}

const HYPOTHESES: Readonly<Record<SignalModel, string>> = {
  climatology: 'A day is like the same days of other years.',
  markov: 'A day depends on the day before, and differently in each half of the year.',
  logistic: 'Each finding speaks for or against an outcome by itself, and their voices add up.',
  analogue: 'What followed days like yesterday follows again.',
}

export interface SignalAgentOptions {
  readonly model: SignalModel
  readonly suppliers: readonly AgentId[]
  readonly history: readonly WeatherDay[]
}

/** Sells the report of one model, which learns from each day. */
export class SignalAgent implements Forecaster {
  readonly name: string
  readonly suppliers: readonly AgentId[]
  readonly #hypothesis: string
  readonly #models: Readonly<Record<WeatherKind, WeatherModel>>
  readonly #streams = new EqualStreams()

  constructor({ model, suppliers, history }: SignalAgentOptions) {
    this.name = `signal:${model}`
    this.suppliers = suppliers
    this.#hypothesis = HYPOTHESES[model]
    const samples = samplesOf(history)
    const trained = (kind: WeatherKind): WeatherModel => {
      const made = signalModels[model](kind, samples)
      for (const sample of samples) made.learn(sample, sample.outcomes[kind])
      return made
    }
    this.#models = { rain: trained('rain'), class: trained('class') }
  }

  forecast({ question, signals }: ForecastSituation): Statement | null {
    const topic = parseTopic(question.topic)
    if (topic === null) return null
    const model = this.#models[topic.kind]
    const used = this.#usedBy(model, gatherFindings(signals, this.suppliers))
    const { probabilities, reasoning } = model.predict({ date: topic.date, values: valuesOf(used) })
    return {
      report: toReport(probabilities),
      findings: [],
      parents: parentsOf(used),
      reasoning,
      hypotheses: [this.#hypothesis],
    }
  }

  learn({ question, outcome, signals }: SettledQuestion): void {
    const topic = parseTopic(question.topic)
    if (topic === null || outcome === null) return
    const model = this.#models[topic.kind]
    const used = this.#usedBy(model, gatherFindings(signals, this.suppliers))
    this.#streams.note(used.map(({ author }) => author))
    model.learn({ date: topic.date, values: valuesOf(used) }, outcome)
  }

  chooseStreams(): StreamShares | null {
    return this.#streams.choose()
  }

  serves(customer: Customer): boolean {
    return servesCustomer(customer, WEATHER_SERVING)
  }

  #usedBy(model: WeatherModel, told: readonly SourcedFinding[]): readonly SourcedFinding[] {
    return told.filter(({ name }) => model.names.includes(name))
  }
}

function valuesOf(findings: readonly SourcedFinding[]): ReadonlyMap<string, number> {
  return new Map(findings.map(({ name, value }) => [name, value]))
}
