import { z } from 'zod'
import { type MandateConfig, mandateSchema } from '../agent/llm/model-config.ts'

/** How agents outside the network may talk to this node's agent, over A2A. */
export interface OutsideConfig {
  /** Where they reach the API, such as `https://commons.example`, where that is not where it listens: it stands in the card. */
  readonly url: string | null
  /** What clauses of theirs the agent may sign, whatever it thinks of them itself. */
  readonly mandate: MandateConfig
}

export const outsideConfigSchema: z.ZodType<OutsideConfig, unknown> = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'an address such as https://commons.example' })
    .nullable()
    .default(null),
  mandate: mandateSchema.prefault({}),
})

export const OUTSIDE_DEFAULT: OutsideConfig = outsideConfigSchema.parse({})
