/** An exact quotient in lowest terms; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** Throws RangeError for a denominator of 0. */
export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  const [top, bottom] = [BigInt(numerator), BigInt(denominator)]
  if (bottom === 0n) throw new RangeError(`${top}/0 is no number`)
  const divisor = greatestCommonDivisor(top, bottom) * (bottom < 0n ? -1n : 1n)
  return { numerator: top / divisor, denominator: bottom / divisor }
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n }
export const ONE: Rational = { numerator: 1n, denominator: 1n }

export function add(a: Rational, b: Rational): Rational {
  return rational(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  )
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, { numerator: -b.numerator, denominator: b.denominator })
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator)
}

export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator)
}

/** Negative, 0 or positive, as a is below, at or above b. */
export function compare(a: Rational, b: Rational): number {
  return Number(signOf(a.numerator * b.denominator - b.numerator * a.denominator))
}

export function sum(terms: readonly Rational[]): Rational {
  return terms.reduce(add, ZERO)
}

/** The nearest float. */
export function toNumber({ numerator, denominator }: Rational): number {
  return Number(numerator) / Number(denominator)
}

/** "3", "-1/2". */
export function format({ numerator, denominator }: Rational): string {
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`
}

/**
 * Solves A·x = b exactly, by elimination; undefined where A has no inverse.
 *
 * Shape   A square, b as long.
 */
export function solve(
  matrix: readonly (readonly Rational[])[],
  right: readonly Rational[],
): readonly Rational[] | undefined {
  const size = right.length
  const lines = matrix.map((line, index) => [...line, right[index] ?? ZERO])
  for (let column = 0; column < size; column++) {
    const pivot = lines.findIndex(
      (line, index) => index >= column && (line[column] ?? ZERO).numerator !== 0n,
    )
    const line = lines[pivot]
    if (line === undefined) return undefined
    lines[pivot] = lines[column] ?? line
    const lead = line[column] ?? ONE
    const scaled = line.map((entry) => divide(entry, lead))
    lines[column] = scaled
    for (const [index, other] of lines.entries()) {
      const factor = other[column] ?? ZERO
      if (index === column || factor.numerator === 0n) continue
      lines[index] = other.map((entry, place) =>
        subtract(entry, multiply(factor, scaled[place] ?? ZERO)),
      )
    }
  }
  return lines.map((line) => line[size] ?? ZERO)
}

function signOf(value: bigint): bigint {
  if (value === 0n) return 0n
  return value > 0n ? 1n : -1n
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [left, right] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (right > 0n) [left, right] = [right, left % right]
  return left === 0n ? 1n : left
}
