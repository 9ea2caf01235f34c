import type { SQLOutputValue } from 'node:sqlite'
import { StoreError } from './store-error.ts'

export type Row = Readonly<Record<string, SQLOutputValue>>

/** Typed columns: a value of another type means that somebody else wrote the file. */
export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw wrongColumn(column, 'text')
}

export function integerOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw wrongColumn(column, 'a whole number')
}

export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (value instanceof Uint8Array) return value
  throw wrongColumn(column, 'bytes')
}

function wrongColumn(column: string, expected: string): StoreError {
  return new StoreError('store-corrupt', `the column ${column} does not hold ${expected}`, {
    facts: { column },
  })
}
