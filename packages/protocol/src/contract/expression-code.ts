import type { ASTNode } from '@marcbachmann/cel-js'
import { ok } from '../result.ts'
import {
  AGGREGATE,
  ARITHMETIC,
  COMPARISON,
  choose,
  collect,
  connective,
  constant,
  equals,
  itemAt,
  macroItem,
  negate,
  not,
  quantify,
  type Run,
  readBool,
  readInt,
  readList,
  readString,
  select,
  transform,
} from './expression-run.ts'
import {
  type BoolCode,
  bool,
  type Code,
  flatMap,
  type IntCode,
  int,
  type ListCode,
  list,
  map,
  mismatch,
  refuse,
  type Typed,
} from './expression-type.ts'
import type { ValueType } from './language.ts'

/** What the walk knows of a node's surroundings. */
interface Surroundings {
  readonly variables: Readonly<Record<string, ValueType>>
  /** The macro's variable, inside its body. */
  readonly item: string | null
  /** Shared by the whole walk: whether the expression has had its one macro. */
  readonly macro: { used: boolean }
}

/**
 * Types a tree and turns it into code.
 *
 * The first refusal counts, in this order: what a node is by itself (a literal, a field, a function of another name or
 * number of arguments, a second macro), then its children from left to right, then their types.
 *
 * Source  spec/contract.md §3 [CTR-5] [CTR-6] [CTR-19] [CTR-21]
 */
export function compileNode(node: ASTNode, variables: Readonly<Record<string, ValueType>>): Typed {
  return walk(node, { variables, item: null, macro: { used: false } })
}

function walk(node: ASTNode, around: Surroundings): Typed {
  switch (node.op) {
    case 'value':
      return literal(node, node.args)
    case 'id':
      return variable(node, node.args, around)
    case '-_':
      return map(walkInt(node.args, around), (a) => int(1 + a.cost, negate(a.run)))
    case '!_':
      return map(walkBool(node.args, around), (a) => bool(1 + a.cost, not(a.run)))
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const apply = ARITHMETIC[node.op]
      return map(both(node.args, walkInt, around), ([a, b]) =>
        int(1 + a.cost + b.cost, apply(a.run, b.run)),
      )
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const apply = COMPARISON[node.op]
      return map(both(node.args, walkInt, around), ([a, b]) =>
        bool(1 + a.cost + b.cost, apply(a.run, b.run)),
      )
    }
    case '&&':
    case '||': {
      const decisive = node.op === '||'
      return map(both(node.args, walkBool, around), ([a, b]) =>
        bool(1 + a.cost + b.cost, connective(a.run, b.run, decisive)),
      )
    }
    case '==':
    case '!=':
      return equality(node, node.args, node.op === '==', around)
    case '?:':
      return conditional(node, node.args, around)
    case 'list':
      return map(each(node.args, around), (items) => listOf(items, 1))
    case '[]':
      return indexing(node.args, around)
    case 'call':
      return call(node, node.args[0], node.args[1], around)
    case 'rcall':
      return method(node, node.args[0], node.args[1], node.args[2], around)
    case 'in':
      return refuse('in-operator', node)
    case 'map':
      return refuse('map', node)
    case '.':
    case '.?':
    case '[?]':
      return refuse('field-access', node)
  }
}

// [CTR-5] Literals are ints 0 … 2⁶³−1, true, false and texts.
function literal(node: ASTNode, value: unknown): Typed {
  switch (typeof value) {
    case 'bigint':
      if (value >= 2n ** 63n) return refuse('int-literal-range', node)
      return ok(int(1, constant(value)))
    case 'boolean':
      return ok(bool(1, constant(value)))
    case 'string':
      return ok({ type: 'string', cost: 1, run: constant(value) })
    case 'number':
      return refuse('double', node)
    default:
      if (value === null) return refuse('null', node)
      return refuse(value instanceof Uint8Array ? 'bytes' : 'uint', node)
  }
}

function variable(node: ASTNode, name: string, around: Surroundings): Typed {
  if (name === around.item) return ok(int(1, macroItem))
  const declared = Object.hasOwn(around.variables, name) ? around.variables[name] : undefined
  switch (declared?.type) {
    case undefined:
      return refuse('unknown-variable', node, { name })
    case 'int':
      return ok(int(1, readInt(name)))
    case 'bool':
      return ok(bool(1, readBool(name)))
    case 'string':
      return ok({ type: 'string', cost: 1, run: readString(name) })
    case 'list': {
      const { lengthMax } = declared
      return ok({ type: 'list', cost: 1, run: readList(name, lengthMax), lengthMax })
    }
  }
}

// [CTR-19] Ints, bools and texts can be equal to their like; lists cannot be compared.
function equality(
  node: ASTNode,
  args: readonly [ASTNode, ASTNode],
  equal: boolean,
  around: Surroundings,
): Typed {
  return flatMap(both(args, walk, around), ([a, b]): Typed => {
    const cost = 1 + a.cost + b.cost
    if (a.type === 'int' && b.type === 'int') return ok(bool(cost, equals(a.run, b.run, equal)))
    if (a.type === 'bool' && b.type === 'bool') return ok(bool(cost, equals(a.run, b.run, equal)))
    if (a.type === 'string' && b.type === 'string') {
      return ok(bool(cost, equals(a.run, b.run, equal)))
    }
    return refuse('type-mismatch', node, { left: a.type, right: b.type })
  })
}

