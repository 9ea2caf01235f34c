import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureWhaleWin } from '../paper/whale.ts'
import { coalition } from './attack/coalition.ts'
import { copier } from './attack/copier.ts'
import { exitAndReopen } from './attack/exit-and-reopen.ts'
import { extremiser } from './attack/extremiser.ts'
import { freeRider } from './attack/free-rider.ts'
import { measureLockChurn } from './attack/lock-churn.ts'
import { narrowPair, oppositePair } from './attack/opposite-pair.ts'
import { questionFarmer } from './attack/question-farmer.ts'
import { sybils } from './attack/sybils.ts'
import { whale } from './attack/whale.ts'
import { type Attack, type Gain, measureGain, OTHER_COINS, SNAPSHOT_COUNT } from './gain.ts'

const LAGS = Array.from({ length: SNAPSHOT_COUNT + 1 }, (_, lag) => lag)

const gainOf = (attack: Attack): Gain =>
  measureGain(attack, { seed: 'attacks', worldCount: 40, questionCount: 30 })

describe('an attack on the score', () => {
  it('by copying gains nothing while reports are sealed, and does when they are shown before', () => {
    for (const coins of [0, OTHER_COINS]) {
      const gains = LAGS.map((lag) => gainOf(copier(lag, coins)))
      const means = gains.map(({ weight }) => weight.mean)
      assert.deepEqual(
        means,
        means.toSorted((a, b) => b - a),
        'the later, the less',
      )
      for (const { weight, pay } of gains.slice(0, -1)) assert.ok(weight.lo > 0 && pay.lo > 0)
      const sealed = gains.at(-1)
      assert.deepEqual([sealed?.weight.lo, sealed?.weight.hi], [0, 0])
    }
  })

  it('by a pair on both sides of what it believes loses', () => {
    for (const pair of [oppositePair, narrowPair]) loses(gainOf(pair))
  })

  it('by saying more than one believes loses, and by saying less', () => {
    for (const power of [0.5, 2, 4]) loses(gainOf(extremiser(power)))
    const { weight } = gainOf(extremiser(1.25))
    assert.ok(weight.mean < 0, 'a little more loses a little')
  })

  it('by splitting a stake below the cap changes nothing but rounding', () => {
    for (const nameCount of [2, 5, 20]) {
      const { weight, pay } = gainOf(sybils(nameCount))
      for (const { lo, hi } of [weight, pay]) assert.ok(lo > -1e-6 && hi < 1e-6)
    }
  })

  it('by saying what the question says loses against who thinks', () => loses(gainOf(freeRider)))

  it('by a coalition that shares what it knows gains, which is a known limit', () => {
    const [mean, all] = (['mean', 'what all know'] as const).map((says) => gainOf(coalition(says)))
    assert.ok(mean !== undefined && mean.weight.lo > 0 && mean.pay.lo > 0)
    assert.ok(all !== undefined && all.weight.lo > mean.weight.hi)
  })

  it('by exit and opening again loses, and would not if losses were given back', () => {
    loses(gainOf(exitAndReopen(true, 1)))
    for (const below of [1, 0.6]) {
      assert.ok(gainOf(exitAndReopen(false, below)).weight.lo > 0)
    }
  })

  it('by questions that nobody admitted gains nothing, and would multiply a stake if they counted', () => {
    const admitted = gainOf(questionFarmer(true))
    for (const { lo, hi } of [admitted.weight, admitted.pay]) assert.ok(lo > -1e-6 && hi <= 0)
    const any = gainOf(questionFarmer(false))
    assert.ok(any.weight.lo > 1)
    assert.ok(any.payShare > 4 * admitted.payShare)
  })

  it('by splitting a stake above the cap gains, which is a known limit', () => {
    for (const [share, nameCount, coins] of [
      [0.25, 2, 12],
      [0.4, 4, 12],
      [0.4, 4, 3],
    ] as const) {
      const { weight, pay } = gainOf(whale(share, nameCount, coins))
      assert.ok(weight.lo > 0 && pay.lo > 0)
    }
  })

  it('by closing and opening a lock over and over takes nothing from the others, as it would if the house got all weight', () => {
    assert.equal(measureLockChurn(33, 4), 1)
    assert.equal(measureLockChurn(33, 4, 'all-to-house').toFixed(2), '0.58')
  })

  it('of a holder of 40 % whose usefulness is .1 higher wins .0075 with one name and .0120 with two', () => {
    assert.equal(measureWhaleWin([400]).toFixed(4), '0.0075')
    assert.equal(measureWhaleWin([200, 200]).toFixed(4), '0.0120')
  })
})

function loses({ weight, pay }: Gain): void {
  assert.ok(weight.hi < 0, `weight at most ${weight.hi}`)
  assert.ok(pay.hi < 0, `pay at most ${pay.hi}`)
}
