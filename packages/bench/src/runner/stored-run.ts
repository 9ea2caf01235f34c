import { z } from 'zod'
import { type ModelFacts, modelFactsSchema } from '../experiment/llm/model-facts.ts'
import type { RunPlan } from '../experiment/run-plan.ts'
import type { Metrics, RunResult } from '../experiment/run-result.ts'

/** A run that is over, as the tables need it. The outcome itself stays in its line. */
export type StoredRun = {
  readonly id: string
  readonly events: readonly StoredEvent[]
  /** What it asked of models, where it asked any. */
  readonly asked?: ModelFacts
} & (
  | { readonly status: 'done'; readonly outcomeDigest: string; readonly metrics: Metrics }
  | { readonly status: 'failed'; readonly reason: string }
)

type StoredEvent = Readonly<Record<string, unknown>>

const idSchema = z.string().regex(/^[0-9a-f]{32}$/)
const eventsSchema = z.array(z.looseObject({ kind: z.string(), round: z.int() }))
const storedSchema: z.ZodType<StoredRun, unknown> = z.discriminatedUnion('status', [
  z.object({
    id: idSchema,
    status: z.literal('done'),
    outcomeDigest: z.string(),
    metrics: z.record(z.string(), z.number().nullable()),
    events: eventsSchema,
    asked: z.exactOptional(modelFactsSchema),
  }),
  z.object({
    id: idSchema,
    status: z.literal('failed'),
    reason: z.string(),
    events: eventsSchema,
    asked: z.exactOptional(modelFactsSchema),
  }),
])

/** One line of `runs.jsonl`. */
export function formatRun({ id }: Pick<RunPlan, 'id'>, result: RunResult): string {
  return JSON.stringify({ id, ...result })
}

/** Undefined where the line is none of {@link formatRun}. */
export function parseRun(line: string): StoredRun | undefined {
  try {
    return storedSchema.safeParse(JSON.parse(line)).data
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
