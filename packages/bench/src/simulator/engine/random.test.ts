import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from './random.ts'

const draw = (random: Random): readonly number[] => Array.from({ length: 50 }, () => random.next())

test('the same seed and stream draw the same numbers', () => {
  assert.deepEqual(draw(new Random(7, 'links')), draw(new Random(7, 'links')))
})

test('another seed and another stream draw other numbers', () => {
  const numbers = draw(new Random(7, 'links'))
  assert.notDeepEqual(draw(new Random(8, 'links')), numbers)
  assert.notDeepEqual(draw(new Random(7, 'plan')), numbers)
})

test('a draw stays within its bounds and reaches both of them', () => {
  const random = new Random(1, 'bounds')
  const drawn = new Set(Array.from({ length: 500 }, () => random.between(3, 6)))
  assert.deepEqual([...drawn].toSorted(), [3, 4, 5, 6])
})

test('a chance of nothing never comes and a chance of a million always does', () => {
  const random = new Random(1, 'chance')
  assert.ok(Array.from({ length: 200 }, () => random.chance(0)).every((came) => !came))
  assert.ok(Array.from({ length: 200 }, () => random.chance(1_000_000)).every((came) => came))
})

test('a shuffle keeps every item once', () => {
  const items = Array.from({ length: 30 }, (_, index) => index)
  const shuffled = new Random(3, 'shuffle').shuffle(items)
  assert.notDeepEqual(shuffled, items)
  assert.deepEqual(
    shuffled.toSorted((a, b) => a - b),
    items,
  )
})
