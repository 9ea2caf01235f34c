import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { encode } from '../codec/cbor.ts'
import { type Digest, digestOf, digestOfHash } from '../codec/digest.ts'
import { InvariantError } from '../invariant.ts'
import { type DataRecord, PROOF_LENGTH_MAX } from '../message/forecast.ts'
import { areAscending, checkRecord, datasetRoot, proveRecord, type RecordClaim } from './dataset.ts'

const record = fc
  .uniqueArray(
    fc.record({ name: fc.string({ minLength: 1, maxLength: 4 }), value: fc.maxSafeInteger() }),
    {
      minLength: 1,
      maxLength: 4,
      selector: ({ name }) => name,
    },
  )
  .map((columns): DataRecord => ({ key: 'day', columns: columns.toSorted(byBytes) }))

/** Records that differ in their keys, and one of their indices. */
const dataset = fc
  .array(record, { minLength: 1, maxLength: 40 })
  .map((records) => records.map((each, index) => ({ ...each, key: `day-${index}` })))
  .chain((records) =>
    fc.record({ records: fc.constant(records), index: fc.nat({ max: records.length - 1 }) }),
  )

describe('a data set', () => {
  it('proves every record of every size', () => {
    for (let size = 1; size <= 33; size++) {
      const records = recordsOf(size)
      for (const index of records.keys()) assert.equal(codeOf(claimOf(records, index)), 'ok')
    }
  })

  it('proves each record at its own index and no other, with its own proof and no other', () => {
    fc.assert(
      fc.property(dataset, fc.nat(), ({ records, index }, other) => {
        const claim = claimOf(records, index)
        assert.equal(codeOf(claim), 'ok')
        const elsewhere = other % (2 ** claim.proof.length + 2)
        if (elsewhere !== index) assert.equal(codeOf({ ...claim, index: elsewhere }), 'wrong-proof')
        const [first, ...rest] = claim.record.columns
        assert.ok(first !== undefined)
        const changed = { ...first, value: first.value === 0 ? 1 : -first.value }
        for (const wrong of [
          { ...claim.record, key: 'another' },
          { ...claim.record, columns: [changed, ...rest] },
          { ...claim.record, columns: rest },
        ]) {
          assert.equal(codeOf({ ...claim, record: wrong }), 'wrong-proof')
        }
      }),
    )
  })

  it('refuses a proof with any bit, or its length, changed, and any other root', () => {
    fc.assert(
      fc.property(dataset, fc.nat(), fc.nat({ max: 255 }), ({ records, index }, at, bit) => {
        const claim = claimOf(records, index)
        const { proof } = claim
        assert.equal(codeOf({ ...claim, root: flipBit(claim.root, bit) }), 'wrong-proof')
        const step = proof[at % Math.max(1, proof.length)]
        if (step !== undefined) {
          const wrong = proof.with(at % proof.length, flipBit(step, bit))
          assert.equal(codeOf({ ...claim, proof: wrong }), 'wrong-proof')
          assert.equal(codeOf({ ...claim, proof: proof.slice(0, -1) }), 'wrong-proof')
          assert.equal(codeOf({ ...claim, proof: proof.slice(1) }), 'wrong-proof')
        }
        for (const more of [claim.root, digestOf(Uint8Array.of(2))]) {
          assert.equal(codeOf({ ...claim, proof: [...proof, more] }), 'wrong-proof')
        }
      }),
    )
  })

  it('has one root for one list: order, omission, addition and repetition change it', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 12 }), (made) => {
        const records = made.map((each, index) => ({ ...each, key: `day-${index}` }))
        const [first, second, ...rest] = records
        assert.ok(first !== undefined && second !== undefined)
        const roots = [
          records,
          [second, first, ...rest],
          records.slice(0, -1),
          [...records, first],
          [...records, records.at(-1) ?? first],
        ].map(datasetRoot)
        assert.equal(new Set(roots).size, roots.length)
      }),
    )
  })

  it('of three is what its formula says', () => {
    const records = recordsOf(3)
    const [a, b, c] = records.map((each) => sha256(Buffer.of(0), encode(each)))
    assert.ok(a !== undefined && b !== undefined && c !== undefined)
    const one = Buffer.of(1)
    const top = sha256(one, sha256(one, a, b), sha256(one, c, sha256(Buffer.of(2))))
    assert.equal(datasetRoot(records), sha256(Buffer.of(3, 2), top).toString('hex'))
  })

  it('does not let the maker of a lopsided tree show two records at one index', () => {
    const [left, right, low] = recordsOf(3)
    assert.ok(left !== undefined && right !== undefined && low !== undefined)
    // The right half is a leaf; the left half is a node. Index 1 is the leaf by one bit, and the node's right by two.
    const one = Buffer.of(1)
    const leaf = sha256(Buffer.of(0), encode(right))
    const inner = [left, low].map((each) => sha256(Buffer.of(0), encode(each)))
    const half = sha256(one, ...inner)
    const top = sha256(one, half, leaf)
    for (const depth of [1, 2]) {
      const root = digestOf(Buffer.of(3, depth), top)
      const claims: readonly RecordClaim[] = [
        { root, index: 1, record: right, proof: [hexOf(half)] },
        { root, index: 1, record: low, proof: [hexOf(inner[0]), hexOf(leaf)] },
      ]
      assert.deepEqual(claims.map(codeOf).toSorted(), ['ok', 'wrong-proof'])
    }
  })

  it('takes a proof of the greatest length, and none that is longer however right', () => {
    const [only] = recordsOf(1)
    assert.ok(only !== undefined)
    for (const depth of [PROOF_LENGTH_MAX, PROOF_LENGTH_MAX + 1]) {
      let top = sha256(Buffer.of(0), encode(only))
      const proof = Array.from({ length: depth }, (_, height) => {
        const beside = sha256(Buffer.of(height))
        top = sha256(Buffer.of(1), top, beside)
        return hexOf(beside)
      })
      const claim: RecordClaim = {
        root: digestOf(Buffer.of(3, depth), top),
        index: 0,
        record: only,
        proof,
      }
      assert.equal(codeOf(claim), depth === PROOF_LENGTH_MAX ? 'ok' : 'wrong-proof')
    }
  })

  it('refuses columns that are not in order, or twice there, before it hashes anything', () => {
    const claim = claimOf(recordsOf(2), 0)
    for (const names of [
      ['b', 'a'],
      ['a', 'a'],
      ['a', 'B'],
    ]) {
      const columns = names.map((name) => ({ name, value: 0 }))
      const wrong = { ...claim, record: { ...claim.record, columns } }
      assert.equal(codeOf(wrong), 'columns-unordered')
      assert.throws(() => datasetRoot([wrong.record]), InvariantError)
    }
  })

  it('orders names by their bytes in UTF-8, not by their code units', () => {
    assert.ok(areAscending(['', 'a', 'aa', 'b', '\uffff', '\u{10000}']))
    assert.ok(!areAscending(['\u{10000}', '\uffff']))
  })

  it('is never empty, and has no record outside itself', () => {
    assert.throws(() => datasetRoot([]), InvariantError)
    for (const index of [-1, 2, 0.5]) {
      assert.throws(() => proveRecord(recordsOf(2), index), InvariantError)
    }
  })
})

function recordsOf(size: number): readonly DataRecord[] {
  return Array.from({ length: size }, (_, index) => ({
    key: `day-${index}`,
    columns: [{ name: 'rain', value: index % 2 }],
  }))
}

function claimOf(records: readonly DataRecord[], index: number): RecordClaim {
  const own = records[index]
  assert.ok(own !== undefined)
  return { root: datasetRoot(records), index, record: own, proof: proveRecord(records, index) }
}

function codeOf(claim: RecordClaim): string {
  const checked = checkRecord(claim)
  if (checked.ok) return 'ok'
  assert.equal(checked.error.verdict, 'reject')
  return checked.error.code
}

function flipBit(digest: Digest, bit: number): Digest {
  const bytes = Buffer.from(digest, 'hex')
  const at = bit >> 3
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7))
  return hexOf(bytes)
}

function hexOf(bytes: Buffer | undefined): Digest {
  assert.ok(bytes !== undefined)
  return digestOfHash(bytes)
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function byBytes(a: { readonly name: string }, b: { readonly name: string }): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))
}
