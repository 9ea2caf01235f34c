import type { Style } from './output.ts'

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

/** Keys of a record that its line shows elsewhere, or that are the same in every record. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'level',
  'time',
  'msg',
  'pid',
  'hostname',
  'name',
  'node',
])

/** A node's log record (one line of JSON) as a line for people; a line that is no record stays as it is. */
export function formatLogRecord(line: string, style: Style): string {
  const record = parseRecord(line)
  if (record === undefined) return line
  const { level, time, msg } = record
  const name = LEVELS[Number(level)] ?? String(level)
  const facts = Object.entries(record)
    .filter(([key]) => !OWN_KEYS.has(key))
    .map(([key, value]) => `${style.dim(`${key}=`)}${formatFact(value)}`)
  return [
    style.dim(formatInstant(time)),
    colourOf(name, style)(name.padEnd(5)),
    typeof msg === 'string' ? msg : '',
    ...facts,
  ]
    .join(' ')
    .trimEnd()
}

/** When a record was written, Unix ms; undefined for a line that is no record. */
export function instantOf(line: string): number | undefined {
  const time = parseRecord(line)?.['time']
  return typeof time === 'number' ? time : undefined
}

function colourOf(level: string, style: Style): (text: string) => string {
  if (level === 'error' || level === 'fatal') return style.red
  return level === 'warn' ? style.yellow : style.cyan
}

function formatInstant(time: unknown): string {
  return typeof time === 'number' ? new Date(time).toISOString().slice(11, 23) : ''
}

function formatFact(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parseRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
