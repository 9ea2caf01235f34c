/** What stands in the books, or what came out: a number, or words for what is not one. */
export type Reading = number | string

export type Verdict = 'ok' | 'ok under the stated condition' | 'off'

/** One published figure, and what this software makes of it. */
export interface VerdictRow {
  readonly id: string
  /** Name of the section that measured it. */
  readonly section: string
  readonly what: string
  readonly expected: Reading
  readonly got: Reading
  /** How far a number may be away; 0 where it must agree exactly. */
  readonly tolerance: number
  readonly verdict: Verdict
  /** The condition under which the figure holds, or how it was computed. */
  readonly note: string
}

export interface Claim {
  readonly id: string
  readonly what: string
  readonly expected: Reading
  readonly got: Reading
  readonly tolerance?: number
  readonly note?: string
  /** Says when the figure holds, where it does not hold as it is published; it is part of the verdict. */
  readonly condition?: string
}

/** Compares what was published with what came out. Words must agree letter by letter. */
export function judge(section: string, claim: Claim): VerdictRow {
  const { id, what, expected, got, tolerance = 0, note = '', condition } = claim
  const held = condition === undefined ? 'ok' : 'ok under the stated condition'
  const verdict = agrees(expected, got, tolerance) ? held : 'off'
  const words = [condition ?? '', note].filter((text) => text !== '').join(' ')
  return { id, section, what, expected, got, tolerance, verdict, note: words }
}

function agrees(expected: Reading, got: Reading, tolerance: number): boolean {
  if (typeof expected === 'string' || typeof got === 'string') return expected === got
  return Math.abs(expected - got) <= tolerance
}

/** Half of the last digit that was published: what rounding may have taken away. */
export function rounding(digits: number): number {
  return 0.5 / 10 ** digits
}
