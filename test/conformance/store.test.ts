import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore, openSqliteStore } from '@commonweal/node'
import { NETWORK, SIGNER } from './store-fixtures.ts'
import { testStore } from './store-suite.ts'

testStore('memory', () => ({
  open: createMemoryStore,
  reopen: (store) => store,
  dispose: () => {},
}))

testStore('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'commonweal-store-'))
  const open = () => openSqliteStore({ folder, networkId: NETWORK, agent: SIGNER.agent })
  return {
    open,
    reopen: (store) => {
      store.close()
      return open()
    },
    dispose: () => rmSync(folder, { recursive: true }),
  }
})
