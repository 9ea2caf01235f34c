import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as checkProperty, integer, nat, property, tuple } from 'fast-check'
import { type Digest, digestOf } from '../../codec/digest.ts'
import { createStream } from '../randomness.ts'
import { ration } from './rationing.ts'

function beaconOf(seed: number): Digest {
  return digestOf(Uint8Array.of(seed & 0xff, seed >> 8))
}

function sum(list: readonly number[]): number {
  return list.reduce((all, one) => all + one, 0)
}

test('requests that fit are met', () => {
  assert.deepEqual(ration([20, 0, 30, 50], 100, beaconOf(0)), [20, 0, 30, 50])
})

test('requests beyond the stock divide all of it, nobody gets more than it asked for', () => {
  const requests = array(integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 })
  const cases = tuple(requests, nat({ max: 120 }), nat({ max: 65_535 }))
  checkProperty(
    property(cases, ([wanted, stock, seed]) => {
      const catches = ration(wanted, stock, beaconOf(seed))
      assert.equal(sum(catches), Math.min(stock, sum(wanted)))
      catches.forEach((got, seat) => assert.ok(got >= 0 && got <= (wanted[seat] ?? 0)))
    }),
  )
})

test('each unit goes to a uniform draw among the seats with an unmet request', () => {
  const wanted = [2, 50, 1, 50]
  const stream = createStream(beaconOf(7), 'rationing')
  const expected = [0, 0, 0, 0]
  for (let left = 60; left > 0; left--) {
    const open = [0, 1, 2, 3].filter((seat) => (expected[seat] ?? 0) < (wanted[seat] ?? 0))
    const seat = open[stream.below(open.length)] ?? -1
    expected[seat] = (expected[seat] ?? 0) + 1
  }
  assert.deepEqual(ration(wanted, 60, beaconOf(7)), expected)
})

test('no seat is favoured: five equal requests average a fifth over 400 beacons', () => {
  const totals = [0, 0, 0, 0, 0]
  for (let seed = 0; seed < 400; seed++) {
    ration([100, 100, 100, 100, 100], 100, beaconOf(seed)).forEach((got, seat) => {
      totals[seat] = (totals[seat] ?? 0) + got
    })
  }
  // One seat's mean has a standard deviation of 4 / √400 = 0.2.
  for (const total of totals) assert.ok(Math.abs(total / 400 - 20) < 0.8, `mean ${total / 400}`)
})
