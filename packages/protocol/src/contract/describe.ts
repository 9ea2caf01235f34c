import type { ASTNode } from '@marcbachmann/cel-js'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { compile } from './expression.ts'
import { computeVariables, type Language, type ValueType } from './language.ts'
import type { Clause, Law, Primitive } from './terms.ts'

/**
 * A law in plain words, one line a clause: `each seat may harvest at most ⌊stock / 10⌋`.
 *
 * An expression that has no simple words, or is refused, stands as its CEL text between backticks. For a person to read;
 * nothing depends on the words.
 */
export function describeLaw(law: Law, language: Language): string {
  if (law.clauses.length === 0) return 'no clauses'
  return law.clauses.map((clause) => describeClause(clause, language)).join('\n')
}

function describeClause({ at, when, then }: Clause, language: Language): string {
  const words = new Words(computeVariables(language, at))
  const condition = words.bool(when)
  const who = condition === 'always' ? 'each seat' : `each seat for which ${condition}`
  const deed = describePrimitive(then, words, language.verb ?? 'take')
  return at === 'submission' ? `${who} ${deed}` : `when the round settles, ${who} ${deed}`
}

function describePrimitive(then: Primitive, words: Words, verb: string): string {
  switch (then.primitive) {
    case 'cap':
      return `may ${verb} at most ${words.ratio(then.limit, then.over)}`
    case 'override':
      return `must ${verb} exactly ${words.ratio(then.action, then.over)}`
    case 'transfer':
      return `pays ${words.amount(then.amount)} to ${words.seat(then.to)}`
    case 'escrow':
      return `puts ${words.amount(then.amount)} into escrow`
    case 'release':
      return `releases ${words.amount(then.amount)} of its escrow to ${words.seat(then.to)}`
    case 'sanction':
      return `is fined ${words.amount(then.amount)}`
    case 'graduatedSanction': {
      const multiplier = words.int(then.multiplier)
      return `is fined ${words.amount(then.base)}, times ${multiplier} for every violation before`
    }
    case 'insurance': {
      const payout = words.amount(then.payout)
      return `pays ${words.amount(then.premium)} into the pool and gets ${payout} out of it`
    }
    case 'participationCost':
      return `pays ${words.amount(then.amount)} for taking part`
  }
}

/** Finds words for the expressions of one clause. */
class Words {
  readonly #variables: Readonly<Record<string, ValueType>>

  constructor(variables: Readonly<Record<string, ValueType>>) {
    this.#variables = variables
  }

  bool(text: string): string {
    if (text.trim() === 'true') return 'always'
    return this.#say(text, 'bool')
  }

  int(text: string): string {
    return this.#say(text, 'int')
  }

  ratio(text: string, over: string | undefined): string {
    if (over === undefined) return this.int(text)
    return `${this.int(text)} / ${this.int(over)} (rounded, a half to the even number)`
  }

  amount(text: string): string {
    const words = this.int(text)
    return /^\d+$/.test(words) ? formatTokens(BigInt(words)) : `${words} micro-tokens`
  }

  seat(text: string): string {
    return text.trim() === 'self' ? 'itself' : `seat ${this.int(text)}`
  }

  #say(text: string, want: 'int' | 'bool'): string {
    const compiled = compile(text, this.#variables, want)
    const words = compiled.ok ? say(compiled.value.ast) : null
    return words ?? `\`${text}\``
  }
}

const NAMES: Readonly<Record<string, string>> = {
  self: 'its own number',
  n: 'the number of seats',
  escrow: 'its escrow',
  violations: 'the number of its violations',
  pool: 'the pool',
}

const RELATIONS: Readonly<Record<string, string>> = {
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
  '==': 'is',
  '!=': 'is not',
  '&&': 'and',
  '||': 'or',
}

const AGGREGATES: Readonly<Record<string, string>> = {
  size: 'the number of',
  sum: 'the sum of',
  min: 'the least of',
  max: 'the greatest of',
}

/** Words for a checked expression, or null where there are none simple enough. */
function say(node: ASTNode): string | null {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'string' ? `“${node.args}”` : String(node.args)
    case 'id':
      return NAMES[node.args] ?? node.args
    case '+':
    case '-':
    case '*':
      return join(node.args, ` ${node.op === '*' ? '×' : node.op} `, sayOperand)
    case '/': {
      const quotient = join(node.args, ' / ', sayOperand)
      return quotient === null ? null : `⌊${quotient}⌋`
    }
    case '%':
      return join(node.args, ' mod ', sayOperand)
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return join(node.args, ` ${RELATIONS[node.op] ?? node.op} `, sayOperand)
    case '&&':
    case '||':
      return join(node.args, ` ${RELATIONS[node.op] ?? node.op} `, (side) =>
        isConnective(side) && side.op !== node.op ? parenthesize(say(side)) : say(side),
      )
    case '[]':
      return sayEntry(node.args[0], node.args[1])
    case 'call': {
      const [name, args] = node.args
      const words = join(args, ', ', say)
      return words === null ? null : `${AGGREGATES[name] ?? name} ${words}`
    }
    default:
      return null
  }
}

// `requests[self]` is “its request”, `[2, 1, 1][self]` “its share of 2 : 1 : 1”.
function sayEntry(list: ASTNode, index: ASTNode): string | null {
  if (list.op === 'list' && index.op === 'id' && index.args === 'self') {
    const shares = join(list.args, ' : ', say)
    return shares === null ? null : `its share of ${shares}`
  }
  if (list.op !== 'id') return null
  if (index.op === 'id' && index.args === 'self') return `its ${singular(list.args)}`
  const words = say(index)
  return words === null ? null : `entry ${words} of ${list.args}`
}

function singular(name: string): string {
  if (/(?:ch|sh|ss|x)es$/.test(name)) return name.slice(0, -2)
  return name.endsWith('s') ? name.slice(0, -1) : name
}

function sayOperand(node: ASTNode): string | null {
  const isPlain = ['value', 'id', '[]', '/', 'call'].includes(node.op)
  return isPlain ? say(node) : parenthesize(say(node))
}

function isConnective(node: ASTNode): boolean {
  return node.op === '&&' || node.op === '||'
}

function join(
  nodes: readonly ASTNode[],
  between: string,
  words: (node: ASTNode) => string | null,
): string | null {
  const parts = nodes.map(words)
  return parts.some((part) => part === null) ? null : parts.join(between)
}

function parenthesize(words: string | null): string | null {
  return words === null ? null : `(${words})`
}

function formatTokens(amountMicro: bigint): string {
  const whole = amountMicro / TOKEN_MICRO
  const fraction = (amountMicro % TOKEN_MICRO).toString().padStart(6, '0').replace(/0+$/, '')
  const number = fraction === '' ? `${whole}` : `${whole}.${fraction}`
  return `${number} ${number === '1' ? 'token' : 'tokens'}`
}
