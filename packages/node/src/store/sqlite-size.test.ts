import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import {
  type Cid,
  cidOf,
  createNobleSigner,
  digestOf,
  encode,
  type FinalBlock,
  secretKeyOf,
} from '@commonweal/protocol'
import type { StorePort } from '../ports.ts'
import { openSqliteStore } from './sqlite.ts'

const networkId = cidOf(encode('one network'))
const { agent } = createNobleSigner(secretKeyOf('sqlite-size', 0))
const EPOCH_BLOCKS = 100
const BODY_SIZE = 32 * 1024

describe('the file of the SQLite store', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commonweal-size-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  const open = (keepEpochs: number | null): StorePort =>
    openSqliteStore({ folder, networkId, agent, keepEpochs })
  const sizeOf = (): number => statSync(join(folder, 'node.db')).size

  it('shrinks once less is kept, and grows no more than by what is kept', () => {
    followEpochs(open(null), 1, 10).close()
    const all = sizeOf()
    assert.ok(all > 10 * EPOCH_BLOCKS * BODY_SIZE)
    followEpochs(open(2), 11, 14).close()
    const kept = sizeOf()
    assert.ok(kept < all / 2, `${all} bytes, then ${kept}`)
    followEpochs(open(2), 15, 24).close()
    assert.ok(sizeOf() < 1.2 * kept, `${kept} bytes, then ${sizeOf()}`)
  })

  it('of a node that joined before stores said what they lack begins at its first block', () => {
    followEpochs(open(null), 4, 4).close()
    const database = new DatabaseSync(join(folder, 'node.db'))
    database.exec("DELETE FROM meta WHERE key = 'missing'")
    database.close()
    const store = open(null)
    assert.deepEqual(store.missing(), [{ first: 1, last: 3 * EPOCH_BLOCKS }])
    store.close()
  })
})

/** Makes the blocks of these epochs final, ten at a time. */
function followEpochs(store: StorePort, first: number, last: number): StorePort {
  for (let height = (first - 1) * EPOCH_BLOCKS + 1; height <= last * EPOCH_BLOCKS; height += 10) {
    const blocks = Array.from({ length: 10 }, (_, index) => finalBlock(height + index))
    const block = idAt(height + 9)
    const epoch = Math.ceil(height / EPOCH_BLOCKS)
    const certificate = { kind: 'finalize', epoch, view: height, block } as const
    store.commit([
      { kind: 'final', blocks, certificate: { ...certificate, signers: [], signatures: [] } },
    ])
  }
  return store
}

function finalBlock(height: number): FinalBlock {
  const nothing = digestOf()
  const header = {
    epoch: Math.ceil(height / EPOCH_BLOCKS),
    height,
    view: height,
    parent: idAt(height - 1),
    proposer: agent,
    transactionsDigest: nothing,
    stateDigest: nothing,
    ancestryDigest: nothing,
    nextSet: height % EPOCH_BLOCKS === 0 ? [{ agent, stakeMicro: 1n }] : null,
  }
  const transactions = [new Uint8Array(BODY_SIZE).fill(height % 256)]
  return {
    id: idAt(height),
    block: { header, transactions, ancestry: [] },
    receipts: [],
    events: [],
  }
}

function idAt(height: number): Cid {
  return cidOf(encode(['block', height]))
}
