import { digestOfJson, type JsonValue, toJson } from './canonical-json.ts'
import type { DoneRun, Metrics, RunEvent } from './run-result.ts'

/** A run that is over, its outcome digested. The metrics are part of the outcome. */
export function doneRun(happened: object, metrics: Metrics, events: readonly RunEvent[]): DoneRun {
  const outcome = toJson({ ...happened, metrics })
  return { status: 'done', outcome, outcomeDigest: digestOfJson(outcome), metrics, events }
}

/** What happened in a round, as an event. */
export function eventOf(kind: string, round: number, facts: object): RunEvent {
  const fields = Object.entries(facts).map(([name, fact]): [string, JsonValue] => [
    name,
    toJson(fact),
  ])
  return { ...Object.fromEntries(fields), kind, round }
}
