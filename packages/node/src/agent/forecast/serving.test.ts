import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { agentIdOf } from '@commonweal/protocol'
import { servesCustomer } from './serving.ts'

const agent = agentIdOf(new Uint8Array(32))
const terms = { probationCount: 30, askingBps: 100 }

describe('a supplier', () => {
  it('serves whoever asks, whatever it pays, until its probation is over', () => {
    assert.ok(servesCustomer({ agent, bps: 0, servedCount: 0 }, terms))
    assert.ok(servesCustomer({ agent, bps: 0, servedCount: 29 }, terms))
    assert.ok(!servesCustomer({ agent, bps: 0, servedCount: 30 }, terms))
  })

  it('then serves who pays what it asks', () => {
    assert.ok(!servesCustomer({ agent, bps: 99, servedCount: 30 }, terms))
    assert.ok(servesCustomer({ agent, bps: 100, servedCount: 30 }, terms))
  })
})
