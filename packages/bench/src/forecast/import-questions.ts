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
  | 'duplicate-outcome'
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

export const QUESTION_FIELDS: readonly string[] = [
  'qid',
  'text',
  'outcomes',
  'open',
  'close',
  'outcome_index',
]
export const FORECAST_FIELDS: readonly string[] = ['qid', 'forecaster', 'role', 'time', 'probs']

/** Probabilities are written in decimals, so that their sum may miss 1: three times .333 is admitted, three times .33 is not. */
const SUM_TOLERANCE = 2e-3

/** A date, or a date and a time with its zone. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/
const DECIMAL = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads resolved questions and the forecasts about them.
 *
 * Shape   two CSV texts with the headers `qid,text,outcomes,open,close,outcome_index` and `qid,forecaster,role,time,probs`;
 *         outcomes and probabilities are separated by |. Spaces around a value do not count.
 * Result  everything, or every fault of both files by line: a file is not imported in part. What is said about a question that
 *         has a fault itself is not one more.
 */
export function importQuestions(questionsCsv: string, forecastsCsv: string): ImportResult {
  const faults: ImportFault[] = []
  const questions = new Map<string, ResolvedQuestion>()
  for (const record of recordsOf('questions', questionsCsv, QUESTION_FIELDS, faults)) {
    const read = readQuestion(record, questions)
    if ('code' in read) faults.push({ file: 'questions', line: record.line, ...read })
    else questions.set(read.id, read)
  }
  // Which question a broken line was to be cannot be known.
  const areQuestionsWhole = faults.length === 0
  const forecasts: Forecast[] = []
  for (const record of recordsOf('forecasts', forecastsCsv, FORECAST_FIELDS, faults)) {
    const read = readForecast(record, questions)
    if (!('code' in read)) forecasts.push(read)
    else if (areQuestionsWhole || read.code !== 'unknown-question') {
      faults.push({ file: 'forecasts', line: record.line, ...read })
    }
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
    faults.push({ file, line, code, sentence: CSV_SENTENCES[code] })
  }
  const [header, ...records] = parsed.records
    .map((record) => ({ ...record, fields: record.fields.map((field) => field.trim()) }))
    .filter((record) => record.fields.some((field) => field !== ''))
  if (header?.fields.join() !== fields.join()) {
    const given = header === undefined ? 'missing' : shorten(header.fields.join())
    const sentence = `the first line is ${given}; accepted is ${fields.join()}`
    faults.push({ file, line: header?.line ?? 1, code: 'wrong-header', sentence })
    return []
  }
  return records.filter((record) => {
    const fault = checkFields(record, fields)
    if (fault !== undefined) faults.push({ file, line: record.line, ...fault })
    return fault === undefined
  })
}

const CSV_SENTENCES: Readonly<Record<CsvCode, string>> = {
  'unclosed-quote': 'a field begins with " and does not end with it; a quote within is written ""',
  'stray-quote':
    'a " stands within a field; accepted is a field wholly in quotes, and "" for a quote within',
  'stray-return':
    'a carriage return stands within a line; accepted are lines that end in LF or CRLF',
}

const GIVEN_LENGTH_MAX = 60

/** So that what is accepted is still seen after it. */
function shorten(given: string): string {
  return given.length <= GIVEN_LENGTH_MAX ? given : `${given.slice(0, GIVEN_LENGTH_MAX)}…`
}

function checkFields(record: CsvRecord, names: readonly string[]): Fault | undefined {
  const count = record.fields.length
  if (count !== names.length) {
    return {
      code: 'wrong-field-count',
      sentence: `${count} fields; accepted are ${names.length}: ${names.join()}`,
    }
  }
  const empty = record.fields.indexOf('')
  if (empty === -1) return undefined
  return { code: 'empty-field', sentence: `${names[empty]} is empty; every field has a value` }
}

function readQuestion(
  { fields }: CsvRecord,
  earlier: ReadonlyMap<string, ResolvedQuestion>,
): ResolvedQuestion | Fault {
  const [id = '', text = '', outcomeText = '', open = '', close = '', index = ''] = fields
  if (earlier.has(id)) {
    return {
      code: 'duplicate-question',
      sentence: `${shorten(id)} is there already; a qid occurs once`,
    }
  }
  const outcomes = splitList(outcomeText)
  if (outcomes.length < 2 || outcomes.length > OUTCOME_COUNT_MAX || outcomes.includes('')) {
    const sentence = `${shorten(outcomeText)} is no list of outcomes; accepted are 2 to ${OUTCOME_COUNT_MAX} names with | between them`
    return { code: 'wrong-outcome-count', sentence }
  }
  if (new Set(outcomes).size < outcomes.length) {
    const sentence = `${shorten(outcomeText)} names an outcome twice; accepted are distinct names`
    return { code: 'duplicate-outcome', sentence }
  }
  const wrongTime = [open, close].find((time) => parseTime(time) === undefined)
  if (wrongTime !== undefined) return malformedTime(wrongTime)
  const openAtMs = parseTime(open) ?? 0
  const closeAtMs = parseTime(close) ?? 0
  if (closeAtMs < openAtMs) {
    return {
      code: 'closes-before-open',
      sentence: `close is ${close}; accepted is ${open} (open) or later`,
    }
  }
  const outcomeIndex = Number(index)
  if (!/^\d+$/.test(index) || outcomeIndex >= outcomes.length) {
    const sentence = `outcome_index is ${shorten(index)}; accepted is 0 to ${outcomes.length - 1}`
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
    return {
      code: 'unknown-question',
      sentence: `${shorten(questionId)} is no qid of questions.csv`,
    }
  }
  const atMs = parseTime(time)
  if (atMs === undefined) return malformedTime(time)
  const parts = splitList(probabilityText)
  if (parts.length !== question.outcomes.length) {
    const sentence = `${parts.length} probabilities; accepted are ${question.outcomes.length}, one for each of ${shorten(question.outcomes.join('|'))}`
    return { code: 'wrong-probability-count', sentence }
  }
  const wrong = parts.find((part) => !DECIMAL.test(part) || Number(part) > 1)
  if (wrong !== undefined) {
    return {
      code: 'malformed-probability',
      sentence: `${shorten(wrong)} is no probability; accepted are decimals from 0 to 1`,
    }
  }
  const probabilities = parts.map(Number)
  const sum = probabilities.reduce((total, probability) => total + probability, 0)
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    const sentence = `the probabilities add up to ${Number(sum.toFixed(6))}; accepted is 1, give or take ${SUM_TOLERANCE}`
    return { code: 'not-a-whole', sentence }
  }
  return { questionId, forecaster, role, atMs, probabilities }
}

function splitList(text: string): readonly string[] {
  return text.split('|').map((part) => part.trim())
}

function parseTime(text: string): number | undefined {
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) || !isDay(text.slice(0, 10)) ? undefined : ms
}

/** Whether the calendar has the day: `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const ms = Date.parse(date)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}

function malformedTime(time: string): Fault {
  const sentence = `${shorten(time)} is no time; accepted are dates (2022-11-08) and times with their zone (2022-11-08T05:18:10Z)`
  return { code: 'malformed-time', sentence }
}
