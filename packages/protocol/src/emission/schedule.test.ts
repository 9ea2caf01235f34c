import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { InvariantError } from '../invariant.ts'
import { EMISSION_TOTAL_MICRO_MAX, emissionOf, emissionScheduleSchema } from './schedule.ts'

const schedule = fc.record({
  epochMicro: fc.bigInt({ min: 0n, max: 2n ** 40n }),
  halvingEpochs: fc.integer({ min: 1, max: 2 ** 20 }),
})

describe('the emission schedule', () => {
  it('mints at most twice its first half-life, and never more than 2^61 micro-tokens', () => {
    fc.assert(
      fc.property(schedule, (given) => {
        const { epochMicro, halvingEpochs } = emissionScheduleSchema.parse(given)
        let totalMicro = 0n
        for (let half = 0; half < 64; half++) {
          const epoch = half * halvingEpochs + 1
          totalMicro += BigInt(halvingEpochs) * emissionOf({ epochMicro, halvingEpochs }, epoch)
        }
        assert.ok(totalMicro <= 2n * epochMicro * BigInt(halvingEpochs))
        assert.ok(totalMicro <= EMISSION_TOTAL_MICRO_MAX)
      }),
    )
  })

  it('counts epochs from 1', () => {
    assert.throws(() => emissionOf({ epochMicro: 1n, halvingEpochs: 1 }, 0), InvariantError)
  })
})
