import type { Law } from '@commonweal/protocol'
import type { ContractClass } from '../games/contract-search.ts'
import type { Random } from '../simulator/engine/random.ts'
import { capOfLaw } from './cap-law.ts'
import { computeTaken } from './capped-play.ts'
import type { Renewal } from './renewal.ts'

/** A cap on each seat that follows the stock. */
type Rule =
  | { readonly kind: 'constant'; readonly most: number }
  | { readonly kind: 'share'; readonly numerator: number; readonly denominator: number }
  | { readonly kind: 'escapement'; readonly target: number; readonly denominator: number }
  /** So much from each stock on, the highest first. */
  | { readonly kind: 'steps'; readonly steps: readonly (readonly [from: number, most: number])[] }
  /** So much at exactly these stocks. */
  | { readonly kind: 'points'; readonly points: readonly (readonly [at: number, most: number])[] }

/** One rule up to a round, another after it. */
export interface CapContract {
  readonly early: Rule
  readonly lateFrom: number
  readonly late: Rule
}

const RULE_KINDS: readonly Rule['kind'][] = ['constant', 'share', 'escapement', 'steps', 'points']

/** Caps of the class `stock-cap`, as laws in its language, on selfish seats that take all that a cap leaves them. */
export function capContracts(renewal: Renewal): ContractClass<CapContract> {
  const { params, seatCount } = renewal
  const { rounds, capacity } = params
  return {
    draw: (random) => ({
      early: drawRule(random, capacity),
      lateFrom: random.below(2) === 0 ? rounds : random.between(2, rounds),
      late:
        random.below(2) === 0 ? { kind: 'constant', most: capacity } : drawRule(random, capacity),
    }),
    vary(contract, random) {
      const which = random.below(4)
      if (which === 0) return { ...contract, late: drawRule(random, capacity) }
      if (which === 1) return { ...contract, lateFrom: random.between(2, rounds) }
      return { ...contract, early: varyRule(contract.early, random, capacity) }
    },
    valueOf: (contract) => computeTaken(renewal, capOfLaw(params, toLaw(contract), seatCount)),
    inWords: ({ early, lateFrom, late }) =>
      `each seat at most ${format(early)}, from round ${lateFrom} on ${format(late)}`,
  }
}

function toLaw({ early, lateFrom, late }: CapContract): Law {
  const limit = `round < ${lateFrom} ? ${format(early)} : ${format(late)}`
  return { clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit } }] }
}

/** As an expression of the language. */
function format(rule: Rule): string {
  switch (rule.kind) {
    case 'constant':
      return String(rule.most)
    case 'share':
      return `stock * ${rule.numerator} / ${rule.denominator}`
    case 'escapement':
      return `max(0, stock - ${rule.target}) / ${rule.denominator}`
    case 'steps':
      return formatCases(rule.steps.map(([from, most]) => [`stock >= ${from}`, most]))
    case 'points':
      return formatCases(rule.points.map(([at, most]) => [`stock == ${at}`, most]))
  }
}

function formatCases(cases: readonly (readonly [condition: string, most: number])[]): string {
  return `(${cases.map(([condition, most]) => `${condition} ? ${most} : `).join('')}0)`
}

function drawRule(random: Random, capacity: number): Rule {
  const kind = random.pick(RULE_KINDS)
  const drawMost = (): number => random.below(26)
  switch (kind) {
    case 'constant':
      return { kind, most: drawMost() }
    case 'share':
      return { kind, numerator: random.between(1, 5), denominator: random.between(5, 60) }
    case 'escapement':
      return { kind, target: random.below(capacity), denominator: random.between(1, 10) }
    case 'steps':
    case 'points': {
      const cases = Array.from({ length: random.between(1, 4) }, () => random.below(capacity + 1))
        .toSorted((a, b) => b - a)
        .map((stock) => [stock, drawMost()] as const)
      return kind === 'steps' ? { kind, steps: cases } : { kind, points: cases }
    }
  }
}

/** A neighbour of the same kind. */
function varyRule(rule: Rule, random: Random, capacity: number): Rule {
  const near = (value: number, least: number): number =>
    Math.max(least, value + random.between(-3, 3))
  const varyCases = (
    cases: readonly (readonly [stock: number, most: number])[],
  ): readonly (readonly [stock: number, most: number])[] => {
    const at = random.below(cases.length)
    return cases
      .map(([stock, most], index): readonly [number, number] =>
        index === at ? [Math.min(capacity, near(stock, 0)), near(most, 0)] : [stock, most],
      )
      .toSorted(([a], [b]) => b - a)
  }
  switch (rule.kind) {
    case 'constant':
      return { ...rule, most: near(rule.most, 0) }
    case 'share': {
      const { numerator, denominator } = rule
      return { ...rule, numerator: near(numerator, 1), denominator: near(denominator, 1) }
    }
    case 'escapement':
      return { ...rule, target: near(rule.target, 0), denominator: near(rule.denominator, 1) }
    case 'steps':
      return { ...rule, steps: varyCases(rule.steps) }
    case 'points':
      return { ...rule, points: varyCases(rule.points) }
  }
}
