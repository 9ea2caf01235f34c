import { OUTCOME_COUNT_MAX } from '@commonweal/protocol'
import { type CsvCode, type CsvRecord, parseCsv } from './csv.ts'

/** A question whose answer is known. */
export interface ResolvedQuestion {
  readonly id: string
  readonly text: string
  readonly outcomes: readonly string[]
  readonly openAtMs: number
  readonly closeAtMs: number
  /** Which outcome came true, from 0. */
  readonly outcomeIndex: number
}

/** What somebody said about a question at some time; probabilities in the order of its outcomes, with the sum 1. */
export interface Forecast {
  readonly questionId: string
  readonly forecaster: string
  readonly role: string
  readonly atMs: number
  readonly probabilities: readonly number[]
}

export interface ImportedQuestions {
  readonly questions: readonly ResolvedQuestion[]
  /** In the order of the file. */
  readonly forecasts: readonly Forecast[]
}

export type ImportCode =
  | CsvCode
  | 'wrong-header'
  | 'wrong-field-count'
  | 'empty-field'
  | 'duplicate-question'
  | 'wrong-outcome-count'
  | 'outcome-out-of-range'
  | 'malformed-time'
  | 'closes-before-open'
  | 'unknown-question'
  | 'wrong-probability-count'
  | 'malformed-probability'
  | 'not-a-whole'

/** What is wrong with a line of a file, in a sentence for the person who wrote it. */
export interface ImportFault {
  readonly file: 'questions' | 'forecasts'
  readonly line: number
  readonly code: ImportCode
  readonly sentence: string
}

export type ImportResult =
  | { readonly ok: true; readonly value: ImportedQuestions }
  | { readonly ok: false; readonly faults: readonly ImportFault[] }

const QUESTION_FIELDS = ['qid', 'text', 'outcomes', 'open', 'close', 'outcome_index']
const FORECAST_FIELDS = ['qid', 'forecaster', 'role', 'time', 'probs']

/** Probabilities are written in decimals, so that their sum may miss 1: three times .333 is admitted, three times .33 is not. */
const SUM_TOLERANCE = 2e-3

/** A date, or a date and a time with its zone. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/
const DECIMAL = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads resolved questions and the forecasts about them.
 *
 * Shape   two CSV texts with the headers `qid,text,outcomes,open,close,outcome_index` and `qid,forecaster,role,time,probs`;
 *         outcomes and probabilities are separated by |.
 * Result  everything, or every fault of both files by line: a file is not imported in part.
 */
export function importQuestions(questionsCsv: string, forecastsCsv: string): ImportResult {
  const faults: ImportFault[] = []
  const questions = new Map<string, ResolvedQuestion>()
  for (const record of recordsOf('questions', questionsCsv, QUESTION_FIELDS, faults)) {
    const read = readQuestion(record, questions)
    if ('code' in read) faults.push({ file: 'questions', line: record.line, ...read })
    else questions.set(read.id, read)
  }
  const forecasts: Forecast[] = []
  for (const record of recordsOf('forecasts', forecastsCsv, FORECAST_FIELDS, faults)) {
    const read = readForecast(record, questions)
    if ('code' in read) faults.push({ file: 'forecasts', line: record.line, ...read })
    else forecasts.push(read)
  }
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, value: { questions: [...questions.values()], forecasts } }
}

interface Fault {
  readonly code: ImportCode
  readonly sentence: string
}

function recordsOf(
  file: ImportFault['file'],
  text: string,
  fields: readonly string[],
  faults: ImportFault[],
): readonly CsvRecord[] {
  const parsed = parseCsv(text)
  for (const { line, code } of parsed.faults) {
    const what =
      code === 'unclosed-quote' ? 'a quote is not closed' : 'a quote stands inside a field'
    faults.push({ file, line, code, sentence: what })
  }
  const [header, ...records] = parsed.records
  if (header?.fields.join() !== fields.join()) {
    const sentence = `the first line is ${header?.fields.join() ?? 'missing'}, not ${fields.join()}`
    faults.push({ file, line: header?.line ?? 1, code: 'wrong-header', sentence })
    return []
  }
  return records.filter((record) => {
    const fault = checkFields(record, fields)
    if (fault !== undefined) faults.push({ file, line: record.line, ...fault })
    return fault === undefined
  })
}

function checkFields(record: CsvRecord, names: readonly string[]): Fault | undefined {
  const count = record.fields.length
  if (count !== names.length) {
    return { code: 'wrong-field-count', sentence: `${count} fields, not ${names.length}` }
  }
  const empty = record.fields.findIndex((field) => field.trim() === '')
  if (empty === -1) return undefined
  return { code: 'empty-field', sentence: `${names[empty]} is empty` }
}

function readQuestion(
  { fields }: CsvRecord,
  earlier: ReadonlyMap<string, ResolvedQuestion>,
): ResolvedQuestion | Fault {
  const [id = '', text = '', outcomeText = '', open = '', close = '', index = ''] = fields
  if (earlier.has(id)) return { code: 'duplicate-question', sentence: `${id} occurs twice` }
  const outcomes = outcomeText.split('|')
  if (outcomes.length < 2 || outcomes.length > OUTCOME_COUNT_MAX || outcomes.includes('')) {
    const sentence = `${outcomes.length} outcomes, not 2 to ${OUTCOME_COUNT_MAX} with a name each`
    return { code: 'wrong-outcome-count', sentence }
  }
  const wrongTime = [open, close].find((time) => parseTime(time) === undefined)
  if (wrongTime !== undefined) return malformedTime(wrongTime)
  const openAtMs = parseTime(open) ?? 0
  const closeAtMs = parseTime(close) ?? 0
  if (closeAtMs < openAtMs) {
    return { code: 'closes-before-open', sentence: `closes ${close}, before it opens ${open}` }
  }
  const outcomeIndex = Number(index)
  if (!/^\d+$/.test(index) || outcomeIndex >= outcomes.length) {
    const sentence = `outcome_index is ${index}, not 0 to ${outcomes.length - 1}`
    return { code: 'outcome-out-of-range', sentence }
  }
  return { id, text, outcomes, openAtMs, closeAtMs, outcomeIndex }
}

function readForecast(
  { fields }: CsvRecord,
  questions: ReadonlyMap<string, ResolvedQuestion>,
): Forecast | Fault {
  const [questionId = '', forecaster = '', role = '', time = '', probabilityText = ''] = fields
  const question = questions.get(questionId)
  if (question === undefined) {
    return { code: 'unknown-question', sentence: `${questionId} is not among the questions` }
  }
  const atMs = parseTime(time)
  if (atMs === undefined) return malformedTime(time)
  const parts = probabilityText.split('|')
  if (parts.length !== question.outcomes.length) {
    const sentence = `${parts.length} probabilities for ${question.outcomes.length} outcomes`
    return { code: 'wrong-probability-count', sentence }
  }
  const wrong = parts.find((part) => !DECIMAL.test(part) || Number(part) > 1)
  if (wrong !== undefined) {
    return { code: 'malformed-probability', sentence: `${wrong} is not a number from 0 to 1` }
  }
  const probabilities = parts.map(Number)
  const sum = probabilities.reduce((total, probability) => total + probability, 0)
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    return { code: 'not-a-whole', sentence: `the probabilities add up to ${sum}` }
  }
  return { questionId, forecaster, role, atMs, probabilities }
}

function parseTime(text: string): number | undefined {
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

function malformedTime(time: string): Fault {
  const sentence = `${time} is neither a date like 2022-11-08 nor a time like 2022-11-08T05:18:10Z`
  return { code: 'malformed-time', sentence }
}
