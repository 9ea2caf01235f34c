import { invariant } from '../invariant.ts'
import type { ObservableValue, Observations } from './language.ts'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/** Why an evaluation yields nothing. The clause that asked is skipped and recorded. [CTR-6] */
export type EvaluationFault = 'overflow' | 'division-by-zero' | 'index-out-of-range' | 'empty-list'

/** What one evaluation reads and leaves. `item` is the macro's variable: macros do not nest, so one slot is enough. */
export interface Scope {
  readonly variables: Observations
  item: bigint
  fault: EvaluationFault | null
}

/**
 * One step of an evaluation: yields a value, or `undefined` with the scope's `fault` set. The fault is null whenever a
 * step begins.
 */
export type Run<T> = (scope: Scope) => T | undefined
type List = readonly bigint[]

/** [CTR-6] Every int that an evaluation meets passes here: what leaves int64 is a fault. */
function int64(scope: Scope, value: bigint): bigint | undefined {
  return value > INT64_MAX || value < INT64_MIN ? fault(scope, 'overflow') : value
}

function fault(scope: Scope, code: EvaluationFault): undefined {
  scope.fault = code
  return undefined
}

export function constant<T>(value: T): Run<T> {
  return () => value
}

/** The variable of the macro around. */
export const macroItem: Run<bigint> = (scope) => int64(scope, scope.item)

export function readInt(name: string): Run<bigint> {
  return (scope) => {
    const value = scope.variables[name]
    invariant(typeof value === 'bigint', `${name} is an int, as its language declares`)
    return int64(scope, value)
  }
}

export function readBool(name: string): Run<boolean> {
  return (scope) => {
    const value = scope.variables[name]
    invariant(typeof value === 'boolean', `${name} is a bool, as its language declares`)
    return value
  }
}

export function readString(name: string): Run<string> {
  return (scope) => {
    const value = scope.variables[name]
    invariant(typeof value === 'string', `${name} is a string, as its language declares`)
    return value
  }
}

export function readList(name: string, lengthMax: number): Run<List> {
  return (scope) => {
    const value = scope.variables[name]
    invariant(isList(value), `${name} is a list, as its language declares`)
    invariant(value.length <= lengthMax, `${name} has at most ${lengthMax} items, as declared`)
    return value
  }
}

function isList(value: ObservableValue | undefined): value is List {
  return Array.isArray(value)
}

export function negate(operand: Run<bigint>): Run<bigint> {
  return (scope) => {
    const value = operand(scope)
    return value === undefined ? undefined : int64(scope, -value)
  }
}

/** [CTR-6] Division rounds toward zero and the remainder has the sign of the dividend, as in CEL. */
export const ARITHMETIC: Readonly<Record<'+' | '-' | '*' | '/' | '%', Binary<bigint>>> = {
  '+': binary((scope, a, b) => int64(scope, a + b)),
  '-': binary((scope, a, b) => int64(scope, a - b)),
  '*': binary((scope, a, b) => int64(scope, a * b)),
  '/': binary((scope, a, b) => (b === 0n ? fault(scope, 'division-by-zero') : int64(scope, a / b))),
  '%': binary((scope, a, b) => (b === 0n ? fault(scope, 'division-by-zero') : a % b)),
}

export const COMPARISON: Readonly<Record<'<' | '<=' | '>' | '>=', Binary<boolean>>> = {
  '<': binary((_, a, b) => a < b),
  '<=': binary((_, a, b) => a <= b),
  '>': binary((_, a, b) => a > b),
  '>=': binary((_, a, b) => a >= b),
}

type Binary<T> = (left: Run<bigint>, right: Run<bigint>) => Run<T>

function binary<T>(apply: (scope: Scope, a: bigint, b: bigint) => T | undefined): Binary<T> {
  return (left, right) => (scope) => {
    const a = left(scope)
    if (a === undefined) return undefined
    const b = right(scope)
    return b === undefined ? undefined : apply(scope, a, b)
  }
}

export function equals<T>(left: Run<T>, right: Run<T>, equal: boolean): Run<boolean> {
  return (scope) => {
    const a = left(scope)
    if (a === undefined) return undefined
    const b = right(scope)
    return b === undefined ? undefined : (a === b) === equal
  }
}

export function not(operand: Run<boolean>): Run<boolean> {
  return (scope) => {
    const value = operand(scope)
    return value === undefined ? undefined : !value
  }
}

