import type { z } from 'zod'
import { checkCondition } from './check-condition.ts'
import {
  type Cell,
  type CellValues,
  conditionOf,
  type Experiment,
  type ExperimentFile,
  experimentFileSchema,
} from './experiment.ts'
import { ExperimentError, type FilePlace } from './experiment-error.ts'
import { type ExperimentText, type Path, readExperimentText } from './experiment-text.ts'
import { describeIssue, fieldOf } from './schema-issue.ts'
import { axesOf, gridOf, lengthOf, putAt, readStep, SWEPT_FIELDS } from './sweep.ts'

/** Most points of a grid. */
export const CELL_COUNT_MAX = 10_000

/**
 * Reads an experiment file: YAML, every field with a default, none that is unknown; its sweep is carried out.
 *
 * @param path names the file in errors.
 * Errors  ExperimentError: file, line, column, what was given, what is accepted.
 */
export function parseExperiment(text: string, path: string): Experiment {
  const source = readExperimentText(text, path)
  const file = parseFile(source, source.value, path, {})
  const axes = axesOf(file)
  checkZip(file, source, path)
  const cellCount = axes.reduce((count, axis) => count * lengthOf(axis), 1)
  if (cellCount > CELL_COUNT_MAX) {
    const sentence = `${cellCount} points of the grid; accepted: at most ${CELL_COUNT_MAX}`
    throw new ExperimentError(path, source.placeOf(['sweep']), sentence)
  }
  const cells = gridOf(axes).map((values) => createCell(source, path, values))
  const { name, description, seeds, maxCost } = file
  return { name, description, seeds, cells, maxCost, cassette: file.llm?.cassette ?? null }
}

function createCell(source: ExperimentText, path: string, values: CellValues): Cell {
  let document = source.value
  for (const [swept, step] of Object.entries(values)) {
    const keys = swept.split('.')
    const put = isSwept(keys[0]) ? putAt(document, keys, readStep(step).value) : undefined
    if (put === undefined) {
      const accepted = `a path that the file has, from ${SWEPT_FIELDS.join(', ')}`
      const sentence = `${swept} leads nowhere; accepted: ${accepted}`
      throw new ExperimentError(path, placeOfSwept(source, swept), sentence)
    }
    document = put.document
  }
  checkCassette(source, path, values)
  const condition = conditionOf(parseFile(source, document, path, values))
  const fault = checkCondition(condition)
  if (fault !== null) {
    throw new ExperimentError(path, findPlace(source, fault.path, values), fault.sentence)
  }
  const labels = Object.entries(values).map(([swept, step]) => [swept, readStep(step).label])
  return { values: Object.fromEntries(labels), condition }
}

function parseFile(
  source: ExperimentText,
  document: unknown,
  path: string,
  values: CellValues,
): ExperimentFile {
  const parsed = experimentFileSchema.safeParse(document)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue === undefined) throw new ExperimentError(path, null, 'no experiment')
  throw new ExperimentError(
    path,
    placeOfIssue(source, issue, values),
    describeIssue(issue, document),
  )
}

function checkCassette(source: ExperimentText, path: string, values: CellValues): void {
  const swept = Object.keys(values).find((key) => key.startsWith('llm.cassette'))
  if (swept === undefined) return
  const sentence = `${swept}: all runs have one cassette; accepted: not in a sweep`
  throw new ExperimentError(path, placeOfSwept(source, swept), sentence)
}

function checkZip({ zip }: ExperimentFile, source: ExperimentText, path: string): void {
  const lengths = Object.values(zip).map((values) => values.length)
  if (new Set(lengths).size <= 1) return
  const sentence = `lists of ${lengths.join(', ')} values; accepted: lists of one length`
  throw new ExperimentError(path, source.placeOf(['zip']), sentence)
}

function isSwept(field: string | undefined): boolean {
  return SWEPT_FIELDS.some((name) => name === field)
}

function placeOfIssue(
  source: ExperimentText,
  issue: z.core.$ZodIssue,
  values: CellValues,
): FilePlace {
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : []
  const swept = findSwept(issue.path, values)
  if (swept === undefined && key !== undefined) return source.placeOfKey(issue.path, key)
  return findPlace(source, issue.path, values)
}

/** In the sweep, where that is what put the value there. */
function findPlace(source: ExperimentText, at: Path, values: CellValues): FilePlace {
  const swept = findSwept(at, values)
  return swept === undefined ? source.placeOf(at) : placeOfSwept(source, swept, values[swept])
}

function findSwept(at: Path, values: CellValues): string | undefined {
  return Object.keys(values).find((swept) => {
    const keys = swept.split('.')
    const shared = Math.min(keys.length, at.length)
    const isUnder = keys
      .slice(0, shared)
      .every((key, index) => key === '*' || key === String(at[index]))
    return isUnder && at.length > 0
  })
}

function placeOfSwept(source: ExperimentText, swept: string, value?: unknown): FilePlace {
  const file = source.value
  for (const field of ['sweep', 'zip']) {
    const axis = fieldOf(fieldOf(file, field), swept)
    if (!Array.isArray(axis)) continue
    const index = axis.findIndex((entry) => JSON.stringify(entry) === JSON.stringify(value))
    return index === -1 ? source.placeOfKey([field], swept) : source.placeOf([field, swept, index])
  }
  return source.placeOf([])
}
