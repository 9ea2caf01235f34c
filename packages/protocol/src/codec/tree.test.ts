import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { compare } from 'uint8arrays/compare'
import { fromString } from 'uint8arrays/from-string'
import { InvariantError } from '../invariant.ts'
import { encode } from './cbor.ts'
import { digestOf, hashOf } from './digest.ts'
import { KEY_SIZE_MAX, Tree } from './tree.ts'

/** Few letters, so that keys collide and one begins with another; some of more than one byte, in both orders of UTF-16. */
const treeKey = fc
  .array(fc.constantFrom('a', 'b', '\u0001', 'é', '\uffee', '😀'), { minLength: 1, maxLength: 6 })
  .map((letters) => letters.join(''))

const change = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key: treeKey, value: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('delete' as const), key: treeKey, value: fc.constant(0) }),
)

function ordered(model: ReadonlyMap<string, number>): [string, number][] {
  return [...model].toSorted(([a], [b]) => compareKeys(a, b))
}

function compareKeys(a: string, b: string): number {
  return compare(fromString(a, 'utf8'), fromString(b, 'utf8'))
}

function hashOfLeaf(name: string, value: number): Uint8Array {
  return hashOf(Uint8Array.of(0), encode([name, value]))
}

describe('tree', () => {
  it('does what a map does', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), treeKey, (changes, probe) => {
        const model = new Map<string, number>()
        let tree = Tree.empty<number>()
        for (const { kind, key, value } of changes) {
          if (kind === 'set') model.set(key, value)
          else model.delete(key)
          tree = kind === 'set' ? tree.set(key, value) : tree.delete(key)
        }
        assert.equal(tree.size, model.size)
        assert.equal(tree.get(probe), model.get(probe))
        assert.equal(tree.has(probe), model.has(probe))
        for (const [name, value] of model) assert.equal(tree.get(name), value)
        assert.deepEqual([...tree.entries()], ordered(model))
      }),
    )
  })

  it('pages through the entries of a prefix', () => {
    fc.assert(
      fc.property(
        fc.array(treeKey, { maxLength: 40 }),
        fc.oneof(treeKey, fc.constant('')),
        fc.oneof(treeKey, fc.constant('')),
        (keys, prefix, after) => {
          const model = new Map(keys.map((name, index) => [name, index]))
          const tree = Tree.from(model)
          const expected = ordered(model).filter(
            ([name]) => name.startsWith(prefix) && compareKeys(name, after) > 0,
          )
          assert.deepEqual([...tree.entries(prefix, after)], expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('has a digest that follows from its contents, not from its history', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let tree = Tree.empty<number>()
        for (const { kind, key, value } of changes) {
          tree = kind === 'set' ? tree.set(key, value) : tree.delete(key)
          // Digests asked for on the way must not change the last one.
          if (value === 1) tree.digest()
        }
        const backwards = [...tree.entries()].toReversed()
        assert.equal(tree.digest(), Tree.from(backwards).digest())
      }),
    )
  })

  it('has another digest when a key, a value or the number of entries differs', () => {
    const tree = Tree.from<number>([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    const digests = [
      tree.digest(),
      tree.set('b', 4).digest(),
      tree.delete('b').digest(),
      tree.delete('b').set('d', 2).digest(),
      Tree.empty().digest(),
    ]
    assert.equal(new Set(digests).size, digests.length)
  })

  it('hashes leaves and branches as the specification says', () => {
    // 'a' = 0110 0001 and 'b' = 0110 0010 differ first in bit 6.
    const branch = digestOf(Uint8Array.of(1, 0, 0, 0, 6), hashOfLeaf('a', 1), hashOfLeaf('b', 2))
    assert.equal(Tree.empty().digest(), digestOf())
    assert.equal(
      Tree.from<number>([
        ['b', 2],
        ['a', 1],
      ]).digest(),
      branch,
    )
  })

  it('leaves earlier versions as they were', () => {
    const before = Tree.from<number>([
      ['a', 1],
      ['ab', 2],
    ])
    const digest = before.digest()
    before.set('a', 9).delete('ab').set('abc', 3).digest()
    assert.deepEqual(
      [...before.entries()],
      [
        ['a', 1],
        ['ab', 2],
      ],
    )
    assert.equal(before.digest(), digest)
  })

  it('is itself when nothing changes', () => {
    const tree = Tree.from<number>([['a', 1]])
    assert.equal(tree.set('a', 1), tree)
    assert.equal(tree.delete('b'), tree)
  })

  it('keeps to the limit of key size on both sides', () => {
    const longest = 'k'.repeat(KEY_SIZE_MAX)
    assert.equal(Tree.empty<number>().set(longest, 1).get(longest), 1)
    assert.throws(() => Tree.empty<number>().set(`${longest}k`, 1), InvariantError)
  })

  it('takes no key that is empty, ill-formed or has a NUL', () => {
    for (const bad of ['', 'a\0', '\0', '\ud800']) {
      assert.throws(() => Tree.empty<number>().set(bad, 1), InvariantError)
    }
  })
})
