import type { AgentId, Finding } from '@commonweal/protocol'
import { agentIdOf, cidOf, digestOf, encode } from '@commonweal/protocol'
import type { OpenQuestion, Signal } from '../forecaster.ts'
import { formatTopic, type WeatherTopic } from './topic.ts'
import { shiftDate, type WeatherColumn, type WeatherDay } from './weather-day.ts'
import { createWeatherQuestions } from './weather-questions.ts'

/** Days that a test makes up: dry and sunny, but for what it says of the day at an index. */
export function madeDays(
  first: string,
  count: number,
  columnsAt: (index: number) => Partial<Record<WeatherColumn, number>> = () => ({}),
): readonly WeatherDay[] {
  const calm = { precipitation: 0, temp_max: 150, temp_min: 50, wind: 30, class: 4 }
  return Array.from({ length: count }, (_, index) => ({
    date: shiftDate(first, index),
    columns: { ...calm, ...columnsAt(index) },
  }))
}

/** An agent of a test. */
export function madeAgent(name: string): AgentId {
  return agentIdOf(
    Uint8Array.from({ length: 32 }, (_, index) => name.charCodeAt(index % name.length)),
  )
}

/** A question of a test; any topic. */
export function madeQuestion(topic: WeatherTopic | string): OpenQuestion {
  const { date, kind } = typeof topic === 'string' ? { date: '2014-03-02', kind: 'rain' } : topic
  const root = digestOf(encode('made'))
  const questions = createWeatherQuestions({ date, history: [], root, index: 0, weight: 1 })
  const [rain, weather] = questions
  const undated = kind === 'rain' ? rain : weather
  if (undated === undefined) throw new RangeError('a day has two questions')
  return {
    ...undated,
    topic: typeof topic === 'string' ? topic : formatTopic(topic),
    openHeight: 0,
    snapshots: [{ closeHeight: 1, weightBps: 10_000 }],
    resolveHeight: 2,
    id: cidOf(encode(topic)),
  }
}

/** A statement of findings. */
export function madeSignal(author: AgentId, findings: readonly Finding[], order = 0): Signal {
  const statement = { report: null, findings, parents: [], reasoning: '', hypotheses: [] }
  const digest = digestOf(encode([author, statement, order]))
  return { author, snapshot: 0, digest, statement, order }
}
