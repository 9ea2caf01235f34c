import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { present } from '../invariant.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { compileNode } from './expression-code.ts'
import type { EvaluationFault, Scope } from './expression-run.ts'
import { type BoolCode, type IntCode, place, type TypeRefusal } from './expression-type.ts'
import type { Observations, ValueType } from './language.ts'

/** Longest expression, in UTF-16 code units. [CTR-20] */
export const EXPRESSION_LENGTH_MAX = 1024
/** Most nodes of an expression: literals, names, operators, calls, indexings, conditionals, lists. [CTR-20] */
export const NODE_COUNT_MAX = 256
/** Most nodes on a path from the whole expression to a leaf. [CTR-20] */
export const DEPTH_MAX = 16
/** Most levels of nesting that the parser follows, parentheses included. [CTR-20] */
export const NESTING_MAX = 64
/** Most steps that one expression, and all of a law's for one seat together, may take. [CTR-21] */
export const COST_MAX = 100_000

/** Why an expression is refused when terms are checked; all reject. */
export type ExpressionRefusal =
  | 'expression-too-long'
  | 'syntax'
  | 'too-deep'
  | 'too-many-nodes'
  | 'too-costly'
  | 'result-type'
  | TypeRefusal

interface Compiled {
  readonly text: string
  readonly ast: ASTNode
  /** Steps that an evaluation takes at most. */
  readonly cost: number
}

/** A checked expression that yields an int64. */
export type IntExpression = Compiled & { readonly code: IntCode }
/** A checked expression that yields true or false. */
export type BoolExpression = Compiled & { readonly code: BoolCode }
export type Expression = IntExpression | BoolExpression

/**
 * The parser of the library, with nothing of its evaluator or its types: the subset is walked by our own code, whose
 * every step is checked. A node takes at least one character, so the text's length bounds nodes, elements and arguments.
 */
const PARSER = new Environment({
  limits: {
    maxDepth: NESTING_MAX,
    maxAstNodes: EXPRESSION_LENGTH_MAX + 1,
    maxListElements: EXPRESSION_LENGTH_MAX,
    maxMapEntries: EXPRESSION_LENGTH_MAX,
    maxCallArguments: EXPRESSION_LENGTH_MAX,
  },
})

/**
 * Compiles an expression of the CEL subset, typed against the variables that it may name.
 *
 * Shape   any text. Checked in this order: length, syntax, depth, nodes, types, type of the result, cost.
 * Result  an expression that every evaluation ends in at most `cost` steps.
 * Errors  {@link ExpressionRefusal}, all reject, with `start` and `end` of the place in the text.
 * Source  spec/contract.md §3 [CTR-5] … [CTR-21] · vectors/contract.json
 */
export function compile(
  text: string,
  variables: Readonly<Record<string, ValueType>>,
  want: 'int',
): Result<IntExpression, ExpressionRefusal>
export function compile(
  text: string,
  variables: Readonly<Record<string, ValueType>>,
  want: 'bool',
): Result<BoolExpression, ExpressionRefusal>
export function compile(
  text: string,
  variables: Readonly<Record<string, ValueType>>,
  want: 'int' | 'bool',
): Result<Expression, ExpressionRefusal>
export function compile(
  text: string,
  variables: Readonly<Record<string, ValueType>>,
  want: 'int' | 'bool',
): Result<Expression, ExpressionRefusal> {
  if (text.length > EXPRESSION_LENGTH_MAX) {
    return reject('expression-too-long', { length: text.length, lengthMax: EXPRESSION_LENGTH_MAX })
  }
  const parsed = parse(text)
  if (!parsed.ok) return parsed
  const ast = parsed.value

  const { depth, count } = measure(ast)
  if (depth > DEPTH_MAX) return reject('too-deep', { ...place(ast), depth, depthMax: DEPTH_MAX })
  if (count > NODE_COUNT_MAX) {
    return reject('too-many-nodes', { ...place(ast), count, countMax: NODE_COUNT_MAX })
  }

  const typed = compileNode(ast, variables)
  if (!typed.ok) return typed
  const code = typed.value
  const { type, cost } = code
  if (type !== want) return reject('result-type', { ...place(ast), is: type, want })
  if (cost > COST_MAX) return reject('too-costly', { ...place(ast), cost, costMax: COST_MAX })
  return code.type === 'int' ? ok({ text, ast, cost, code }) : ok({ text, ast, cost, code })
}

/**
 * What an expression yields for these variables, every intermediate checked to int64. [CTR-6]
 *
 * Errors  'overflow' · 'division-by-zero' · 'index-out-of-range' · 'empty-list': the clause faults.
 */
export function evaluate(
  expression: IntExpression,
  variables: Observations,
): Result<bigint, EvaluationFault>
export function evaluate(
  expression: BoolExpression,
  variables: Observations,
): Result<boolean, EvaluationFault>
export function evaluate(
  expression: Expression,
  variables: Observations,
): Result<bigint | boolean, EvaluationFault>
export function evaluate(
  expression: Expression,
  variables: Observations,
): Result<bigint | boolean, EvaluationFault> {
  const scope: Scope = { variables, item: 0n, fault: null }
  const value = expression.code.run(scope)
  if (value !== undefined) return ok(value)
  return ignore(present(scope.fault, 'an expression without a value names its fault'))
}

/** The nodes right below a node. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

function parse(text: string): Result<ASTNode, 'syntax' | 'too-deep' | 'macro-variable'> {
  try {
    return ok(PARSER.parse(text).ast)
  } catch (error) {
    // The parser throws on text that is not CEL. Its code says which; anything else is not CEL either.
    if (!(error instanceof ParseError)) return reject('syntax')
    const start = error.range?.start ?? 0
    switch (error.code) {
      case 'limit_exceeded':
        return reject('too-deep', { start, nestingMax: NESTING_MAX })
      case 'invalid_macro_argument':
        return reject('macro-variable', { start })
      default:
        return reject('syntax', { start, found: error.code })
    }
  }
}

function measure(node: ASTNode): { depth: number; count: number } {
  let depth = 0
  let count = 1
  for (const child of childrenOf(node)) {
    const below = measure(child)
    depth = Math.max(depth, below.depth)
    count += below.count
  }
  return { depth: depth + 1, count }
}
