import {
  type AgentId,
  type Cid,
  createDataset,
  type Dataset,
  type ForecastBody,
  headOf,
  type Ledger,
  present,
  type Question,
  questions,
} from '@commonweal/protocol'
import type { QuestionOpener } from '../question-opener.ts'
import { formatTopic, parseTopic, WEATHER_KINDS } from './topic.ts'
import type { WeatherDay } from './weather-day.ts'
import { createWeatherQuestions, weatherRecords } from './weather-questions.ts'

export interface RegistrarOptions {
  /** The agent's own id. */
  readonly agent: AgentId
  /** The whole series, of which it asks about the days from `first` on. */
  readonly days: readonly WeatherDay[]
  readonly first: string
  readonly dayCount: number
  /** Heights that a question takes seals for. */
  readonly windowHeights: number
  /** Who answers: the series as a data set, or whoever bonds for what it has seen. */
  readonly resolution: WeatherResolution
}

export type WeatherResolution = 'record' | 'assertion'

/** What was sent and is in no block after so many heights is sent again. */
const RESEND_HEIGHTS = 20
/**
 * Heights between asking and opening. A stream counts for questions that open after the block that takes it [FOR-9]: whoever has
 * learned from the day before has the eight heights of any act to change its own first.
 */
const LEAD_HEIGHTS = 10

/**
 * Asks both questions about each day in turn, and, where the series is the judge, opens the day's record for one after the
 * other: an epoch pays all questions that are settled with it together, and which epoch that is for two at once would depend on
 * blocks. The next day's come when these are settled: by then everybody has learned from them.
 */
export class WeatherRegistrar implements QuestionOpener {
  readonly #options: RegistrarOptions
  readonly #records: ReturnType<typeof weatherRecords>
  readonly #dataset: Dataset
  readonly #asked = new Set<string>()
  /** What was sent, and when. */
  readonly #sentHeight = new Map<string, number>()

  constructor(options: RegistrarOptions) {
    this.#options = options
    this.#records = weatherRecords(options.days)
    this.#dataset = createDataset(this.#records)
  }

  /** What others ask under its topics is not its own: a stranger could else ask about every day before it, and stop it. */
  onAsked(topic: string, author: AgentId): void {
    if (author === this.#options.agent) this.#asked.add(topic)
  }

  chooseActs(ledger: Ledger): readonly ForecastBody[] {
    const { height } = headOf(ledger)
    const next = this.#ownIn(ledger)
      .toSorted(([, a], [, b]) => a.openHeight - b.openHeight || placeOf(a) - placeOf(b))
      .at(0)
    if (next === undefined) return this.#askNext(height)
    const [id, question] = next
    const { stage, resolveHeight, resolver } = question
    if (resolver.kind === 'schelling') return []
    if (stage.at !== 'waiting' || resolveHeight > height + 1) return []
    return this.#once(id, height, () => this.#resolve(id, question))
  }

  /** What the operator asks by hand, of another data set or about something else, is not for it to wait for. */
  #ownIn(ledger: Ledger): readonly (readonly [Cid, Question])[] {
    const { agent } = this.#options
    return [...questions.entries(ledger)].filter(
      ([, { author, resolver, topic }]) =>
        author === agent &&
        (resolver.kind === 'schelling'
          ? parseTopic(topic) !== null
          : resolver.root === this.#dataset.root),
    )
  }

  #resolve(question: Cid, { resolver }: Question): ForecastBody {
    const index = resolver.kind === 'schelling' ? 0 : resolver.index
    const record = present(this.#records[index], 'a question names a day of the series')
    return { kind: 'resolve', question, record, proof: this.#dataset.prove(index) }
  }

  /** The questions of the first day that is not asked about; none when all are. */
  #askNext(height: number): readonly ForecastBody[] {
    const { days, first, dayCount, windowHeights, resolution } = this.#options
    const { root } = this.#dataset
    const from = days.findIndex(({ date }) => date === first)
    for (let index = from; index < Math.min(from + dayCount, days.length); index++) {
      const { date } = present(days[index], 'the day is in the series')
      // Before the house's report is computed, which takes the whole history.
      if (WEATHER_KINDS.every((kind) => this.#asked.has(formatTopic({ date, kind })))) continue
      const history = days.slice(0, index)
      const undated = createWeatherQuestions({ date, history, root, index, weight: 1 })
      const missing = undated.filter(({ topic }) => !this.#asked.has(topic))
      const openHeight = height + LEAD_HEIGHTS
      const closeHeight = openHeight + windowHeights - 1
      return missing.flatMap((question) =>
        this.#once(question.topic, height, () => ({
          kind: 'question',
          ...question,
          ...(resolution === 'assertion' ? { resolver: { kind: 'schelling' } } : {}),
          openHeight,
          snapshots: [{ closeHeight, weightBps: 10_000 }],
          resolveHeight: closeHeight + 1,
        })),
      )
    }
    return []
  }

  #once(key: string, height: number, act: () => ForecastBody): readonly ForecastBody[] {
    const sent = this.#sentHeight.get(key)
    if (sent !== undefined && height < sent + RESEND_HEIGHTS) return []
    this.#sentHeight.set(key, height)
    return [act()]
  }
}

/** The place of a question among those of its day. */
function placeOf({ topic }: Question): number {
  const parsed = parseTopic(topic)
  return parsed === null ? WEATHER_KINDS.length : WEATHER_KINDS.indexOf(parsed.kind)
}
