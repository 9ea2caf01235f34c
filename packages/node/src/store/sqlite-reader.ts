import type { DatabaseSync } from 'node:sqlite'
import {
  type AgentId,
  agentIdSchema,
  type Block,
  blockSchema,
  type Certificate,
  type Cid,
  certificateSchema,
  cidSchema,
  headerSchema,
  type JournalRecord,
  present,
  type TransactionKind,
  type TurnTaken,
  transactionSchemas,
} from '@commonweal/protocol'
import { z } from 'zod'
import type {
  EpochEnd,
  EventQuery,
  Restored,
  StoredEvent,
  StoredPeer,
  StoredReceipt,
  StoredSnapshot,
  StoredTurn,
} from '../ports.ts'
import type { HeightRange } from './height-range.ts'
import { NO_PROGRESS, type Progress } from './progress.ts'
import { decodeBody, decodeEntry, decodeRecord } from './record.ts'
import { bytesOf, integerOf, type Row, textOf } from './rows.ts'
import { StoreError } from './store-error.ts'
import { turnSchema } from './turn.ts'

/** The reading half of the store. */
export class SqliteReader {
  readonly #statements: ReturnType<typeof prepareReads>

  constructor(database: DatabaseSync) {
    this.#statements = prepareReads(database)
  }

  restore(): Restored {
    const snapshot = this.snapshot(null) ?? null
    const rows = this.#statements.finalAbove.all(snapshot?.height ?? 0)
    return {
      snapshot,
      blocks: rows.map((row) => ({
        block: readBlock(row),
        certificate: this.certificateAt(integerOf(row, 'height')) ?? null,
      })),
      records: this.#statements.journal.all().flatMap((row) => this.#readRecord(row)),
    }
  }

  /** A snapshot that was taken instead of blocks is ahead of the last one. */
  head(): EpochEnd | undefined {
    const [last, lastEnd] = [this.#statements.last.get(), this.#statements.lastEpochEnd.get()]
    const end = readMaybe(lastEnd, readEpochEnd)
    const header = readMaybe(last, readBlock)?.header
    if (header === undefined || (end !== undefined && end.header.height >= header.height))
      return end
    const certificate = present(
      this.certificateAt(header.height),
      'the last final block has the certificate that finalized it',
    )
    return { header, certificate }
  }

  progress(): Progress {
    const head = this.head()?.header
    if (head === undefined) return NO_PROGRESS
    const { epoch, height } = head
    return { epoch, height, missing: this.#missing(height) }
  }

  /** A store of before anything was pruned does not say what it lacks: what lies below its first block. */
  #missing(height: number): readonly HeightRange[] {
    const row = this.#statements.missing.get()
    if (row !== undefined) return readRanges(textOf(row, 'value'))
    const first = readMaybe(this.#statements.first.get(), readBlock)?.header.height ?? height + 1
    return first === 1 ? [] : [{ first: 1, last: first - 1 }]
  }

  blockById(id: Cid): Block | undefined {
    return readMaybe(this.#statements.blockById.get(id), readBlock)
  }

  finalBlock(height: number): Block | undefined {
    return readMaybe(this.#statements.finalBlock.get(height), readBlock)
  }

  certificateAt(height: number): Certificate | undefined {
    return readMaybe(this.#statements.certificate.get(height), readCertificate)
  }

  epochEnd(epoch: number): EpochEnd | undefined {
    return readMaybe(this.#statements.epochEnd.get(epoch), readEpochEnd)
  }

  snapshot(epoch: number | null): StoredSnapshot | undefined {
    const row =
      epoch === null ? this.#statements.lastSnapshot.get() : this.#statements.snapshotOf.get(epoch)
    if (row === undefined) return undefined
    const found = integerOf(row, 'epoch')
    return {
      epoch: found,
      height: integerOf(row, 'height'),
      id: readCid(row, 'id'),
      entries: this.#entriesOf(found),
    }
  }

  receipt(id: Cid): StoredReceipt | undefined {
    return readMaybe(this.#statements.receipt.get(id), readReceipt)
  }

  events({ afterHeight, kinds, countMax }: EventQuery): readonly StoredEvent[] {
    const rows =
      kinds === undefined
        ? this.#statements.events.all(afterHeight, countMax)
        : this.#statements.eventsOfKinds.all(afterHeight, JSON.stringify(kinds), countMax)
    return rows.map((row) => ({
      height: integerOf(row, 'height'),
      index: integerOf(row, 'position'),
      event: JSON.parse(textOf(row, 'event')),
    }))
  }

  turns(fromTarget: number, countMax: number): readonly StoredTurn[] {
    return this.#statements.turns.all(fromTarget, countMax).map((row) => ({
      subnet: textOf(row, 'subnet'),
      conversation: readCid(row, 'conversation'),
      target: integerOf(row, 'target'),
      turn: decodeBody<TurnTaken>(bytesOf(row, 'body'), turnSchema, 'turn'),
    }))
  }

  peers(): readonly StoredPeer[] {
    return this.#statements.peers.all().map((row) => ({
      peerId: textOf(row, 'peer'),
      address: textOf(row, 'address'),
      seenAtMs: integerOf(row, 'seen_at_ms'),
    }))
  }

  /** One statement an iteration: two readers of one snapshot do not disturb each other. */
  *#entriesOf(epoch: number): Generator<readonly [string, unknown]> {
    const page = this.#statements.entriesAfter
    let after = ''
    while (true) {
      const rows = page.all(epoch, after, ENTRIES_PAGE)
      for (const row of rows) {
        after = textOf(row, 'key')
        yield [after, decodeEntry(bytesOf(row, 'value'))]
      }
      if (rows.length < ENTRIES_PAGE) return
    }
  }

