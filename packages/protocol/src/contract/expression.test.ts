import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Environment } from '@marcbachmann/cel-js'
import * as fc from 'fast-check'
import {
  COST_MAX,
  compile,
  DEPTH_MAX,
  EXPRESSION_LENGTH_MAX,
  evaluate,
  NODE_COUNT_MAX,
} from './expression.ts'
import type { Observations, ValueType } from './language.ts'

const VARIABLES: Readonly<Record<string, ValueType>> = {
  a: { type: 'int' },
  b: { type: 'int' },
  open: { type: 'bool' },
  name: { type: 'string' },
  xs: { type: 'list', lengthMax: 5 },
  ys: { type: 'list', lengthMax: 300 },
  zs: { type: 'list', lengthMax: 100_000 },
}

const VALUES: Observations = { a: 7n, b: 0n, open: true, name: 'healthy', xs: [3n, 1n, 2n] }
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

const FRAGMENTS =
  'a xs self ( ) [ ] { } . , : ? + - * / % && || ! == < >= map filter has sum " r" 1 0x 1u 1.5 ' +
  `9223372036854775808 null true \\ ' // 𝒳`

describe('compile', () => {
  it('never throws, whatever the text', () => {
    const fragments = fc.constantFrom(...FRAGMENTS.split(' '), ' in ', '\n')
    const soup = fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const compiled = compile(text, VARIABLES, 'int')
        if (compiled.ok) evaluate(compiled.value, { ...VALUES, ys: [], zs: [] })
      }),
      { numRuns: 1000 },
    )
  })

  it('never throws on the deepest nesting that fits', () => {
    const openers = ['(', '[', '-', '!', 'a[', 'min(', 'xs.map(x, ', '{1: ', 'true ? 1 : ', '1 + ']
    for (const opener of openers) {
      const text = opener.repeat(Math.floor(EXPRESSION_LENGTH_MAX / opener.length))
      assert.equal(compile(text, VARIABLES, 'int').ok, false, opener)
    }
  })

  it('takes the longest expression and refuses one character more', () => {
    const longest = '1'.padEnd(EXPRESSION_LENGTH_MAX)
    assert.equal(compile(longest, VARIABLES, 'int').ok, true)
    assert.equal(codeOf(`${longest} `), 'expression-too-long')
  })

  it('takes the greatest depth and refuses one more', () => {
    assert.equal(compile(sumOfOnes(DEPTH_MAX), VARIABLES, 'int').ok, true)
    assert.equal(codeOf(sumOfOnes(DEPTH_MAX + 1)), 'too-deep')
  })

  it('takes the greatest number of nodes and refuses one more', () => {
    assert.equal(compile(listOfOnes(NODE_COUNT_MAX - 2), VARIABLES, 'int').ok, true)
    assert.equal(codeOf(listOfOnes(NODE_COUNT_MAX - 1)), 'too-many-nodes')
  })

  it('takes the greatest cost and refuses one step more', () => {
    // 1 for the sum, 1 for the list, and one for each of its items.
    const greatest = compile('sum(zs)', listVariable(COST_MAX - 2), 'int')
    assert.equal(greatest.ok && greatest.value.cost, COST_MAX)
    const beyond = compile('sum(zs)', listVariable(COST_MAX - 1), 'int')
    assert.equal(beyond.ok ? '' : beyond.error.code, 'too-costly')
  })

  it('counts the body of a macro once an item', () => {
    const compiled = compile('sum(ys.map(y, y * 2 + 1))', VARIABLES, 'int')
    // Body 5; macro 2 + 1 + 300 × (1 + 5); sum 1 + 300 more.
    assert.equal(compiled.ok && compiled.value.cost, 2 + 1 + 300 * 6 + 1 + 300)
  })

  it('says where the refused part stands', () => {
    const compiled = compile('a + nothing', VARIABLES, 'int')
    assert.deepEqual(compiled.ok ? null : compiled.error, {
      code: 'unknown-variable',
      verdict: 'reject',
      facts: { start: 4, end: 11, name: 'nothing' },
    })
  })

  it('does not take a property of every object for a variable', () => {
    assert.equal(codeOf('constructor'), 'unknown-variable')
    assert.equal(codeOf('toString'), 'unknown-variable')
    assert.equal(codeOf('toString(1)'), 'unknown-function')
    assert.equal(codeOf('xs.toString(x, true)'), 'unknown-method')
  })
})

