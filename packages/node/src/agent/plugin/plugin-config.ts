import { z } from 'zod'
import { type MandateConfig, type MandateFile, mandateSchema } from '../llm/model-config.ts'

/** An agent of the operator's own that decides in the place of the policy, as a configuration has it. */
export interface PluginConfig {
  /** Of the module. */
  readonly path: string
  /** SHA-256 that the file must have, in hex; null takes any. */
  readonly digest: string | null
  /** What it may sign; null leaves it unguarded, as policies are: only what no ledger takes is refused. */
  readonly mandate: MandateConfig | null
}

/** The same as a file has it: all but the path has a default. A mandate of `{}` is that of language models. */
export interface PluginConfigFile {
  readonly path: string
  /** [null] */
  readonly digest?: string | null
  /** [null] */
  readonly mandate?: MandateFile | null
}

export const DIGEST_FORM: RegExp = /^[0-9a-f]{64}$/

export const pluginConfigSchema: z.ZodType<PluginConfig, unknown> = z.strictObject({
  path: z.string().min(1),
  digest: z.string().regex(DIGEST_FORM, '64 hex digits').nullable().default(null),
  mandate: mandateSchema.nullable().default(null),
})
