import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { Heap } from './heap.ts'

describe('a heap', () => {
  it('yields what a sorted list would, whatever is put in and taken out in between', () => {
    const act = fc.option(fc.nat(99), { nil: null })
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.array(act), (start, acts) => {
        const heap = new Heap(start, (a, b) => a > b)
        const sorted = start.toSorted((a, b) => b - a)
        for (const item of [...acts, ...start.map(() => null)]) {
          if (item === null) {
            assert.equal(heap.take(), sorted.shift())
            continue
          }
          heap.put(item)
          sorted.push(item)
          sorted.sort((a, b) => b - a)
        }
      }),
    )
  })
})
