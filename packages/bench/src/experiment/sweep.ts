import type { JsonValue } from './canonical-json.ts'
import type { CellValues, ExperimentFile } from './experiment.ts'

/** One dimension of a grid; several paths of one axis change together. */
export type SweepAxis = Readonly<Record<string, readonly JsonValue[]>>

/** What an experiment may vary. */
export const SWEPT_FIELDS = [
  'scenario',
  'population',
  'contract',
  'law',
  'language',
  'contractDelay',
  'adversaries',
  'fidelity',
  'network',
  'llm',
] as const

/** Every path of `sweep` is an axis; those of `zip` are one axis together, the last. */
export function axesOf({ sweep, zip }: ExperimentFile): readonly SweepAxis[] {
  const single = Object.entries(sweep).map(([path, values]) => ({ [path]: values }))
  return Object.keys(zip).length === 0 ? single : [...single, zip]
}

/** How many steps an axis has. */
export function lengthOf(axis: SweepAxis): number {
  return Math.max(...Object.values(axis).map((values) => values.length))
}

/** The points of the grid, the first axis changing slowest: a step of each axis. */
export function gridOf(axes: readonly SweepAxis[]): readonly CellValues[] {
  return axes.reduce<readonly CellValues[]>(
    (cells, axis) =>
      cells.flatMap((cell) =>
        Array.from({ length: lengthOf(axis) }, (_, step) => ({ ...cell, ...stepOf(axis, step) })),
      ),
    [{}],
  )
}

/** What a step sets, and what it is called: `{ label: fine, value: { … } }`, or the value itself. */
export function readStep(step: JsonValue): {
  readonly label: JsonValue
  readonly value: JsonValue
} {
  const isLabelled =
    typeof step === 'object' &&
    step !== null &&
    'label' in step &&
    'value' in step &&
    Object.keys(step).length === 2
  return isLabelled
    ? { label: step['label'] ?? null, value: step['value'] ?? null }
    : { label: step, value: step }
}

function stepOf(axis: SweepAxis, step: number): CellValues {
  return Object.fromEntries(
    Object.entries(axis).map(([path, values]) => [path, values[step] ?? null]),
  )
}

/**
 * A copy of a document with a value put at a path such as "population.0.prosociality"; "*" stands for every entry of a list.
 *
 * Result  undefined where the path leads nowhere: a list has no such entry, or something on the way has no fields.
 */
export function putAt(
  document: unknown,
  path: readonly string[],
  value: JsonValue,
): { readonly document: unknown } | undefined {
  const [key, ...rest] = path
  if (key === undefined) return { document: value }
  if (Array.isArray(document)) {
    const entries: unknown[] = [...document]
    const indices = key === '*' ? [...entries.keys()] : [Number(key)]
    for (const index of indices) {
      if (!Object.hasOwn(entries, index)) return undefined
      const put = putAt(entries[index], rest, value)
      if (put === undefined) return undefined
      entries[index] = put.document
    }
    return { document: entries }
  }
  const isMissing = document === undefined || document === null
  if (!isMissing && typeof document !== 'object') return undefined
  if (isMissing && (key === '*' || /^\d+$/.test(key))) return undefined
  const fields: Readonly<Record<string, unknown>> = isMissing ? {} : { ...document }
  const put = putAt(fields[key], rest, value)
  return put === undefined ? undefined : { document: { ...fields, [key]: put.document } }
}
