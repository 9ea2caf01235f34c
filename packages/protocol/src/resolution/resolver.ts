import {
  compile,
  type ExpressionRefusal,
  evaluate,
  type IntExpression,
} from '../contract/expression.ts'
import type { EvaluationFault } from '../contract/expression-run.ts'
import { invariant } from '../invariant.ts'
import { type DataRecord, PROOF_LENGTH_MAX, type Resolver } from '../message/forecast.ts'
import { ok, type Result, reject } from '../result.ts'
import { areAscending } from './dataset.ts'

export type ResolverCode = 'index-out-of-range' | 'columns-unordered' | ExpressionRefusal

/** Why a record that is really there says nothing about a question. */
export type VoidReason = 'missing-column' | 'outcome-out-of-range' | EvaluationFault

/**
 * What came true; null where the record cannot say, and since no other record stands at its index, nothing ever will: the
 * question is void. A false proof is not a resolution but a refusal of `checkRecord`.
 */
export type Resolution =
  | { readonly outcome: number }
  | { readonly outcome: null; readonly reason: VoidReason }

/** A resolver that looks a record up. */
export type RecordResolver = Exclude<Resolver, { kind: 'schelling' }>
type FunctionResolver = Extract<Resolver, { kind: 'function' }>

/**
 * Whether a question with this resolver may be opened.
 *
 * Shape   what `resolverSchema` admits.
 * Result  a resolver that, given a record, ends within the cost of one law and yields an int where it does not fault.
 * Errors  'index-out-of-range' no data set reaches so far · 'columns-unordered' · those of `compile`, over the columns as
 *         ints and nothing else; all reject, in this order.
 * Source  spec/resolution.md [RES-2] · vectors/resolution.json
 */
export function checkResolver(resolver: Resolver): Result<Resolver, ResolverCode> {
  if (resolver.kind === 'schelling') return ok(resolver)
  if (resolver.index >= 2 ** PROOF_LENGTH_MAX) {
    return reject('index-out-of-range', { index: resolver.index })
  }
  if (resolver.kind === 'dataset') return ok(resolver)
  if (!areAscending(resolver.columns)) return reject('columns-unordered')
  const compiled = compileFunction(resolver)
  return compiled.ok ? ok(resolver) : compiled
}

/**
 * What a record says about a question.
 *
 * Shape   a resolver that {@link checkResolver} admits; a record that `checkRecord` found at its index.
 * Result  the outcome, from 0, or why there is none: the record lacks a column that the resolver names, the expression
 *         faults, or what comes out is not 0 … outcomeCount − 1.
 * Errors  none.
 * Source  spec/resolution.md [RES-5] · vectors/resolution.json
 */
export function resolveRecord(
  resolver: RecordResolver,
  record: DataRecord,
  outcomeCount: number,
): Resolution {
  const values = new Map(record.columns.map(({ name, value }) => [name, BigInt(value)]))
  const names = resolver.kind === 'dataset' ? [resolver.column] : resolver.columns
  // Whether or not the expression comes to read it: what a record must hold does not depend on what it holds.
  if (!names.every((name) => values.has(name))) return { outcome: null, reason: 'missing-column' }
  const said =
    resolver.kind === 'dataset'
      ? ok(values.get(resolver.column) ?? 0n)
      : evaluateFunction(resolver, Object.fromEntries(values))
  if (!said.ok) return { outcome: null, reason: said.error.code }
  return said.value >= 0n && said.value < BigInt(outcomeCount)
    ? { outcome: Number(said.value) }
    : { outcome: null, reason: 'outcome-out-of-range' }
}

function evaluateFunction(
  resolver: FunctionResolver,
  values: Readonly<Record<string, bigint>>,
): Result<bigint, EvaluationFault> {
  const compiled = compileFunction(resolver)
  invariant(compiled.ok, 'a resolver was checked when its question was opened')
  return evaluate(compiled.value, values)
}

function compileFunction({
  columns,
  expression,
}: FunctionResolver): Result<IntExpression, ExpressionRefusal> {
  const variables = Object.fromEntries(columns.map((name) => [name, { type: 'int' } as const]))
  return compile(expression, variables, 'int')
}