function conditional(
  node: ASTNode,
  args: readonly [ASTNode, ASTNode, ASTNode],
  around: Surroundings,
): Typed {
  const condition = walkBool(args[0], around)
  if (!condition.ok) return condition
  const { run } = condition.value
  return flatMap(both([args[1], args[2]], walk, around), ([a, b]): Typed => {
    const cost = 1 + condition.value.cost + a.cost + b.cost
    if (a.type === 'int' && b.type === 'int') return ok(int(cost, choose(run, a.run, b.run)))
    if (a.type === 'bool' && b.type === 'bool') return ok(bool(cost, choose(run, a.run, b.run)))
    if (a.type === 'string' && b.type === 'string') {
      return ok({ type: 'string', cost, run: choose(run, a.run, b.run) })
    }
    if (a.type === 'list' && b.type === 'list') {
      return ok(list(cost, choose(run, a.run, b.run), Math.max(a.lengthMax, b.lengthMax)))
    }
    return refuse('type-mismatch', node, { left: a.type, right: b.type })
  })
}

function indexing(args: readonly [ASTNode, ASTNode], around: Surroundings): Typed {
  const values = walkList(args[0], around)
  if (!values.ok) return values
  return map(walkInt(args[1], around), (index) =>
    int(1 + values.value.cost + index.cost, itemAt(values.value.run, index.run)),
  )
}

// [CTR-19] size(list), sum(list); min and max of a list, or of two ints or more.
function call(node: ASTNode, name: string, args: readonly ASTNode[], around: Surroundings): Typed {
  const apply = Object.entries(AGGREGATE).find(([known]) => known === name)?.[1]
  if (apply === undefined) return refuse('unknown-function', node, { name })
  const [first] = args
  const isMany = args.length > 1 && (name === 'min' || name === 'max')
  if (first === undefined || (args.length > 1 && !isMany)) {
    return refuse('argument-count', node, { name, count: args.length })
  }
  const values: Typed<ListCode> = isMany
    ? map(each(args, around), (items) => listOf(items, 0))
    : walkList(first, around)
  return map(values, ({ run, cost, lengthMax }) => int(1 + cost + lengthMax, apply(run)))
}

// [CTR-19] One macro an expression: all, exists, map or filter, over a list, with a variable of its own.
function method(
  node: ASTNode,
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  around: Surroundings,
): Typed {
  if (!isMacro(name)) return refuse('unknown-method', node, { name })
  const [item, body] = args
  if (item === undefined || body === undefined || args.length > 2) {
    return refuse('argument-count', node, { name, count: args.length })
  }
  if (around.item !== null) return refuse('macro-nested', node, { name })
  if (around.macro.used) return refuse('macro-repeated', node, { name })
  around.macro.used = true
  if (item.op !== 'id' || Object.hasOwn(around.variables, item.args)) {
    return refuse('macro-variable', item)
  }
  const values = walkList(receiver, around)
  if (!values.ok) return values
  const inside: Surroundings = { ...around, item: item.args }
  return name === 'map'
    ? map(walkInt(body, inside), (code) => macro(values.value, code, transform))
    : map(walkBool(body, inside), (code) => PREDICATE[name](values.value, code))
}

type MacroName = 'map' | keyof typeof PREDICATE

const PREDICATE = {
  all: (values: ListCode, body: BoolCode): Code =>
    bool(macroCost(values, body), quantify(values.run, body.run, false)),
  exists: (values: ListCode, body: BoolCode): Code =>
    bool(macroCost(values, body), quantify(values.run, body.run, true)),
  filter: (values: ListCode, body: BoolCode): Code => macro(values, body, select),
}

function isMacro(name: string): name is MacroName {
  return name === 'map' || Object.hasOwn(PREDICATE, name)
}

function macro<B>(
  values: ListCode,
  body: { readonly cost: number; readonly run: Run<B> },
  apply: (values: ListCode['run'], body: Run<B>) => ListCode['run'],
): ListCode {
  return list(macroCost(values, body), apply(values.run, body.run), values.lengthMax)
}

// [CTR-21] The macro, its variable, its list, and its body once an item.
function macroCost(values: ListCode, body: { readonly cost: number }): number {
  return 2 + values.cost + values.lengthMax * (1 + body.cost)
}

function listOf(items: readonly IntCode[], ownCost: number): ListCode {
  const cost = items.reduce((sum, item) => sum + item.cost, ownCost)
  return list(cost, collect(items.map(({ run }) => run)), items.length)
}

function walkInt(node: ASTNode, around: Surroundings): Typed<IntCode> {
  return flatMap(walk(node, around), (code) =>
    code.type === 'int' ? ok(code) : mismatch(node, code, 'int'),
  )
}

function walkBool(node: ASTNode, around: Surroundings): Typed<BoolCode> {
  return flatMap(walk(node, around), (code) =>
    code.type === 'bool' ? ok(code) : mismatch(node, code, 'bool'),
  )
}

function walkList(node: ASTNode, around: Surroundings): Typed<ListCode> {
  return flatMap(walk(node, around), (code) =>
    code.type === 'list' ? ok(code) : mismatch(node, code, 'list'),
  )
}

function both<C>(
  [left, right]: readonly [ASTNode, ASTNode],
  take: (node: ASTNode, around: Surroundings) => Typed<C>,
  around: Surroundings,
): Typed<readonly [C, C]> {
  return flatMap(take(left, around), (a) => map(take(right, around), (b): [C, C] => [a, b]))
}

function each(nodes: readonly ASTNode[], around: Surroundings): Typed<readonly IntCode[]> {
  const codes: IntCode[] = []
  for (const node of nodes) {
    const code = walkInt(node, around)
    if (!code.ok) return code
    codes.push(code.value)
  }
  return ok(codes)
}
