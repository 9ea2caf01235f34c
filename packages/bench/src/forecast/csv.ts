/** One record of a CSV file and the line on which it begins, from 1. */
export interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[]
}

export type CsvCode = 'unclosed-quote' | 'stray-quote' | 'stray-return'

export interface CsvFault {
  readonly line: number
  readonly code: CsvCode
}

/** RFC 4180: a field in quotes may hold commas, line ends and doubled quotes. Lines end in LF or CRLF; empty ones are skipped. */
export function parseCsv(text: string): {
  records: readonly CsvRecord[]
  faults: readonly CsvFault[]
} {
  const records: CsvRecord[] = []
  const faults: CsvFault[] = []
  let offset = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  while (offset < text.length) {
    const record = readRecord(text, offset)
    if (record.code !== undefined) faults.push({ line, code: record.code })
    else if (record.fields.length > 1 || record.fields[0] !== '') {
      records.push({ line, fields: record.fields })
    }
    line += record.lineCount
    offset = record.end
  }
  return { records, faults }
}

interface RecordRead {
  readonly fields: readonly string[]
  readonly end: number
  readonly lineCount: number
  readonly code?: CsvCode
}

function readRecord(text: string, start: number): RecordRead {
  const fields: string[] = []
  let offset = start
  for (;;) {
    const field = text[offset] === '"' ? readQuoted(text, offset) : readPlain(text, offset)
    if (field.code !== undefined) return broken(text, start, field.code)
    fields.push(field.value)
    offset = field.end
    if (text[offset] === ',') {
      offset += 1
      continue
    }
    if (text[offset] === '\r' && text[offset + 1] === '\n') offset += 1
    if (offset < text.length && text[offset] !== '\n') {
      return broken(text, start, text[offset] === '\r' ? 'stray-return' : 'stray-quote')
    }
    const end = Math.min(offset + 1, text.length)
    return { fields, end, lineCount: text.slice(start, end).split('\n').length - 1 || 1 }
  }
}

interface FieldRead {
  readonly value: string
  readonly end: number
  readonly code?: CsvCode
}

function readPlain(text: string, start: number): FieldRead {
  let end = start
  while (end < text.length && !',\r\n'.includes(text[end] ?? '')) end += 1
  const value = text.slice(start, end)
  return value.includes('"') ? { value, end, code: 'stray-quote' } : { value, end }
}

function readQuoted(text: string, start: number): FieldRead {
  let close = start
  do {
    close = text.indexOf('"', close + 1)
    if (close === -1) return { value: '', end: text.length, code: 'unclosed-quote' }
    if (text[close + 1] !== '"') break
    close += 1
  } while (close < text.length)
  return { value: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 }
}

/** A broken record ends with its first line, so that the records after it are read. */
function broken(text: string, start: number, code: CsvCode): RecordRead {
  const lineEnd = text.indexOf('\n', start)
  return { fields: [], end: lineEnd === -1 ? text.length : lineEnd + 1, lineCount: 1, code }
}

/** Lines that {@link parseCsv} reads as these records; fields are in quotes where they must be. */
export function formatCsv(records: readonly (readonly string[])[]): string {
  return records.map((fields) => `${fields.map(formatField).join()}\n`).join('')
}

function formatField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
