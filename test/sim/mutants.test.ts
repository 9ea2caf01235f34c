import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MUTANTS, tryMutant } from '@commonweal/bench/simulator'
import { requestOf } from './request.ts'

describe('a core in which one rule is broken', () => {
  for (const mutant of MUTANTS) {
    it(`that ${mutant.breaks} is caught by ${mutant.property}, and behaves differently`, async () => {
      const { caughtBy, isDifferent } = await tryMutant(mutant, requestOf({ seed: 0 }), 1)
      assert.notEqual(caughtBy, null, 'no run caught it')
      assert.ok(isDifferent, 'the core as it is fails in this run, or does the same')
    })
  }

  it('is there for each rule, twice for the root of an epoch', () => {
    const rules = new Set(MUTANTS.map(({ rule }) => rule))
    assert.deepEqual([...rules].toSorted(), ['A', 'F', 'N', 'W', 'X', 'epoch-root'])
    assert.ok(MUTANTS.filter(({ rule }) => rule === 'epoch-root').length >= 2)
  })
})