/**
 * [CTR-6] `||` when `decisive` is true, `&&` when it is false. One decisive side settles it, even where the other
 * faults, as in CEL.
 */
export function connective(
  left: Run<boolean>,
  right: Run<boolean>,
  decisive: boolean,
): Run<boolean> {
  return (scope) => {
    const a = left(scope)
    if (a === decisive) return decisive
    const first = scope.fault
    scope.fault = null
    const b = right(scope)
    if (b === decisive) return decisive
    scope.fault = first ?? scope.fault
    return a === undefined ? undefined : b
  }
}

export function choose<T>(condition: Run<boolean>, yes: Run<T>, no: Run<T>): Run<T> {
  return (scope) => {
    const chosen = condition(scope)
    if (chosen === undefined) return undefined
    return chosen ? yes(scope) : no(scope)
  }
}

export function collect(items: readonly Run<bigint>[]): Run<List> {
  return (scope) => {
    const values: bigint[] = []
    for (const item of items) {
      const value = item(scope)
      if (value === undefined) return undefined
      values.push(value)
    }
    return values
  }
}

export function itemAt(list: Run<List>, index: Run<bigint>): Run<bigint> {
  return (scope) => {
    const values = list(scope)
    if (values === undefined) return undefined
    const at = index(scope)
    if (at === undefined) return undefined
    const value = at < 0n ? undefined : values[Number(at)]
    return value === undefined ? fault(scope, 'index-out-of-range') : int64(scope, value)
  }
}

/** [CTR-19] What the functions over one list make of it. */
export const AGGREGATE: Readonly<
  Record<'size' | 'sum' | 'min' | 'max', (list: Run<List>) => Run<bigint>>
> = {
  size: aggregate((_, values) => BigInt(values.length)),
  sum: aggregate((scope, values) => fold(scope, values, 0n, (a, b) => a + b)),
  min: aggregate((scope, [first, ...rest]) =>
    first === undefined
      ? fault(scope, 'empty-list')
      : fold(scope, rest, first, (a, b) => (b < a ? b : a)),
  ),
  max: aggregate((scope, [first, ...rest]) =>
    first === undefined
      ? fault(scope, 'empty-list')
      : fold(scope, rest, first, (a, b) => (b > a ? b : a)),
  ),
}

function aggregate(
  apply: (scope: Scope, values: List) => bigint | undefined,
): (list: Run<List>) => Run<bigint> {
  return (list) => (scope) => {
    const values = list(scope)
    return values === undefined ? undefined : apply(scope, values)
  }
}

/** Every item and every partial result is checked, so a sum that leaves int64 on its way faults. */
function fold(
  scope: Scope,
  values: List,
  initial: bigint,
  combine: (a: bigint, b: bigint) => bigint,
): bigint | undefined {
  let result = int64(scope, initial)
  for (const item of values) {
    const value = int64(scope, item)
    if (result === undefined || value === undefined) return undefined
    result = int64(scope, combine(result, value))
  }
  return result
}

/** [CTR-19] `exists` when `decisive` is true, `all` when it is false: one decisive item settles it, whatever faults. */
export function quantify(
  list: Run<List>,
  predicate: Run<boolean>,
  decisive: boolean,
): Run<boolean> {
  return (scope) => {
    const values = list(scope)
    if (values === undefined) return undefined
    let first: EvaluationFault | null = null
    for (const item of values) {
      scope.item = item
      if (predicate(scope) === decisive) return decisive
      first ??= scope.fault
      scope.fault = null
    }
    scope.fault = first
    return first === null ? !decisive : undefined
  }
}

export function transform(list: Run<List>, body: Run<bigint>): Run<List> {
  return (scope) => {
    const values = list(scope)
    if (values === undefined) return undefined
    const results: bigint[] = []
    for (const item of values) {
      scope.item = item
      const result = body(scope)
      if (result === undefined) return undefined
      results.push(result)
    }
    return results
  }
}

export function select(list: Run<List>, predicate: Run<boolean>): Run<List> {
  return (scope) => {
    const values = list(scope)
    if (values === undefined) return undefined
    const results: bigint[] = []
    for (const item of values) {
      scope.item = item
      const kept = predicate(scope)
      if (kept === undefined) return undefined
      if (kept) results.push(item)
    }
    return results
  }
}
