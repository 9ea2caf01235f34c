import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BribeResult, briberies, measureBribedJury } from './bribed-jury.ts'

const measure = (
  believing: number,
  budget: number,
  { worth = 1, rounds = 3, worldCount = 120 } = {},
): BribeResult =>
  measureBribedJury({ believing, budget, worth, rounds }, { seed: 'bribed-jury', worldCount })

describe('a bribed jury', () => {
  it('costs more than it brings through the last round, while three in five believe the bribe', () => {
    for (const believing of [0.3, 0.5, 0.6]) {
      for (const budget of [2, 8, 56]) {
        const { net } = measure(believing, budget)
        assert.ok(net.hi < 0, `${believing} believe, budget ${budget}: at most ${net.hi}`)
      }
    }
  })

  it('costs less to give up early, and still more than it brings', () => {
    for (const believing of [0.5, 0.6]) {
      const nets = [1, 2, 3].map((rounds) => measure(believing, 56, { rounds }).net)
      assert.ok(nets.every(({ hi }) => hi < 0))
      const means = nets.map(({ mean }) => mean)
      assert.deepEqual(
        means,
        means.toSorted((a, b) => b - a),
      )
    }
  })

  it('costs more than it brings whoever believes, if the briber can show but twice what the question is worth', () => {
    for (const believing of [0.7, 0.9, 1]) {
      const { net, flipped } = measure(believing, 2)
      assert.ok(net.hi < 0 && flipped < 0.02)
    }
  })

  it('is not paid and flips the question where nine in ten believe and all can be promised, which is a known limit', () => {
    const { net, bribes, bond, flipped } = measure(0.9, 56)
    assert.ok(net.lo > 0 && flipped > 0.9)
    assert.ok(bribes.mean < 1 && bond.mean < 0)
  })

  it('pays for fewer believers where a question may be worth what the last jury risks', () => {
    const [bounded, unbounded] = [
      measure(0.7, 56, { worldCount: 300 }),
      measure(0.7, 4, { worth: 14, worldCount: 300 }),
    ]
    assert.equal(bounded.flipped, unbounded.flipped, 'the same purse flips the same questions')
    assert.ok(bounded.net.hi < 0 && unbounded.net.lo > 0)
  })

  it('is what a juror does best to take that believes it: the model is no straw man', () => {
    for (const { believing, budget, worth, rounds } of briberies) {
      assert.ok(measure(believing, budget, { worth, rounds, worldCount: 20 }).temptation > 0)
    }
  })

  it('without anybody who believes it flips nothing and loses the bond', () => {
    const { flipped, voided, bribes, bond, net } = measure(0, 56)
    assert.deepEqual([flipped, voided, bribes.hi], [0, 0, 0])
    assert.ok(bond.lo > 0 && net.hi < 0)
  })
})
