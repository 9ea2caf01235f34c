import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { addRange, type HeightRange, lowestKept } from './height-range.ts'

const HEIGHT_MAX = 40
const range = fc
  .tuple(fc.integer({ min: 1, max: HEIGHT_MAX }), fc.integer({ min: 0, max: 9 }))
  .map(([first, more]): HeightRange => ({ first, last: first + more }))

function heightsIn(ranges: readonly HeightRange[]): readonly number[] {
  return Array.from({ length: HEIGHT_MAX + 10 }, (_, index) => index + 1).filter((height) =>
    ranges.some(({ first, last }) => first <= height && height <= last),
  )
}

describe('ranges of heights', () => {
  it('hold what was added and nothing else, in order and apart, whatever the order of adding', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), (added) => {
        const ranges = added.reduce<readonly HeightRange[]>(addRange, [])
        assert.deepEqual(heightsIn(ranges), heightsIn(added))
        for (const [index, { first }] of ranges.entries()) {
          const before = ranges[index - 1]
          assert.ok(before === undefined || first > before.last + 1)
        }
      }),
    )
  })

  it('name the lowest heights that they do not hold', () => {
    assert.deepEqual(lowestKept([], 9, 5), { first: 1, last: 5 })
    assert.deepEqual(lowestKept([{ first: 1, last: 3 }], 9, 5), { first: 4, last: 8 })
    assert.deepEqual(lowestKept([{ first: 1, last: 3 }], 5, 5), { first: 4, last: 5 })
    assert.deepEqual(lowestKept([{ first: 4, last: 6 }], 9, 5), { first: 1, last: 3 })
    assert.equal(lowestKept([{ first: 1, last: 9 }], 9, 5), undefined)
    const apart = [
      { first: 1, last: 3 },
      { first: 5, last: 7 },
    ]
    assert.deepEqual(lowestKept(apart, 9, 5), { first: 4, last: 4 })
  })

  it('are all added in the end, where the lowest are added again and again', () => {
    fc.assert(
      fc.property(
        fc.array(range, { maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        (gaps, countMax) => {
          let missing = gaps.reduce<readonly HeightRange[]>(addRange, [])
          for (;;) {
            const next = lowestKept(missing, HEIGHT_MAX, countMax)
            if (next === undefined) break
            assert.ok(next.last - next.first < countMax)
            missing = addRange(missing, next)
          }
          assert.equal(missing[0]?.first, 1)
          assert.ok((missing[0]?.last ?? 0) >= HEIGHT_MAX)
        },
      ),
    )
  })
})
