import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Belief } from './belief.ts'

describe('a belief about weights', () => {
  it('starts at a half, and comes to the frequency where only the constant speaks', () => {
    const belief = new Belief(2)
    assert.equal(belief.predict([0, 1]), 0.5)
    for (let time = 0; time < 2_000; time++) belief.learn([0, 1], time % 5 === 0)
    assert.ok(Math.abs(belief.predict([0, 1]) - 0.2) < 0.05)
    assert.equal(belief.weights[0], 0)
  })

  it('learns which coordinate speaks, and in which direction', () => {
    const belief = new Belief(3)
    for (let time = 0; time < 400; time++) {
      const x = time % 2 === 0 ? 1 : -1
      const noise = time % 4 < 2 ? 1 : -1
      belief.learn([x, noise, 1], x < 0)
    }
    const [speaking = 0, silent = 0] = belief.weights
    assert.ok(speaking < -1 && Math.abs(silent) < 0.1)
    assert.ok(belief.predict([-1, 1, 1]) > 0.8 && belief.predict([1, 1, 1]) < 0.2)
  })

  it('is drawn to a half where it knows little', () => {
    const one = new Belief(2)
    const other = new Belief(2)
    for (let time = 0; time < 50; time++) {
      one.learn([1, 1], true)
      other.learn([0, 1], true)
    }
    assert.ok(one.predict([3, 1]) > other.predict([3, 1]) && other.predict([3, 1]) > 0.5)
  })

  it('takes steps that can be worked out by hand', () => {
    const belief = new Belief(1)
    belief.learn([1], true)
    // Variance 1, p = ½: the constant moves by ½/(1 + ¼), and its variance is 1 − ¼/(1 + ¼) + .002.
    assert.ok(Math.abs((belief.weights[0] ?? 0) - 0.4) < 1e-12)
    const spread = Math.sqrt(1 + (Math.PI * 0.802) / 8)
    assert.ok(Math.abs(belief.predict([1]) - 1 / (1 + Math.exp(-0.4 / spread))) < 1e-12)
  })
})
