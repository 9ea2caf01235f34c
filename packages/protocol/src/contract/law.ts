import type { ASTNode } from '@marcbachmann/cel-js'
import { present } from '../invariant.ts'
import { ok, type Rejection, type Result, reject } from '../result.ts'
import {
  type BoolExpression,
  COST_MAX,
  childrenOf,
  compile,
  type ExpressionRefusal,
  type IntExpression,
} from './expression.ts'
import {
  computeVariables,
  LAW_VARIABLES,
  type Language,
  type Point,
  type ValueType,
} from './language.ts'
import {
  CLAUSE_COUNT_MAX,
  type Clause,
  type Law,
  type Primitive,
  TERMS_PARTY_COUNT_MAX,
} from './terms.ts'

/** Why a law is refused when terms are checked; all reject. [CTR-4] */
export type LawRefusal =
  | ExpressionRefusal
  | 'too-many-clauses'
  | 'action-at-settlement'
  | 'primitive-not-admitted'

/** A primitive whose arguments are compiled. */
export type CompiledPrimitive =
  | {
      readonly primitive: 'cap' | 'override'
      readonly value: IntExpression
      readonly over: IntExpression | null
    }
  | {
      readonly primitive: 'transfer' | 'release'
      readonly to: IntExpression
      readonly amount: IntExpression
    }
  | {
      readonly primitive: 'escrow' | 'sanction' | 'participationCost'
      readonly amount: IntExpression
    }
  | {
      readonly primitive: 'graduatedSanction'
      readonly base: IntExpression
      readonly multiplier: IntExpression
    }
  | {
      readonly primitive: 'insurance'
      readonly premium: IntExpression
      readonly payout: IntExpression
    }

export interface CompiledClause {
  /** Index in the law, by which records name the clause. */
  readonly index: number
  readonly at: Point
  readonly when: BoolExpression
  readonly then: CompiledPrimitive
}

/** A law that has been checked against its instance's language. */
export interface CompiledLaw {
  readonly clauses: readonly CompiledClause[]
}

/**
 * Checks a law against the language of its instance: every clause names only what is declared for its point, every
 * argument has its type, and all of it together stays within the cost of one seat.
 *
 * Shape   clauses in index order; in a clause first the primitive, then `when`, then the arguments in the order in which
 *         {@link Primitive} lists them.
 * Errors  {@link LawRefusal}, all reject, with `clause` and `argument`.
 * Source  spec/contract.md §3 [CTR-21] [CTR-4] · vectors/contract.json
 */
export function checkLaw(law: Law, language: Language): Result<CompiledLaw, LawRefusal> {
  if (law.clauses.length > CLAUSE_COUNT_MAX) {
    return reject('too-many-clauses', { count: law.clauses.length, countMax: CLAUSE_COUNT_MAX })
  }
  const clauses: CompiledClause[] = []
  let cost = 0
  for (const [index, clause] of law.clauses.entries()) {
    const compiled = checkClause(clause, index, language)
    if (!compiled.ok) return compiled
    cost += computeCost(compiled.value)
    // [CTR-21] The bound holds for all of a law together, so that no number of clauses makes it slow.
    if (cost > COST_MAX) return reject('too-costly', { clause: index, cost, costMax: COST_MAX })
    clauses.push(compiled.value)
  }
  return ok({ clauses })
}

/** The names of a view that the clauses of a law read at a point, in order; variables of macros are among them. */
export function namesRead(law: CompiledLaw, point: Point): readonly string[] {
  const names = new Set<string>()
  const visit = (node: ASTNode): void => {
    if (node.op === 'id') names.add(node.args)
    for (const child of childrenOf(node)) visit(child)
  }
  for (const { at, when, then } of law.clauses) {
    if (at === point) for (const { ast } of [when, ...argumentsOf(then)]) visit(ast)
  }
  return [...names].filter((name) => !Object.hasOwn(LAW_VARIABLES, name)).toSorted()
}

