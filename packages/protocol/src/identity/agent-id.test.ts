import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { compare } from 'uint8arrays/compare'
import { InvariantError } from '../invariant.ts'
import {
  agentIdOf,
  agentIdOfPeer,
  compareAgents,
  isAgentId,
  parseAgentId,
  peerIdOf,
  publicKeyOf,
} from './agent-id.ts'

const publicKey = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('agent id', () => {
  it('goes to the public key and back', () => {
    fc.assert(
      fc.property(publicKey, (key) => {
        const agent = agentIdOf(key)
        assert.deepEqual(publicKeyOf(agent), key)
        assert.deepEqual(parseAgentId(agent), { ok: true, value: agent })
      }),
    )
  })

  it('is refused in any other shape', () => {
    const text = 'ab'.repeat(32)
    for (const other of ['', text.slice(1), `${text}a`, text.toUpperCase(), `${text}\n`]) {
      const parsed = parseAgentId(other)
      assert.equal(parsed.ok ? '' : parsed.error.code, 'malformed-agent-id')
      assert.equal(isAgentId(other), false)
    }
    assert.throws(() => agentIdOf(new Uint8Array(31)), InvariantError)
  })

  it('has the order of the key bytes', () => {
    fc.assert(
      fc.property(publicKey, publicKey, (a, b) => {
        assert.equal(compareAgents(agentIdOf(a), agentIdOf(b)), compare(a, b))
        assert.equal(compareAgents(agentIdOf(a), agentIdOf(a)), 0)
      }),
    )
  })
})

describe('peer id', () => {
  it('names the same key', () => {
    fc.assert(
      fc.property(publicKey, (key) => {
        const agent = agentIdOf(key)
        const peer = peerIdOf(agent)
        assert.match(peer, /^12D3KooW/)
        assert.equal(peer.length, 52)
        assert.equal(agentIdOfPeer(peer), agent)
      }),
    )
  })

  it('of another kind or shape names no agent', () => {
    const peer = peerIdOf(agentIdOf(new Uint8Array(32)))
    const last = `12D3KooW${'z'.repeat(44)}`
    const others = [
      '',
      peer.slice(1),
      `${peer}1`,
      `${peer.slice(0, -1)}0`,
      'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
      last,
    ]
    for (const other of others) assert.equal(agentIdOfPeer(other), undefined, other)
  })

  it('has one text for a key', () => {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...alphabet), { minLength: 44, maxLength: 44 }),
        (tail) => {
          const peer = `12D3KooW${tail.join('')}`
          const agent = agentIdOfPeer(peer)
          if (agent !== undefined) assert.equal(peerIdOf(agent), peer)
        },
      ),
    )
  })
})
