import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonsParamsSchema } from '@commonweal/protocol'
import { describeProgress } from './progress-line.ts'

test('who was slashed is told by name where it has one, and else by the start of its id', () => {
  const params = commonsParamsSchema.parse({})
  const agent = '00e30698'.padEnd(64, '0')
  const event = { kind: 'slashed', agent, offence: 'conflicting-votes', amountMicro: 1n } as const
  assert.equal(describeProgress(event, params), 'slashed: 00e30698… for conflicting-votes')
  const named = describeProgress(event, params, () => 'node-2')
  assert.equal(named, 'slashed: node-2 for conflicting-votes')
})
