import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { sumBigint } from '../integer.ts'
import { divide, divideDown, divideHalfEven, divideUp } from './divide.ts'

const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })

describe('divide', () => {
  it('gives out everything, to each its share to within one unit', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 9 }), (whole, weights) => {
        const total = sumBigint(weights)
        fc.pre(total > 0n)
        const shares = divide(whole, weights)
        assert.equal(sumBigint(shares), whole)
        for (const [index, share] of shares.entries()) {
          const exact = whole * (weights[index] ?? 0n)
          assert.ok(share * total > exact - total && share * total < exact + total)
        }
      }),
    )
  })

  it('gives what is left to the largest fractions, ties to the lowest index', () => {
    assert.deepEqual(divide(10n, [1n, 1n, 1n]), [4n, 3n, 3n])
    assert.deepEqual(divide(10n, [1n, 2n, 3n]), [2n, 3n, 5n])
    assert.deepEqual(divide(0n, [0n, 0n]), [0n, 0n])
    assert.deepEqual(divide(5n, [0n, 1n]), [0n, 5n])
  })
})

describe('rounding', () => {
  it('takes a half to the even number, below zero as well', () => {
    const halves = [-5n, -3n, -1n, 1n, 3n, 5n, 7n].map((a) => divideHalfEven(a, 2n))
    assert.deepEqual(halves, [-2n, -2n, 0n, 0n, 2n, 2n, 4n])
    assert.deepEqual(
      [4n, 5n, 6n].map((a) => divideHalfEven(a, 3n)),
      [1n, 2n, 2n],
    )
  })

  it('goes down and up around the exact value', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (a, b) => {
        const [down, up] = [divideDown(a, b), divideUp(a, b)]
        assert.ok(down * b <= a && a < (down + 1n) * b)
        assert.ok(up * b >= a && a > (up - 1n) * b)
      }),
    )
  })
})
