import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseShard } from '../bench-program.ts'
import { formatFigure } from '../result/render-cells.ts'
import { describeProgress } from './bench-run.ts'

describe('a shard', () => {
  it('is a part of so many, both counted from 1', () => {
    assert.deepEqual(parseShard('3/16'), { index: 3, count: 16 })
    assert.deepEqual(parseShard('1/1'), { index: 1, count: 1 })
  })

  for (const text of ['0/16', '17/16', '3', '3/0', 'a/b', '1/100001']) {
    it(`is not ${text}`, () => assert.throws(() => parseShard(text), /from 1: 3\/16/))
  }
})

describe('progress', () => {
  const at = { doneCount: 12, failedCount: 0, runCount: 60 }

  it('says how much is done and how long it still takes, in the unit that fits', () => {
    assert.equal(describeProgress({ ...at, leftMs: null }), '12 of 60 runs')
    assert.equal(describeProgress({ ...at, leftMs: 119_000 }), '12 of 60 runs, 119 s left')
    assert.equal(describeProgress({ ...at, leftMs: 119_001 }), '12 of 60 runs, 2 min left')
    assert.equal(describeProgress({ ...at, leftMs: 7_200_000 }), '12 of 60 runs, 2 h left')
  })

  it('does not hide runs that failed', () => {
    const text = describeProgress({ ...at, failedCount: 2, leftMs: 1 })
    assert.equal(text, '12 of 60 runs, 2 failed, 1 s left')
  })
})

it('figures have four significant digits and no more', () => {
  assert.deepEqual([600, 0.51139, 12.345, -4].map(formatFigure), ['600', '0.5114', '12.35', '-4'])
})