function argumentsOf(then: CompiledPrimitive): readonly IntExpression[] {
  switch (then.primitive) {
    case 'cap':
    case 'override':
      return then.over === null ? [then.value] : [then.value, then.over]
    case 'transfer':
    case 'release':
      return [then.to, then.amount]
    case 'escrow':
    case 'sanction':
    case 'participationCost':
      return [then.amount]
    case 'graduatedSanction':
      return [then.base, then.multiplier]
    case 'insurance':
      return [then.premium, then.payout]
  }
}

// [CTR-21] Equal treatment runs a clause that pays a seat once for every seat, not once.
function computeCost({ when, then }: CompiledClause): number {
  const cost = argumentsOf(then).reduce((sum, expression) => sum + expression.cost, when.cost)
  const paysSeat = then.primitive === 'transfer' || then.primitive === 'release'
  return paysSeat ? cost * TERMS_PARTY_COUNT_MAX : cost
}

type Variables = Readonly<Record<string, ValueType>>

function checkClause(
  { at, when, then }: Clause,
  index: number,
  language: Language,
): Result<CompiledClause, LawRefusal> {
  const { primitive } = then
  if (language.primitives?.includes(primitive) === false) {
    return reject('primitive-not-admitted', { clause: index, primitive })
  }
  const isAction = primitive === 'cap' || primitive === 'override'
  if (isAction && at === 'settlement') return reject('action-at-settlement', { clause: index })

  const variables = computeVariables(language, at)
  const condition = compile(when, variables, 'bool')
  if (!condition.ok) return locate(condition.error, index, 'when')
  const compiled = compilePrimitive(then, index, variables)
  if (!compiled.ok) return compiled
  return ok({ index, at, when: condition.value, then: compiled.value })
}

function compilePrimitive(
  then: Primitive,
  index: number,
  variables: Variables,
): Result<CompiledPrimitive, LawRefusal> {
  const take = (...texts: readonly [name: string, text: string][]) => {
    const expressions: IntExpression[] = []
    for (const [name, text] of texts) {
      const compiled = compile(text, variables, 'int')
      if (!compiled.ok) return locate(compiled.error, index, name)
      expressions.push(compiled.value)
    }
    return ok(expressions)
  }
  switch (then.primitive) {
    case 'cap':
    case 'override': {
      const { primitive } = then
      const [name, text] = primitive === 'cap' ? ['limit', then.limit] : ['action', then.action]
      const over: [string, string][] = then.over === undefined ? [] : [['over', then.over]]
      return map(take([name, text], ...over), ([value, divisor]) => ({
        primitive,
        value: present(value, TAKEN),
        over: divisor ?? null,
      }))
    }
    case 'transfer':
    case 'release': {
      const { primitive } = then
      return map(take(['to', then.to], ['amount', then.amount]), ([to, amount]) => ({
        primitive,
        to: present(to, TAKEN),
        amount: present(amount, TAKEN),
      }))
    }
    case 'escrow':
    case 'sanction':
    case 'participationCost': {
      const { primitive } = then
      return map(take(['amount', then.amount]), ([amount]) => ({
        primitive,
        amount: present(amount, TAKEN),
      }))
    }
    case 'graduatedSanction': {
      const { primitive } = then
      return map(
        take(['base', then.base], ['multiplier', then.multiplier]),
        ([base, multiplier]) => ({
          primitive,
          base: present(base, TAKEN),
          multiplier: present(multiplier, TAKEN),
        }),
      )
    }
    case 'insurance': {
      const { primitive } = then
      return map(take(['premium', then.premium], ['payout', then.payout]), ([premium, payout]) => ({
        primitive,
        premium: present(premium, TAKEN),
        payout: present(payout, TAKEN),
      }))
    }
  }
}

const TAKEN = 'every text that was taken has been compiled'

function map<A, B>(result: Result<A, LawRefusal>, use: (value: A) => B): Result<B, LawRefusal> {
  return result.ok ? ok(use(result.value)) : result
}

function locate(
  { code, facts }: Rejection<ExpressionRefusal>,
  clause: number,
  argument: string,
): ReturnType<typeof reject<LawRefusal>> {
  return reject(code, { clause, argument, ...facts })
}
