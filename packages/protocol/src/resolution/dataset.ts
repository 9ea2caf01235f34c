import { compare } from 'uint8arrays/compare'
import { fromString } from 'uint8arrays/from-string'
import { encode } from '../codec/cbor.ts'
import { type Digest, digestBytes, digestOf, digestOfHash, hashOf } from '../codec/digest.ts'
import { invariant, present } from '../invariant.ts'
import { type DataRecord, PROOF_LENGTH_MAX } from '../message/forecast.ts'
import { ok, type Result, reject } from '../result.ts'

/** What stands in front of what is hashed, so that nothing of one sort is ever taken for another. [RES-3] */
const LEAF = Uint8Array.of(0x00)
const NODE = Uint8Array.of(0x01)
const NOTHING = Uint8Array.of(0x02)
const ROOT = Uint8Array.of(0x03)

export type RecordCode = 'columns-unordered' | 'wrong-proof'

/** A record and what shows that it stands at this index of the data set with this root. */
export interface RecordClaim {
  readonly root: Digest
  readonly index: number
  readonly record: DataRecord
  readonly proof: readonly Digest[]
}

/** All hashes of a data set by height: the leaves first, the single top last. */
type Levels = readonly (readonly Uint8Array[])[]

/** A list of records in their order, hashed once for all that is asked of it. */
export interface Dataset {
  /** What a question names. */
  readonly root: Digest
  /** The hashes beside the way from a record to the top, lowest first. [RES-4] */
  prove(index: number): readonly Digest[]
}

/**
 * A list of records as a question may name it.
 *
 * Shape   1 … 2^PROOF_LENGTH_MAX records, the columns of each in strictly ascending order.
 * Formula leaf = SHA-256(0x00 ‖ encode(record)); node = SHA-256(0x01 ‖ left ‖ right);
 *         Ø_0 = SHA-256(0x02), Ø_(h+1) = node(Ø_h, Ø_h); the last of an odd row of height h is paired with Ø_h;
 *         root = SHA-256(0x03 ‖ u8 depth ‖ top), where depth is the top's height.
 * Result  the depth is in the root, so that every proof has this length and an index has one proof: a dishonest maker of a
 *         lopsided tree could otherwise show two records at one index.
 * Errors  none: whoever makes a data set orders its columns.
 * Cost    O(records) once, then O(log records) for each proof.
 * Source  spec/resolution.md [RES-3] [RES-4] · vectors/resolution.json
 */
export function createDataset(records: readonly DataRecord[]): Dataset {
  const levels = computeLevels(records)
  const [top] = present(levels.at(-1), 'there is a top')
  return {
    root: rootOf(levels.length - 1, present(top, 'there is a top')),
    prove: (index) => proofIn(levels, index),
  }
}

/** The digest that stands for a list of records. [RES-3] */
export function datasetRoot(records: readonly DataRecord[]): Digest {
  return createDataset(records).root
}

/** A proof for one record alone: O(records). Who needs several makes a {@link createDataset}. [RES-4] */
export function proveRecord(records: readonly DataRecord[], index: number): readonly Digest[] {
  return createDataset(records).prove(index)
}

/**
 * Whether a record stands at an index of a data set.
 *
 * Shape   what `recordSchema` and `digestSchema` admit; the index is that of the question.
 * Errors  'columns-unordered' · 'wrong-proof' also for a proof of another length; both reject, in this order.
 * Cost    a hash for each of at most PROOF_LENGTH_MAX steps.
 * Source  spec/resolution.md [RES-1] [RES-4] · vectors/resolution.json
 */
export function checkRecord(claim: RecordClaim): Result<void, RecordCode> {
  const { root, index, record, proof } = claim
  if (!areAscending(record.columns.map(({ name }) => name))) return reject('columns-unordered')
  // The bits of an index say where the way turns: an index that needs more of them is in no data set of this depth.
  if (proof.length > PROOF_LENGTH_MAX || index >= 2 ** proof.length) return reject('wrong-proof')
  let hash = leafOf(record)
  let place = index
  for (const step of proof) {
    const sibling = digestBytes(step)
    hash = place % 2 === 0 ? nodeOf(hash, sibling) : nodeOf(sibling, hash)
    place = Math.floor(place / 2)
  }
  return rootOf(proof.length, hash) === root ? ok(undefined) : reject('wrong-proof')
}

/** Whether names are in strictly ascending order of their UTF-8 bytes, and so distinct. [RES-1] */
export function areAscending(names: readonly string[]): boolean {
  const bytes = names.map((name) => fromString(name))
  return bytes.every((name, index) => {
    const before = bytes[index - 1]
    return before === undefined || compare(before, name) < 0
  })
}

function computeLevels(records: readonly DataRecord[]): Levels {
  invariant(
    records.length >= 1 && records.length <= 2 ** PROOF_LENGTH_MAX,
    'a data set has some records',
  )
  let level: readonly Uint8Array[] = records.map((record) => {
    invariant(areAscending(record.columns.map(({ name }) => name)), 'columns are in order')
    return leafOf(record)
  })
  let empty = hashOf(NOTHING)
  const levels = [level]
  while (level.length > 1) {
    level = pairUp(level, empty)
    empty = nodeOf(empty, empty)
    levels.push(level)
  }
  return levels
}

function proofIn(levels: Levels, index: number): readonly Digest[] {
  const count = present(levels[0], 'there are leaves').length
  invariant(Number.isInteger(index) && index >= 0 && index < count, 'the record is there')
  const proof: Digest[] = []
  let empty = hashOf(NOTHING)
  let place = index
  for (const level of levels.slice(0, -1)) {
    const sibling = place % 2 === 0 ? place + 1 : place - 1
    proof.push(digestOfHash(level[sibling] ?? empty))
    empty = nodeOf(empty, empty)
    place = Math.floor(place / 2)
  }
  return proof
}

function pairUp(level: readonly Uint8Array[], empty: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, index) =>
    nodeOf(present(level[2 * index], 'a pair has a left'), level[2 * index + 1] ?? empty),
  )
}

function leafOf(record: DataRecord): Uint8Array {
  return hashOf(LEAF, encode(record))
}

function nodeOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashOf(NODE, left, right)
}

function rootOf(depth: number, top: Uint8Array): Digest {
  return digestOf(ROOT, Uint8Array.of(depth), top)
}
