import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { cidOf, createNobleSigner, encode, secretKeyOf } from '@commonweal/protocol'
import type { StorePort } from '../ports.ts'
import { openSqliteStore } from './sqlite.ts'
import { StoreError } from './store-error.ts'

const networkId = cidOf(encode('one network'))
const { agent } = createNobleSigner(secretKeyOf('sqlite-test', 0))

describe('the SQLite store at opening', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commonweal-sqlite-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const open = (): StorePort => openSqliteStore({ folder, networkId, agent })
  const openAndClose = (): void => open().close()
  const refuses = (code: string, act: () => unknown = openAndClose): void =>
    void assert.throws(act, (error) => error instanceof StoreError && error.code === code)

  it('refuses a folder that another process uses', () => {
    const store = open()
    refuses('data-in-use')
    store.close()
    openAndClose()
  })

  it('opens a folder whose process was killed', () => {
    const script = `
      const { DatabaseSync } = require('node:sqlite')
      const lock = new DatabaseSync(${JSON.stringify(join(folder, 'node.lock'))})
      lock.exec('BEGIN EXCLUSIVE')
      process.kill(process.pid, 'SIGKILL')
    `
    assert.throws(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' }))
    openAndClose()
  })

  it('refuses the data of another network, and of another agent', () => {
    openAndClose()
    const foreign = cidOf(encode('another network'))
    const other = createNobleSigner(secretKeyOf('sqlite-test', 1)).agent
    refuses('store-foreign', () => openSqliteStore({ folder, networkId: foreign, agent }))
    refuses('store-foreign', () => openSqliteStore({ folder, networkId, agent: other }))
    openAndClose()
  })

  it('refuses a database of another software, and one of another version', () => {
    new DatabaseSync(join(folder, 'node.db')).exec('CREATE TABLE theirs (x)')
    refuses('store-foreign')
    rmSync(join(folder, 'node.db'))
    openAndClose()
    const database = new DatabaseSync(join(folder, 'node.db'))
    database.exec('PRAGMA user_version = 99')
    database.close()
    refuses('store-version')
  })

  it('refuses a file that is no database', () => {
    writeFileSync(
      join(folder, 'node.db'),
      'not a database, but long enough to be read as one'.repeat(99),
    )
    refuses('store-corrupt')
  })

  it('refuses a database with a damaged page', () => {
    const store = open()
    store.commit(
      Array.from({ length: 500 }, (_, index) => ({
        kind: 'peer',
        peer: { peerId: `peer-${index}`, address: '/ip4/127.0.0.1/tcp/1', seenAtMs: index },
      })),
    )
    store.close()
    const path = join(folder, 'node.db')
    const size = readFileSync(path).length
    const file = openSync(path, 'r+')
    for (let page = 1; page < size / 4096; page++) {
      writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 4096)
    }
    refuses('store-corrupt')
  })
})
