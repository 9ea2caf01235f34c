import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { InvariantError } from '../invariant.ts'
import { settleAssertion } from './assertion.ts'

const outcome = fc.nat({ max: 3 })
const bond = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })

describe('the bonds of an assertion', () => {
  it('go back whole when nobody disputes', () => {
    assert.deepEqual(settleAssertion({ bondMicro: 50n, asserted: 1, disputed: null, outcome: 1 }), {
      asserterMicro: 50n,
      disputerMicro: 0n,
      burnedMicro: 0n,
    })
  })

  it('are conserved exactly; who loses gets nothing, and two who collude lose together', () => {
    fc.assert(
      fc.property(
        bond,
        outcome,
        outcome,
        fc.option(outcome),
        (bondMicro, asserted, other, final) => {
          if (asserted === other) return
          const settled = settleAssertion({ bondMicro, asserted, disputed: other, outcome: final })
          const { asserterMicro, disputerMicro, burnedMicro } = settled
          assert.equal(asserterMicro + disputerMicro + burnedMicro, 2n * bondMicro)
          if (final !== null && final !== asserted) assert.equal(asserterMicro, 0n)
          if (final !== null && final !== other) assert.equal(disputerMicro, 0n)
          assert.ok(burnedMicro >= bondMicro / 10n)
        },
      ),
    )
  })

  it('are settled alike, whichever of the two was right', () => {
    fc.assert(
      fc.property(bond, (bondMicro) => {
        const pair = { bondMicro, asserted: 0, disputed: 1 }
        const right = settleAssertion({ ...pair, outcome: 0 })
        const wrong = settleAssertion({ ...pair, outcome: 1 })
        assert.equal(right.asserterMicro, wrong.disputerMicro)
        assert.equal(right.burnedMicro, wrong.burnedMicro)
      }),
    )
  })

  it('of fifty pay the winner twenty-five, burn both where both were wrong, and a tenth of each where nothing is known', () => {
    const pair = { bondMicro: 50n, asserted: 0, disputed: 1 }
    const rows = [0, 1, 2, null].map((final) => {
      const settled = settleAssertion({ ...pair, outcome: final })
      return [settled.asserterMicro, settled.disputerMicro, settled.burnedMicro]
    })
    assert.deepEqual(rows, [
      [75n, 0n, 25n],
      [0n, 75n, 25n],
      [0n, 0n, 100n],
      [45n, 45n, 10n],
    ])
  })

  it('stops at what the ledger must never hand it', () => {
    const wrong = [
      { bondMicro: -1n, asserted: 0, disputed: 1, outcome: 0 },
      { bondMicro: 1n, asserted: 0, disputed: 0, outcome: 0 },
      { bondMicro: 1n, asserted: 0, disputed: null, outcome: 1 },
      { bondMicro: 1n, asserted: 0, disputed: null, outcome: null },
    ]
    for (const assertion of wrong) assert.throws(() => settleAssertion(assertion), InvariantError)
  })
})
