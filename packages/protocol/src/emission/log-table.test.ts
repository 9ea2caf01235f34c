import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvariantError } from '../invariant.ts'
import { LOG_TABLE_DIGEST, logLoss, logTableDigest, WHOLE_BPS } from './log-table.ts'

describe('the table of log losses', () => {
  it('has the digest that the spec fixes', () => {
    assert.equal(logTableDigest(), LOG_TABLE_DIGEST)
  })

  it('agrees with floats to their last digits and falls strictly', () => {
    for (let bps = 1; bps <= WHOLE_BPS; bps++) {
      assert.ok(Math.abs(logLoss(bps) - 1e9 * Math.log(WHOLE_BPS / bps)) < 0.51, `at ${bps}`)
      if (bps > 1) assert.ok(logLoss(bps) < logLoss(bps - 1), `at ${bps}`)
    }
  })

  it('has entries for 1 to 10 000 and no others', () => {
    assert.equal(logLoss(WHOLE_BPS), 0)
    for (const bps of [0, WHOLE_BPS + 1, -1, 1.5, Number.NaN]) {
      assert.throws(() => logLoss(bps), InvariantError)
    }
  })
})