  #readRecord(row: Row): readonly JournalRecord[] {
    if (row['block'] === null) return [decodeRecord(bytesOf(row, 'body'))]
    const id = readCid(row, 'block')
    const block = this.blockById(id)
    if (block !== undefined) return [{ kind: 'block', id, block }]
    throw new StoreError('store-corrupt', `the journal names a block that is not there`, {
      facts: { block: id },
    })
  }
}

const ENTRIES_PAGE = 512

function prepareReads(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql)
  return {
    journal: prepare('SELECT block, body FROM journal ORDER BY sequence'),
    finalAbove: prepare(
      'SELECT height, body FROM blocks WHERE final = 1 AND height > ? ORDER BY height',
    ),
    missing: prepare("SELECT value FROM meta WHERE key = 'missing'"),
    first: prepare('SELECT body FROM blocks WHERE final = 1 ORDER BY height LIMIT 1'),
    last: prepare('SELECT body FROM blocks WHERE final = 1 ORDER BY height DESC LIMIT 1'),
    blockById: prepare('SELECT body FROM blocks WHERE id = ?'),
    finalBlock: prepare('SELECT body FROM blocks WHERE final = 1 AND height = ?'),
    certificate: prepare('SELECT body FROM certificates WHERE height = ?'),
    epochEnd: prepare('SELECT header, certificate FROM epoch_ends WHERE epoch = ?'),
    lastEpochEnd: prepare('SELECT header, certificate FROM epoch_ends ORDER BY epoch DESC LIMIT 1'),
    lastSnapshot: prepare('SELECT epoch, height, id FROM snapshots ORDER BY epoch DESC LIMIT 1'),
    snapshotOf: prepare('SELECT epoch, height, id FROM snapshots WHERE epoch = ?'),
    entriesAfter: prepare(
      'SELECT key, value FROM entries WHERE epoch = ? AND key > ? ORDER BY key LIMIT ?',
    ),
    receipt: prepare(
      'SELECT id, height, position, author, kind, code, facts FROM receipts WHERE id = ?',
    ),
    events: prepare(
      `SELECT height, position, event FROM events WHERE height > ?
       ORDER BY height, position LIMIT ?`,
    ),
    eventsOfKinds: prepare(
      `SELECT height, position, event FROM events
       WHERE height > ? AND kind IN (SELECT value FROM json_each(?))
       ORDER BY height, position LIMIT ?`,
    ),
    turns: prepare(
      `SELECT subnet, conversation, target, body FROM turns WHERE target >= ?
       ORDER BY sequence LIMIT ?`,
    ),
    peers: prepare('SELECT peer, address, seen_at_ms FROM peers ORDER BY seen_at_ms DESC, peer'),
  }
}

function readMaybe<T>(row: Row | undefined, read: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : read(row)
}

function readBlock(row: Row): Block {
  return decodeBody(bytesOf(row, 'body'), blockSchema, 'block')
}

function readCertificate(row: Row): Certificate {
  return decodeBody(bytesOf(row, 'body'), certificateSchema, 'certificate')
}

function readEpochEnd(row: Row): EpochEnd {
  return {
    header: decodeBody(bytesOf(row, 'header'), headerSchema, 'header'),
    certificate: decodeBody(bytesOf(row, 'certificate'), certificateSchema, 'certificate'),
  }
}

const rangesSchema: z.ZodType<readonly HeightRange[], unknown> = z.array(
  z.strictObject({ first: z.int(), last: z.int() }),
)

function readRanges(text: string): readonly HeightRange[] {
  return rangesSchema.parse(JSON.parse(text))
}

function readCid(row: Row, column: string): Cid {
  return readText(row, column, cidSchema)
}

function readReceipt(row: Row): StoredReceipt {
  return {
    id: readCid(row, 'id'),
    height: integerOf(row, 'height'),
    index: integerOf(row, 'position'),
    author: readText<AgentId>(row, 'author', agentIdSchema),
    kind: readText<TransactionKind>(row, 'kind', transactionKindSchema),
    code: textOf(row, 'code'),
    facts: JSON.parse(textOf(row, 'facts')),
  }
}

const transactionKindSchema: z.ZodType<TransactionKind, string> = z
  .string()
  .refine((kind): kind is TransactionKind => new Map<string, unknown>(transactionSchemas).has(kind))

function readText<T>(row: Row, column: string, schema: z.ZodType<T, string>): T {
  const parsed = schema.safeParse(textOf(row, column))
  if (parsed.success) return parsed.data
  throw new StoreError('store-corrupt', `the column ${column} does not hold what was written`, {
    facts: { column },
  })
}
