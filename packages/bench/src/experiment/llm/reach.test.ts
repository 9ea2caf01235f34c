import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Reach } from './reach.ts'

it('a server that was never there ends everything; one that is lost later fails the run that lost it', () => {
  const reach = new Reach()
  assert.equal(reach.isHalting('connection-lost'), true)
  reach.answered()
  assert.equal(reach.isHalting('connection-lost'), false)
  assert.equal(reach.isHalting('unauthorized'), true)
  assert.equal(reach.isHalting('not-json'), false)
})
