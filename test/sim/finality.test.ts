import assert from 'node:assert/strict'
import { it } from 'node:test'
import { measureFinality } from '@commonweal/bench/simulator'

for (const process of ['consensus', 'replica'] as const) {
  it(`${process}: on links of 50 ms every block is final everywhere 150 ms after its proposal`, () => {
    const report = measureFinality({ nodeCount: 5, linkMs: 50, blockCount: 30, process })
    assert.equal(report.finalityMs.length, 30)
    assert.deepEqual([...new Set(report.finalityMs)], [150])
    assert.equal(report.hopsMax, 3)
  })
}
