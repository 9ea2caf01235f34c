import { z } from 'zod'
import { type MandateConfig, type MandateFile, mandateSchema } from '../llm/model-config.ts'

/**
 * An assistant outside that decides for an agent, as a configuration has it. Units  ms, tokens.
 */
export interface AssistantConfig {
  /** What decides where the assistant does not answer in time: the agent's own policy, or nobody, so that it passes. */
  readonly fallback: 'policy' | 'pass'
  /** Longest wait for an answer; null is as long as the network leaves. */
  readonly answerMs: number | null
  /** Tokens of a situation that past rounds may take. */
  readonly memoryTokensMax: number
  /** Whether the assistant is told how many rounds a run has. */
  readonly showsHorizon: boolean
  /** Settled questions after which a forecaster is asked again whom to pay. */
  readonly creditEvery: number
  /** Null leaves the assistant unguarded. */
  readonly mandate: MandateConfig | null
}

/** The same as a file has it: everything has a default. */
export interface AssistantConfigFile extends Partial<Omit<AssistantConfig, 'mandate'>> {
  readonly mandate?: MandateFile | null
}

export const assistantConfigSchema: z.ZodType<AssistantConfig, unknown> = z.strictObject({
  fallback: z.enum(['policy', 'pass']).default('policy'),
  answerMs: z.int().positive().nullable().default(null),
  memoryTokensMax: z.int().min(0).max(65_536).default(1_000),
  showsHorizon: z.boolean().default(true),
  creditEvery: z.int().min(1).default(4),
  mandate: mandateSchema.nullable().prefault({}),
})
