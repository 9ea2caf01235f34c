import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { formatRequest, type RunRequest, runRequest } from '@commonweal/bench/simulator'
import { z } from 'zod'
import { requestOf } from './request.ts'

const SEEDS = Array.from({ length: 25 }, (_, seed) => seed)

function assertHolds(request: RunRequest): void {
  const { failures } = runRequest(request)
  assert.deepEqual(failures, [], `npm run sim -- ${formatRequest(request, null)}`)
}

describe('with faulty stake below a third', () => {
  it('25 seeds of consensus hold', () => {
    for (const seed of SEEDS) assertHolds(requestOf({ seed }))
  })

  it('25 seeds of consensus with epochs of two heights hold', () => {
    for (const seed of SEEDS) assertHolds(requestOf({ seed, isTiny: true }))
  })

  it('10 seeds of whole replicas hold', () => {
    for (const seed of SEEDS.slice(0, 10)) assertHolds(requestOf({ seed, process: 'replica' }))
  })

  it('25 of the enumerated leaders × cuts hold', () => {
    for (const seed of SEEDS) assertHolds(requestOf({ seed, family: 'enumeration' }))
  })
})

describe('with faulty stake of a third or more', () => {
  it('a fork is found, and each convicts a third of the stake and nobody honest', () => {
    let forkCount = 0
    for (let seed = 0; seed < 15; seed++) {
      const request = requestOf({ seed, family: 'twins', byzantine: 'above', nodeCountMax: 4 })
      const { failures, forkCount: found } = runRequest(request)
      assert.deepEqual(failures, [], `npm run sim -- ${formatRequest(request, null)}`)
      forkCount += found
    }
    assert.ok(forkCount > 0, 'no seed forked: the schedules do not try hard enough')
  })
})

describe('one seed', () => {
  for (const process of ['consensus', 'replica'] as const) {
    it(`gives the same event hash each time, with ${process} processes`, () => {
      const request = requestOf({ seed: 2, process })
      assert.equal(runRequest(request).traceDigest, runRequest(request).traceDigest)
    })
  }

  it('gives another event hash than another', () => {
    const digests = [1, 2, 3].map((seed) => runRequest(requestOf({ seed })).traceDigest)
    assert.equal(new Set(digests).size, 3)
  })
})

describe('seeds that found a bug', () => {
  const schema = z.array(
    z.strictObject({ request: z.looseObject({ seed: z.int() }), bug: z.string() }),
  )
  const path = new URL('./seeds.json', import.meta.url)
  const found = schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  for (const { request, bug } of found) {
    it(`${request.seed}: ${bug}`, () => {
      assertHolds(requestOf(request))
    })
  }
})
