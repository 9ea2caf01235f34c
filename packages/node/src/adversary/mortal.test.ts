import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '@commonweal/protocol'
import { createMortal } from './mortal.ts'

test('a mortal process dies once, in its epoch, when a block is final; and does nothing afterwards', () => {
  let place = { epoch: 1, height: 0 }
  let deaths = 0
  const process = createMortal(
    {
      step: () => [{ kind: 'publish', topic: 'consensus', envelope: Uint8Array.of(1) }],
      nextDeadlineMs: () => 7,
      inspect: () => ({ ...place, view: 0, stateDigest: digestOf(new Uint8Array()) }),
    },
    2,
    () => {
      deaths += 1
    },
  )
  const lives = (): boolean => process.step({ kind: 'tick', nowMs: 1 }).length === 1
  assert.ok(lives())
  place = { epoch: 1, height: 5 }
  assert.ok(lives(), 'it is not yet its epoch')
  place = { epoch: 2, height: 6 }
  assert.ok(!lives())
  assert.ok(!lives())
  assert.equal(deaths, 1)
  assert.equal(process.nextDeadlineMs(), null)
})
