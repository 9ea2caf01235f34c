import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Block,
  type Certificate,
  type Cid,
  encode,
  type FinalBlock,
  type JournalRecord,
  present,
} from '@commonweal/protocol'
import { BOOK_EVENT_KINDS } from '../forecast/question-book.ts'
import { formatJson } from '../json.ts'
import { SNAPSHOTS_KEPT, type StoredSnapshot, type StoreWrite } from '../ports.ts'
import { addRange, type HeightRange } from './height-range.ts'
import { nextToPrune, type Progress, passSnapshot } from './progress.ts'
import { encodeEntry, epochOfRecord } from './record.ts'

export interface WriterOptions {
  readonly progress: Progress
  /** Null keeps all. */
  readonly keepEpochs: number | null
  readonly endHeightOf: (epoch: number) => number | undefined
}

/** The writing half of the store: one transaction for each call of `commit`. */
export class SqliteWriter {
  readonly #database: DatabaseSync
  readonly #statements: ReturnType<typeof prepareWrites>
  readonly #options: WriterOptions
  #progress: Progress

  constructor(database: DatabaseSync, options: WriterOptions) {
    this.#database = database
    this.#statements = prepareWrites(database)
    this.#options = options
    this.#progress = options.progress
  }

  get missing(): readonly HeightRange[] {
    return this.#progress.missing
  }

  commit(writes: readonly StoreWrite[]): void {
    if (writes.length === 0) return
    const before = this.#progress
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const write of writes) this.#write(write)
      const finalEpoch = finalEpochOf(writes)
      if (finalEpoch !== undefined) this.#prune(finalEpoch, finalEpoch > before.epoch)
      if (this.#progress.missing !== before.missing) {
        this.#statements.missing.run(JSON.stringify(this.#progress.missing))
      }
      this.#database.exec('COMMIT')
      if (finalEpoch !== undefined && this.#options.keepEpochs !== null) this.#shrink()
    } catch (error) {
      this.#progress = before
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #write(write: StoreWrite): void {
    switch (write.kind) {
      case 'records':
        for (const record of write.records) this.#record(record)
        break
      case 'final':
        this.#final(write.blocks, write.certificate)
        break
      case 'snapshot':
        this.#snapshot(write.snapshot)
        break
      case 'epoch-end':
        this.#epochEnd(write.end.header, write.end.certificate)
        break
      case 'turn': {
        const { target, conversation, subnet, turn } = write.turn
        this.#statements.turn.run(target, conversation, turn.turn, subnet, encode(turn))
        break
      }
      case 'peer': {
        const { peerId, address, seenAtMs } = write.peer
        this.#statements.peer.run(peerId, address, seenAtMs)
        break
      }
    }
  }

  #record(record: JournalRecord): void {
    const epoch = epochOfRecord(record, this.#progress.epoch + 1)
    if (record.kind === 'block') {
      this.#block(record.id, record.block, 0)
      this.#statements.journal.run(epoch, record.kind, record.id, null)
      return
    }
    this.#statements.journal.run(epoch, record.kind, null, encode(record))
  }

