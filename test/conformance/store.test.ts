import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore, openSqliteStore } from '@commonweal/node'
import { NETWORK, SIGNER } from './store-fixtures.ts'
import { testPruning } from './store-pruning-suite.ts'
import { testStore } from './store-suite.ts'

for (const test of [testStore, testPruning]) {
  test('memory', () => {
    // It outlives its closing, and is told anew how much to keep.
    const keep: { epochs: number | null } = { epochs: null }
    return {
      open: (epochs) => {
        keep.epochs = epochs
        return createMemoryStore(keep)
      },
      reopen: (store, epochs) => {
        keep.epochs = epochs
        return store
      },
      dispose: () => {},
    }
  })

  test('SQLite', () => {
    const folder = mkdtempSync(join(tmpdir(), 'commonweal-store-'))
    const open = (keepEpochs: number | null) =>
      openSqliteStore({ folder, networkId: NETWORK, agent: SIGNER.agent, keepEpochs })
    return {
      open,
      reopen: (store, keepEpochs) => {
        store.close()
        return open(keepEpochs)
      },
      dispose: () => rmSync(folder, { recursive: true }),
    }
  })
}
