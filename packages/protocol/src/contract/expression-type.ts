import type { ASTNode } from '@marcbachmann/cel-js'
import { type Facts, ok, type Result, reject } from '../result.ts'
import type { Run } from './expression-run.ts'

/** Why a node is refused: a construct outside the subset, or an operand of the wrong type; all reject. [CTR-5] */
export type TypeRefusal =
  | 'double'
  | 'uint'
  | 'bytes'
  | 'null'
  | 'map'
  | 'int-literal-range'
  | 'field-access'
  | 'in-operator'
  | 'unknown-variable'
  | 'unknown-function'
  | 'unknown-method'
  | 'argument-count'
  | 'type-mismatch'
  | 'macro-variable'
  | 'macro-nested'
  | 'macro-repeated'

/** A typed node: how to run it, and the steps that a run takes at most. [CTR-21] */
export type Code = IntCode | BoolCode | StringCode | ListCode
export interface IntCode {
  readonly type: 'int'
  readonly cost: number
  readonly run: Run<bigint>
}
export interface BoolCode {
  readonly type: 'bool'
  readonly cost: number
  readonly run: Run<boolean>
}
export interface StringCode {
  readonly type: 'string'
  readonly cost: number
  readonly run: Run<string>
}
export interface ListCode {
  readonly type: 'list'
  readonly cost: number
  readonly run: Run<readonly bigint[]>
  readonly lengthMax: number
}
export type Typed<C = Code> = Result<C, TypeRefusal>

export function int(cost: number, run: Run<bigint>): IntCode {
  return { type: 'int', cost, run }
}

export function bool(cost: number, run: Run<boolean>): BoolCode {
  return { type: 'bool', cost, run }
}

export function list(cost: number, run: ListCode['run'], lengthMax: number): ListCode {
  return { type: 'list', cost, run, lengthMax }
}

export function map<A, B>(result: Typed<A>, use: (value: A) => B): Typed<B> {
  return result.ok ? ok(use(result.value)) : result
}

export function flatMap<A, B>(result: Typed<A>, use: (value: A) => Typed<B>): Typed<B> {
  return result.ok ? use(result.value) : result
}

export function mismatch(node: ASTNode, code: Code, want: Code['type']): Typed<never> {
  return refuse('type-mismatch', node, { is: code.type, want })
}

export function refuse(code: TypeRefusal, node: ASTNode, facts: Facts = {}): Typed<never> {
  return reject(code, { ...place(node), ...facts })
}

/** Where a node stands in its text. */
export function place(node: ASTNode): { readonly start: number; readonly end: number } {
  return { start: node.start, end: node.end }
}
