import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { cidOf } from '../codec/cid.ts'
import { agentIdOf } from '../identity/agent-id.ts'
import { firstBeacon, nextBeacon, seededShare } from './beacon.ts'

const networkId = cidOf(Uint8Array.of(1, 2, 3))
const alice = agentIdOf(new Uint8Array(32).fill(0xa1))

function sha256(...parts: (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

test('the first beacon is the SHA-256 of the network id as text', () => {
  assert.equal(firstBeacon(networkId), sha256(networkId).toString('hex'))
})

test('the next beacon covers the previous one and every share in the order given', () => {
  const previous = firstBeacon(networkId)
  const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const expected = sha256(Buffer.from(previous, 'hex'), one, two).toString('hex')
  assert.equal(nextBeacon(previous, [one, two]), expected)
  assert.notEqual(nextBeacon(previous, [two, one]), expected)
})

test('without a share the beacon still moves on', () => {
  const previous = firstBeacon(networkId)
  assert.equal(nextBeacon(previous, []), sha256(Buffer.from(previous, 'hex')).toString('hex'))
})

test('a seeded share names seed, agent, epoch and purpose', () => {
  const expected = sha256(`commonweal/seeded-share/7/${alice}/3/beacon`)
  assert.deepEqual(Buffer.from(seededShare(7, alice, 3, 'beacon')), expected)
  assert.notDeepEqual(Buffer.from(seededShare(7, alice, 3, 'signal')), expected)
})