  #block(id: Cid, block: Block, final: 0 | 1): void {
    const { epoch, height } = block.header
    this.#statements.block.run(id, epoch, height, final, encode(block))
  }

  #final(blocks: readonly FinalBlock[], certificate: Certificate): void {
    for (const { id, block, receipts, events } of blocks) {
      const { height } = block.header
      this.#block(id, block, 1)
      for (const [index, receipt] of receipts.entries()) {
        const { author, kind, code, facts } = receipt
        this.#statements.receipt.run(
          receipt.id,
          height,
          index,
          author,
          kind,
          code,
          formatJson(facts),
        )
      }
      for (const [index, event] of events.entries()) {
        this.#statements.event.run(height, index, event.kind, formatJson(event))
      }
    }
    const { header } = present(blocks.at(-1), 'something became final').block
    this.#statements.certificate.run(header.height, encode(certificate))
    if (header.nextSet !== null) this.#epochEnd(header, certificate)
    const { epoch, height } = header
    this.#progress = { ...this.#progress, epoch, height }
  }

  #epochEnd(header: Block['header'], certificate: Certificate): void {
    this.#statements.epochEnd.run(header.epoch, encode(header), encode(certificate))
  }

  #snapshot({ epoch, height, id, entries }: StoredSnapshot): void {
    this.#statements.forgetSnapshot.run(epoch)
    this.#statements.snapshot.run(epoch, height, id)
    for (const [key, value] of entries) {
      this.#statements.entry.run(epoch, key, encodeEntry(value))
    }
    this.#statements.forgetSnapshots.run(SNAPSHOTS_KEPT)
    this.#progress = passSnapshot(this.#progress, epoch, height)
  }

  /** What finality has made useless: the votes of an epoch are kept until a block of a later one is final. */
  #prune(finalEpoch: number, isNewEpoch: boolean): void {
    const { keepEpochs, endHeightOf } = this.#options
    if (isNewEpoch) {
      this.#statements.pruneJournal.run(finalEpoch)
      this.#statements.pruneBlocks.run(finalEpoch)
      if (keepEpochs !== null) this.#statements.pruneTurns.run(finalEpoch - keepEpochs)
    }
    const dropped = nextToPrune(this.#progress, keepEpochs, endHeightOf)
    if (dropped === undefined) return
    const { first, last } = dropped
    this.#statements.pruneFinal.run(first, last)
    this.#statements.pruneCertificates.run(first, last)
    this.#statements.pruneReceipts.run(first, last)
    this.#statements.pruneEvents.run(first, last, JSON.stringify(BOOK_EVENT_KINDS))
    this.#progress = { ...this.#progress, missing: addRange(this.#progress.missing, dropped) }
  }

  /** Gives free pages back to the system, but for those that new blocks will soon use. */
  #shrink(): void {
    const free = Number(this.#statements.freePages.get()?.['freelist_count'] ?? 0) - FREE_PAGES_KEPT
    if (free <= 0) return
    this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(free, SHRINK_PAGES_MAX)})`)
  }
}

/** Of 4 KiB: more than most epochs write. */
const FREE_PAGES_KEPT = 1_024
/** Pages that are given back with one commit. */
const SHRINK_PAGES_MAX = 1_024

function finalEpochOf(writes: readonly StoreWrite[]): number | undefined {
  const last = writes.findLast((write) => write.kind === 'final')
  return last?.blocks.at(-1)?.block.header.epoch
}

function prepareWrites(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql)
  return {
    journal: prepare('INSERT INTO journal (epoch, kind, block, body) VALUES (?, ?, ?, ?)'),
    block: prepare(
      `INSERT INTO blocks (id, epoch, height, final, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET final = max(final, excluded.final)`,
    ),
    certificate: prepare('INSERT OR REPLACE INTO certificates (height, body) VALUES (?, ?)'),
    epochEnd: prepare(
      'INSERT OR REPLACE INTO epoch_ends (epoch, header, certificate) VALUES (?, ?, ?)',
    ),
    receipt: prepare(
      `INSERT OR REPLACE INTO receipts (id, height, position, author, kind, code, facts)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    event: prepare(
      'INSERT OR REPLACE INTO events (height, position, kind, event) VALUES (?, ?, ?, ?)',
    ),
    snapshot: prepare('INSERT INTO snapshots (epoch, height, id) VALUES (?, ?, ?)'),
    entry: prepare('INSERT INTO entries (epoch, key, value) VALUES (?, ?, ?)'),
    forgetSnapshot: prepare('DELETE FROM snapshots WHERE epoch = ?'),
    forgetSnapshots: prepare(
      `DELETE FROM snapshots WHERE epoch NOT IN
         (SELECT epoch FROM snapshots ORDER BY epoch DESC LIMIT ?)`,
    ),
    turn: prepare(
      `INSERT OR IGNORE INTO turns (target, conversation, turn, subnet, body)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    peer: prepare('INSERT OR REPLACE INTO peers (peer, address, seen_at_ms) VALUES (?, ?, ?)'),
    pruneJournal: prepare('DELETE FROM journal WHERE epoch < ?'),
    pruneBlocks: prepare('DELETE FROM blocks WHERE final = 0 AND epoch < ?'),
    pruneFinal: prepare('DELETE FROM blocks WHERE final = 1 AND height BETWEEN ? AND ?'),
    pruneCertificates: prepare('DELETE FROM certificates WHERE height BETWEEN ? AND ?'),
    pruneReceipts: prepare('DELETE FROM receipts WHERE height BETWEEN ? AND ?'),
    pruneEvents: prepare(
      `DELETE FROM events WHERE height BETWEEN ? AND ?
       AND kind NOT IN (SELECT value FROM json_each(?))`,
    ),
    pruneTurns: prepare('DELETE FROM turns WHERE target < ?'),
    freePages: prepare('PRAGMA freelist_count'),
    missing: prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('missing', ?)"),
  }
}
