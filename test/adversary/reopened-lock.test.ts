import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureLedgerGain, reopenedLock, reopenings } from '@commonweal/bench/attacks'

describe('withdraw the name that lost, and open it again', () => {
  for (const reopening of reopenings) {
    it(`loses against who locks as much and says what it believes: ${reopening.name}`, () => {
      const { tokens, weight } = measureLedgerGain(reopenedLock(reopening), {
        seed: 'reopened',
        worldCount: 20,
      })
      assert.ok(tokens.hi < 0, `tokens at most ${tokens.hi}`)
      assert.ok(weight.hi < 0, `weight at most ${weight.hi}`)
    })
  }

  it('loses in tokens every time: what was lost is burned', () => {
    for (const reopening of reopenings) {
      for (let world = 0; world < 6; world += 1) {
        const { made, honest } = reopenedLock(reopening).play(`reopened/${world}`)
        assert.ok(made.tokensMicro < honest.tokensMicro, `${reopening.name}, world ${world}`)
      }
    }
  })
})
