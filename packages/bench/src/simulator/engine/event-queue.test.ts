import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, integer, property } from 'fast-check'
import { EventQueue } from './event-queue.ts'

test('events come out by time, and those of one instant in the order in which they went in', () => {
  check(
    property(array(integer({ min: 0, max: 9 })), (times) => {
      const queue = new EventQueue<number>()
      for (const [index, atMs] of times.entries()) queue.push(atMs, index)
      const popped: number[] = []
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) popped.push(next.item)
      const expected = [...times.keys()].toSorted(
        (a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b,
      )
      assert.deepEqual(popped, expected)
    }),
  )
})

test('an event may be pushed while others are popped', () => {
  const queue = new EventQueue<string>()
  queue.push(5, 'later')
  queue.push(1, 'first')
  assert.equal(queue.pop()?.item, 'first')
  queue.push(2, 'between')
  assert.equal(queue.pop()?.item, 'between')
  assert.equal(queue.pop()?.item, 'later')
  assert.equal(queue.pop(), undefined)
})
