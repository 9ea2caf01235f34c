import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Pair, testPairs } from './permutation.ts'

/** Seeds whose figures differ by this. */
function pairsOf(...differences: readonly number[]): readonly Pair[] {
  return differences.map((difference, index) => ({ a: index + difference, b: index }))
}

describe('the paired permutation test', () => {
  it('finds nothing where nothing differs, and nothing in a single seed', () => {
    assert.equal(testPairs(pairsOf(0, 0, 0), 'equal'), 1)
    assert.equal(testPairs(pairsOf(5), 'single'), 1)
  })

  it('gives what counting gives: of the 8 signs of three equal differences 2 are as extreme', () => {
    assert.ok(Math.abs(testPairs(pairsOf(1, 1, 1), 'three') - 2 / 8) < 0.015)
  })

  it('counts for unequal differences too: of the 8 signs of 1, 2, 4 those of sum ±7 and ±5', () => {
    assert.ok(Math.abs(testPairs(pairsOf(-1, 2, 4), 'unequal') - 4 / 8) < 0.015)
  })

  it('never says 0: the data themselves are one of the permutations', () => {
    const p = testPairs(pairsOf(...Array<number>(40).fill(3)), 'forty')
    assert.equal(p, 1 / 10_001)
  })

  it('does not mind what seeds have in common: only differences within a seed count', () => {
    const near = [1, 2, 1, 2, 1, -1]
    const far = near.map((difference, index) => ({
      a: 1_000 * index + difference,
      b: 1_000 * index,
    }))
    assert.equal(testPairs(far, 'same'), testPairs(pairsOf(...near), 'same'))
  })

  it('is the same for the same seed, and in either direction', () => {
    const pairs = pairsOf(1, -2, 3, 4, 0.5)
    const turned = pairs.map(({ a, b }) => ({ a: b, b: a }))
    assert.equal(testPairs(pairs, 'seed'), testPairs(pairs, 'seed'))
    assert.equal(testPairs(turned, 'seed'), testPairs(pairs, 'seed'))
  })
})
