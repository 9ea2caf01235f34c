import {
  type AgentId,
  compareAgents,
  type Digest,
  ok,
  type Result,
  reject,
  type Statement,
  type StreamShares,
  statementSchema,
} from '@commonweal/protocol'
import { z } from 'zod'
import type { Signal } from '../../forecast/forecaster.ts'
import { repeatsForeign } from '../foreign-text.ts'
import { HYPOTHESES_MAX, HYPOTHESIS_MAX, REASONING_MAX, wordsOf } from './forecast-words.ts'

/** What a model says about a question. */
export interface ForecastReply {
  readonly report: readonly number[]
  /** Numbers of suppliers. */
  readonly used: readonly number[]
  readonly reasoning: string
  readonly hypotheses?: readonly string[]
}

export const reportSchema: z.ZodArray<z.ZodInt> = z.array(z.int().min(0).max(10_000)).min(2).max(64)
export const usedSchema: z.ZodArray<z.ZodInt> = z.array(z.int().min(0)).max(32)
export const reasoningSchema: z.ZodString = z.string().max(REASONING_MAX)
export const hypothesesSchema: z.ZodExactOptional<z.ZodArray<z.ZodString>> = z.exactOptional(
  z.array(z.string().max(HYPOTHESIS_MAX)).max(HYPOTHESES_MAX),
)

export const forecastReplySchema: z.ZodType<ForecastReply, unknown> = z.strictObject({
  report: reportSchema,
  used: usedSchema,
  reasoning: reasoningSchema,
  hypotheses: hypothesesSchema,
})

/** What a model says about its suppliers' pay. */
export interface CreditReply {
  readonly shares: readonly { readonly supplier: number; readonly bps: number }[]
  readonly reason?: string
}

export const sharesSchema: z.ZodType<CreditReply['shares'], unknown> = z
  .array(z.strictObject({ supplier: z.int().min(0), bps: z.int().min(0).max(10_000) }))
  .max(32)

export const creditReplySchema: z.ZodType<CreditReply, unknown> = z.strictObject({
  shares: sharesSchema,
  reason: z.exactOptional(z.string().max(1_000)),
})

export interface StatementParts {
  readonly suppliers: readonly AgentId[]
  readonly signals: readonly Signal[]
  /** Whether texts that repeat a supplier's are left out. */
  readonly isGuarded: boolean
}

/**
 * The statement that a reply means: its parents are the digests of signals that are there, never what a model wrote.
 *
 * Errors  'wrong-shape', with `detail`: a supplier that sent nothing, or what no ledger would take
 */
export function toStatement(
  { report, used, reasoning, hypotheses = [] }: ForecastReply,
  { suppliers, signals, isGuarded }: StatementParts,
): Result<Statement, 'wrong-shape'> {
  const parents: Digest[] = []
  for (const number of new Set(used)) {
    const signal = signals.findLast(({ author }) => author === suppliers[number])
    if (signal === undefined) {
      return reject('wrong-shape', { detail: `used: supplier ${number} has sent nothing` })
    }
    parents.push(signal.digest)
  }
  const heard = signals.map(wordsOf)
  const isOwn = (text: string): boolean => !isGuarded || !repeatsForeign(text, heard)
  const statement = {
    report,
    findings: [],
    parents,
    reasoning: isOwn(reasoning) ? reasoning : '',
    hypotheses: hypotheses.filter(isOwn),
  }
  const checked = statementSchema.safeParse(statement)
  if (checked.success) return ok(checked.data)
  const { path = [], message = '' } = checked.error.issues[0] ?? {}
  return reject('wrong-shape', { detail: `${path.map(String).join('.')}: ${message}` })
}

/** The stream that a reply means. Errors  'wrong-shape', with `detail`: there is no such supplier, or one occurs twice */
export function toShares(
  { shares }: CreditReply,
  suppliers: readonly AgentId[],
): Result<StreamShares, 'wrong-shape'> {
  const named: StreamShares[number][] = []
  for (const { supplier, bps } of shares) {
    const to = suppliers[supplier]
    if (to === undefined) {
      return reject('wrong-shape', { detail: `shares: there is no supplier ${supplier}` })
    }
    if (named.some((one) => one.to === to)) {
      return reject('wrong-shape', { detail: `shares: supplier ${supplier} occurs twice` })
    }
    if (bps > 0) named.push({ to, bps })
  }
  return ok(named.toSorted((a, b) => compareAgents(a.to, b.to)))
}
