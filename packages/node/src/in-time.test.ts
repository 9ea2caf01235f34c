import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TestClock } from './agent/llm/test-clock.ts'
import { OperationalError } from './errors.ts'
import { inTime } from './in-time.ts'

describe('an answer in time', () => {
  it('is what the agent says, and its alarm is called off', async () => {
    const clock = new TestClock()
    assert.equal(await inTime(clock, 100, async () => 'yes'), 'yes')
    assert.deepEqual(clock.waitsMs, [])
  })

  it('is late when the time is up, whatever the agent does then', async () => {
    const clock = new TestClock()
    const { promise, reject } = Promise.withResolvers<string>()
    const answer = inTime(clock, 100, () => promise)
    clock.advance(99)
    assert.deepEqual(clock.waitsMs, [1])
    clock.advance(1)
    await assert.rejects(answer, (error) => {
      assert.ok(error instanceof OperationalError)
      assert.equal(error.code, 'agent-late')
      return true
    })
    // Nobody listens any more; the process must not end of it.
    reject(new Error('too late to matter'))
    await assert.rejects(promise)
  })

  it('is what the agent throws, at once or later, and its alarm is called off', async () => {
    const clock = new TestClock()
    const broken = (): never => {
      throw new RangeError('out of ideas')
    }
    await assert.rejects(inTime(clock, 100, broken), RangeError)
    await assert.rejects(
      inTime(clock, 100, async () => broken()),
      RangeError,
    )
    assert.deepEqual(clock.waitsMs, [])
  })
})
