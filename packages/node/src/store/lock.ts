import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

const SQLITE_BUSY = 5

/**
 * Holds a data folder for this process, until `release` or until the process ends, however it ends: two processes that sign
 * with one key would contradict each other.
 *
 * Errors  StoreError 'data-in-use'
 */
export function lockFolder(folder: string): { release(): void } {
  const lock = new DatabaseSync(join(folder, 'node.lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (errorNumberOf(error) !== SQLITE_BUSY) {
      throw new StoreError('store-failed', `cannot lock ${folder}`, { cause: error })
    }
    throw new StoreError('data-in-use', `another process uses ${folder}`, {
      facts: { folder },
      cause: error,
    })
  }
  return { release: () => lock.close() }
}

/** SQLite's own number of a fault, without its extended part. */
export function errorNumberOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}
