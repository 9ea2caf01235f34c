import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { AgentId, Cid } from '@commonweal/protocol'
import type { StorePort } from '../ports.ts'
import { errorNumberOf, lockFolder } from './lock.ts'
import { SqliteReader } from './sqlite-reader.ts'
import { SqliteWriter } from './sqlite-writer.ts'
import { StoreError } from './store-error.ts'
import { STORE_APPLICATION_ID, STORE_VERSION, TABLES } from './tables.ts'

export interface SqliteStoreOptions {
  /** Folder of the node: the file in it is `node.db`. Created where it is missing. */
  readonly folder: string
  readonly networkId: Cid
  readonly agent: AgentId
  /** [null: all] Epochs before the current one of which final blocks, receipts and events are kept. */
  readonly keepEpochs?: number | null
}

/**
 * Opens the store of a node, and checks that it is whole, of this version, and of this network and agent.
 *
 * Durability  WAL with synchronous=FULL: a transaction is on disk when `commit` returns, whether the process or the machine
 *             dies next.
 * Errors      StoreError 'data-in-use' · 'store-corrupt' · 'store-version' · 'store-foreign' · 'store-failed'
 */
export function openSqliteStore(options: SqliteStoreOptions): StorePort {
  mkdirSync(options.folder, { recursive: true })
  const lock = lockFolder(options.folder)
  try {
    const database = openDatabase(join(options.folder, 'node.db'))
    try {
      checkOwner(database, options)
      return createStore(database, lock, options.keepEpochs ?? null)
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    lock.release()
    throw toStoreError(error)
  }
}

function createStore(
  database: DatabaseSync,
  lock: { release(): void },
  keepEpochs: number | null,
): StorePort {
  const reader = new SqliteReader(database)
  const writer = new SqliteWriter(database, {
    progress: reader.progress(),
    keepEpochs,
    endHeightOf: (epoch) => reader.epochEnd(epoch)?.header.height,
  })
  const guard =
    <A extends readonly unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return work(...args)
      } catch (error) {
        throw toStoreError(error)
      }
    }
  return {
    commit: guard((writes) => writer.commit(writes)),
    restore: guard(() => reader.restore()),
    head: guard(() => reader.head()),
    blockById: guard((id) => reader.blockById(id)),
    finalBlock: guard((height) => reader.finalBlock(height)),
    certificateAt: guard((height) => reader.certificateAt(height)),
    epochEnd: guard((epoch) => reader.epochEnd(epoch)),
    snapshot: guard((epoch) => reader.snapshot(epoch)),
    missing: () => writer.missing,
    receipt: guard((id) => reader.receipt(id)),
    events: guard((query) => reader.events(query)),
    turns: guard((fromTarget, countMax) => reader.turns(fromTarget, countMax)),
    peers: guard(() => reader.peers()),
    close: () => {
      database.close()
      lock.release()
    },
  }
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: true })
  try {
    const isNew = isEmpty(database)
    if (isNew) {
      // Before the first table, or pages that are free again stay in the file.
      database.exec(
        `PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${STORE_APPLICATION_ID}`,
      )
    } else {
      checkWhole(database, path)
    }
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    if (isNew) {
      database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${STORE_VERSION}; COMMIT`)
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A file without tables: new, or its first start was cut off before its one transaction. */
function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
}

function checkWhole(database: DatabaseSync, path: string): void {
  const pragma = (name: string): unknown =>
    Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  if (pragma('application_id') !== STORE_APPLICATION_ID) {
    throw new StoreError('store-foreign', `${path} is not a database of this software`)
  }
  const version = pragma('user_version')
  if (version !== STORE_VERSION) {
    throw new StoreError(
      'store-version',
      `${path} has version ${String(version)}, this software reads ${STORE_VERSION}`,
      { facts: { version: Number(version), expected: STORE_VERSION } },
    )
  }
  const fault = pragma('quick_check(1)')
  if (fault !== 'ok') {
    throw new StoreError('store-corrupt', `${path} is damaged: ${String(fault)}`)
  }
}

function checkOwner(database: DatabaseSync, options: SqliteStoreOptions): void {
  const find = database.prepare('SELECT value FROM meta WHERE key = ?')
  const put = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
  for (const [key, value] of [
    ['network', options.networkId],
    ['agent', options.agent],
  ] as const) {
    const known = find.get(key)?.['value']
    if (known === undefined) put.run(key, value)
    else if (known !== value) {
      throw new StoreError(
        'store-foreign',
        `the data in ${options.folder} is of ${key} ${String(known)}, not of ${value}`,
        { facts: { key, found: String(known), expected: value } },
      )
    }
  }
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

function toStoreError(error: unknown): unknown {
  const number = errorNumberOf(error)
  if (number === undefined) return error
  const sentence = error instanceof Error ? error.message : String(error)
  return number === SQLITE_CORRUPT || number === SQLITE_NOTADB
    ? new StoreError('store-corrupt', `the store is damaged: ${sentence}`, { cause: error })
    : new StoreError('store-failed', `the store failed: ${sentence}`, {
        facts: { number },
        cause: error,
      })
}
