import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scoreQuestion } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import { copier } from './attack/copier.ts'
import { exitAndReopen } from './attack/exit-and-reopen.ts'
import { extremiser } from './attack/extremiser.ts'
import { measureLockChurn } from './attack/lock-churn.ts'
import { oppositePair } from './attack/opposite-pair.ts'
import { questionFarmer } from './attack/question-farmer.ts'
import { sybils } from './attack/sybils.ts'
import { whale } from './attack/whale.ts'
import { type Attack, type Gain, measureGain, SNAPSHOT_COUNT } from './gain.ts'
import { binaryReport } from './to-report.ts'

const gainOf = (attack: Attack): Gain =>
  measureGain(attack, { seed: 'attacks', worldCount: 40, questionCount: 30 })

describe('an attack on the score', () => {
  it('by copying gains nothing while reports are sealed, and does when they are shown as they come', () => {
    const gains = Array.from({ length: SNAPSHOT_COUNT + 1 }, (_, lag) => gainOf(copier(lag)))
    const means = gains.map(({ weight }) => weight.mean)
    assert.deepEqual(
      means,
      means.toSorted((a, b) => b - a),
      'the later, the worse',
    )
    const [shown] = gains
    const sealed = gains.at(-1)
    assert.ok(shown !== undefined && shown.weight.lo > 0 && shown.pay.lo > 0)
    assert.ok(sealed !== undefined && sealed.weight.hi < 0 && sealed.pay.hi < 0)
  })

  it('by a pair at p and 1−p loses', () => loses(gainOf(oppositePair)))

  it('by saying more than one believes loses', () => loses(gainOf(extremiser)))

  it('by splitting a stake below the cap changes nothing but rounding', () => {
    for (const nameCount of [2, 5]) {
      const { weight, pay } = gainOf(sybils(nameCount))
      for (const { lo, hi } of [weight, pay]) assert.ok(lo > -1e-6 && hi < 1e-6)
    }
  })

  it('by exit and opening again loses, and would not if losses were given back', () => {
    loses(gainOf(exitAndReopen(true)))
    assert.ok(gainOf(exitAndReopen(false)).weight.lo > 0)
  })

  it('by questions that nobody admitted gains exactly nothing, and would multiply a stake if they counted', () => {
    const admitted = gainOf(questionFarmer(true))
    for (const { lo, hi } of [admitted.weight, admitted.pay]) assert.deepEqual([lo, hi], [0, 0])
    const any = gainOf(questionFarmer(false))
    assert.ok(any.weight.lo > 1)
    assert.ok(any.payShare > 4 * admitted.payShare)
  })

  it('by splitting a stake above the cap gains, which is a known limit', () => {
    const { weight, pay } = gainOf(whale)
    assert.ok(weight.lo > 0 && pay.lo > 0)
  })

  it('by closing and opening a lock over and over takes nothing from the others, as it would if the house got all weight', () => {
    assert.equal(measureLockChurn(33, 4), 1)
    assert.equal(measureLockChurn(33, 4, 'all-to-house').toFixed(2), '0.58')
  })

  it('of a holder of 40 % whose usefulness is .1 higher wins .0075 with one name and .0120 with two', () => {
    assert.equal(winOfWhale([400]).toFixed(4), '0.0075')
    assert.equal(winOfWhale([200, 200]).toFixed(4), '0.0120')
  })
})

function loses({ weight, pay }: Gain): void {
  assert.ok(weight.hi < 0, `weight at most ${weight.hi}`)
  assert.ok(pay.hi < 0, `pay at most ${pay.hi}`)
}

/** What a holder wins of all weight in one question, when it gave 100^.1 times as much as the others to what came true. */
function winOfWhale(stakes: readonly number[]): number {
  const own = stakes.map((stake, index) => ({ name: `whale-${index}`, stake, probability: 0.7 }))
  const others = Array.from({ length: 6 }, (_, index) => ({
    name: `fish-${index}`,
    stake: 100,
    probability: 0.7 / 100 ** 0.1,
  }))
  const reporters = [...own, ...others].map(({ name, stake, probability }) => ({
    agent: agentNamed(name),
    weightMicro: BigInt(stake) * 1_000_000_000n,
    reports: [binaryReport(probability)],
  }))
  const { reporters: after } = scoreQuestion({
    outcomeCount: 2,
    outcomeIndex: 0,
    snapshotWeightsBps: [10_000],
    house: null,
    reporters,
  })
  const names = new Set(own.map(({ name }) => agentNamed(name)))
  const sum = (rows: typeof reporters | typeof after): number =>
    rows
      .filter(({ agent }) => names.has(agent))
      .reduce((total, { weightMicro }) => total + Number(weightMicro), 0)
  return (sum(after) - sum(reporters)) / 1e12
}
