import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureEpochSpeed } from './epoch-speed.ts'
import { growthOf, measureForecastSpeed } from './speed.ts'

describe('the speed of settlement', () => {
  it('is told in signature checks, for a question and for a report in it', () => {
    const checkMs = 0.1
    const speed = measureForecastSpeed(10, checkMs)
    const questionMs = 1_000 / speed.questionsPerSecond
    assert.ok(Math.abs(speed.checksPerQuestion - questionMs / checkMs) < 1e-9)
    // Ten agents report in three snapshots.
    assert.ok(Math.abs(speed.checksPerReport - speed.checksPerQuestion / 30) < 1e-9)
  })

  it('grows from one number of agents to the next by the factor of the times', () => {
    const [few, many] = [
      { agentCount: 10, questionsPerSecond: 800, flowMs: 2 },
      { agentCount: 100, questionsPerSecond: 100, flowMs: 22 },
    ].map((times) => ({ ...measureForecastSpeed(5, 1), ...times }))
    assert.ok(few !== undefined && many !== undefined)
    const growth = { fromAgents: 10, toAgents: 100, question: 8, flow: 11 }
    assert.deepEqual(growthOf([few, many]), [growth])
    assert.deepEqual(growthOf([few]), [])
  })

  it('of a whole epoch is that of a block which settles all its questions', () => {
    const { agentCount, questionCount, settleMs } = measureEpochSpeed(5, 3)
    assert.deepEqual([agentCount, questionCount], [5, 3])
    assert.ok(settleMs > 0)
  })
})
