import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf, encode, type Statement } from '@commonweal/protocol'
import type { Signal } from './forecaster.ts'
import { judgeByStatements } from './judge.ts'
import { madeAgent, madeQuestion } from './weather/made-days.ts'

const question = madeQuestion({ date: '2014-03-02', kind: 'rain' })

function say(name: string, report: Statement['report'], snapshot = 0): Signal {
  const statement = { report, findings: [], parents: [], reasoning: '', hypotheses: [] }
  const digest = digestOf(encode([name, snapshot]))
  return { author: madeAgent(name), snapshot, digest, statement, order: 0 }
}

function judge(...signals: readonly Signal[]): number | null {
  return judgeByStatements({ question, signals })
}

describe('a juror that follows the open statements', () => {
  it('gives the outcome that they give most', () => {
    assert.equal(judge(say('a', [9_000, 1_000]), say('b', [3_000, 7_000])), 0)
    assert.equal(judge(say('a', [6_000, 4_000]), say('b', [3_000, 7_000])), 1)
  })

  it('counts each author once, by its last', () => {
    const early = [say('a', [9_000, 1_000], 1), say('a', [9_900, 100], 0)]
    assert.equal(judge(say('a', [2_000, 8_000], 2), ...early, say('b', [6_000, 4_000])), 1)
  })

  it('has no verdict where nobody reported what counts', () => {
    assert.equal(judge(), null)
    assert.equal(judge(say('a', null), say('b', [10_000, 0]), say('c', [9_000, 500, 500])), null)
  })

  it('has no verdict where two outcomes lead, in whatever order they were said', () => {
    // As probabilities .1 + .2 + .7 + .3 + .9 + .8 and what is missing to 1 differ by rounding.
    const bps = [1_000, 2_000, 7_000, 3_000, 9_000, 8_000]
    const said = bps.map((first, index) => say(`${index}`, [first, 10_000 - first]))
    assert.equal(judge(...said), null)
    assert.equal(judge(...said.toReversed()), null)
    assert.equal(judge(...said, say('x', [5_001, 4_999])), 0)
  })
})
