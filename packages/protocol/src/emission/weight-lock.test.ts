import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvariantError } from '../invariant.ts'
import { closeLock, topUpLock } from './weight-lock.ts'

describe('locks', () => {
  it('turn tokens into as much weight, also when topped up', () => {
    const opened = topUpLock(null, 100n)
    assert.deepEqual(opened, { lockedMicro: 100n, weightMicro: 100n })
    const lost = { ...opened, weightMicro: 60n }
    assert.deepEqual(topUpLock(lost, 50n), { lockedMicro: 150n, weightMicro: 110n })
  })

  it('return or burn every locked token, and hand the house only weight that was won', () => {
    for (const weightMicro of [1n, 99n, 100n, 101n, 10_000n]) {
      const closed = closeLock({ lockedMicro: 100n, weightMicro })
      assert.equal(closed.returnedMicro + closed.burnedMicro, 100n)
      assert.ok(closed.returnedMicro <= weightMicro)
      assert.equal(closed.houseWeightMicro + closed.returnedMicro, weightMicro)
    }
  })

  it('are never opened with nothing', () => {
    assert.throws(() => topUpLock(null, 0n), InvariantError)
  })
})