describe('evaluate', () => {
  it('faults on every way out of int64', () => {
    const edges = { a: INT64_MIN, b: INT64_MAX, xs: [INT64_MAX, 1n], ys: [], zs: [] }
    for (const text of ['-a', 'a - 1', 'b + 1', 'b * 2', 'a / -1', 'sum(xs)', 'sum([b, 1, -1])']) {
      assert.equal(outcome(text, edges), 'overflow', text)
    }
    assert.equal(outcome('a', { ...edges, a: INT64_MIN - 1n }), 'overflow')
    assert.equal(outcome('xs[0]', { ...edges, xs: [INT64_MAX + 1n] }), 'overflow')
    assert.equal(outcome('a + b', edges), -1n)
    assert.equal(outcome('a % -1', edges), 0n)
  })

  it('divides toward zero, and the remainder has the sign of the dividend', () => {
    assert.equal(outcome('-a / 2', VALUES), -3n)
    assert.equal(outcome('-a % 2', VALUES), -1n)
    assert.equal(outcome('a / -2', VALUES), -3n)
  })

  it('lets the decisive side of && and || settle it, whichever faults', () => {
    assert.equal(outcome('a / b > 0 || true ? 1 : 2', VALUES), 1n)
    assert.equal(outcome('a / b > 0 && false ? 1 : 2', VALUES), 2n)
    assert.equal(outcome('a / b > 0 || false ? 1 : 2', VALUES), 'division-by-zero')
    assert.equal(outcome('a / b > 0 || !xs.exists(x, x > 5) ? 1 : 2', VALUES), 1n)
    assert.equal(outcome('a / b > 0 || (xs[9] > 0 && false) ? 1 : 2', VALUES), 'division-by-zero')
  })

  it('agrees with the library on everything but overflow', () => {
    const library = new Environment({ limits: { maxDepth: 64 } })
      .registerVariable('a', 'int')
      .registerVariable('b', 'int')
      .registerVariable('open', 'bool')
      .registerVariable('xs', 'list<int>')
      .registerFunction('sum(list<int>): int', (items: bigint[]) =>
        items.reduce((s, x) => s + x, 0n),
      )
      .registerFunction('min(list<int>): int', (items: bigint[]) => extreme(items, (x, y) => x < y))
      .registerFunction('max(list<int>): int', (items: bigint[]) => extreme(items, (x, y) => x > y))
    const seen = { value: 0, fault: 0 }
    fc.assert(
      fc.property(intText(4), anyValues(), (text, variables) => {
        const ours = compile(text, VARIABLES, 'int')
        if (!ours.ok) return assert.ok(MEASURES.has(ours.error.code), `${text}: ${ours.error.code}`)
        const got = evaluate(ours.value, { ...variables, name: '', ys: [], zs: [] })
        const theirs = attempt(() => library.evaluate(text, variables))
        if (got.ok) {
          seen.value += 1
          assert.equal(theirs, got.value, text)
        } else if (got.error.code !== 'overflow') {
          seen.fault += 1
          assert.equal(theirs, 'threw', text)
        }
      }),
      { numRuns: 2000 },
    )
    assert.ok(seen.value > 300 && seen.fault > 30, JSON.stringify(seen))
  })
})

const MEASURES = new Set([
  'too-deep',
  'too-many-nodes',
  'expression-too-long',
  'macro-repeated',
  'macro-nested',
])

function codeOf(text: string): string {
  const compiled = compile(text, VARIABLES, 'int')
  return compiled.ok ? 'accepted' : compiled.error.code
}

function outcome(text: string, values: Observations): bigint | string {
  const compiled = compile(text, VARIABLES, 'int')
  assert.ok(compiled.ok, text)
  const got = evaluate(compiled.value, values)
  return got.ok ? got.value : got.error.code
}

function listVariable(lengthMax: number): Readonly<Record<string, ValueType>> {
  return { zs: { type: 'list', lengthMax } }
}

function listOfOnes(count: number): string {
  return `sum([${Array.from({ length: count }, () => '1').join(',')}])`
}

function sumOfOnes(depth: number): string {
  return Array.from({ length: depth }, () => '1').join(' + ')
}

function extreme(items: bigint[], isBetter: (x: bigint, y: bigint) => boolean): bigint {
  const [first, ...rest] = items
  if (first === undefined) throw new Error('empty')
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first)
}

function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch {
    return 'threw'
  }
}

function anyValues(): fc.Arbitrary<Record<string, bigint | boolean | bigint[]>> {
  const int = fc.oneof(
    fc.bigInt({ min: -3n, max: 12n }),
    fc.constantFrom(INT64_MIN, INT64_MAX, 0n, -1n),
  )
  return fc.record({ a: int, b: int, open: fc.boolean(), xs: fc.array(int, { maxLength: 5 }) })
}

function intText(depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(
    'a',
    'b',
    '0',
    '1',
    '7',
    'xs[0]',
    'xs[2]',
    'size(xs)',
    'sum(xs)',
    'min(xs)',
  )
  if (depth === 0) return leaf
  const int = intText(depth - 1)
  const bool = boolText(depth - 1)
  const operator = fc.constantFrom('+', '-', '*', '/', '%')
  return fc.oneof(
    leaf,
    fc.tuple(int, operator, int).map(([x, op, y]) => `(${x} ${op} ${y})`),
    int.map((x) => `-(${x})`),
    fc.tuple(bool, int, int).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
    fc.tuple(int, int).map(([x, y]) => `max([${x}, ${y}])`),
    fc.tuple(int, int).map(([x, y]) => `sum(xs.map(i, i ${x.length % 2 === 0 ? '+' : '/'} ${y}))`),
    int.map((x) => `size(xs.filter(i, i > ${x}))`),
    int.map((x) => `xs[${x}]`),
  )
}

function boolText(depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom('open', 'true', 'false', 'a == b', 'xs[1] > 0', '1 / b == a')
  if (depth === 0) return leaf
  const bool = boolText(depth - 1)
  const int = intText(depth - 1)
  const relation = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
  return fc.oneof(
    leaf,
    fc.tuple(int, relation, int).map(([x, op, y]) => `(${x} ${op} ${y})`),
    fc.tuple(bool, fc.constantFrom('&&', '||'), bool).map(([x, op, y]) => `(${x} ${op} ${y})`),
    bool.map((x) => `!(${x})`),
    fc.tuple(fc.constantFrom('all', 'exists'), int).map(([m, x]) => `xs.${m}(i, 6 / i > ${x})`),
  )
}
