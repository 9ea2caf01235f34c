import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OFFENDERS_MAX, PeerFaults } from './peer-faults.ts'

const standingOf = (): { reputation: number; isBanned: boolean } => ({
  reputation: -5,
  isBanned: false,
})

test('a peer is named with each code that it was blamed for, and how often', () => {
  const faults = new PeerFaults()
  faults.add('b', 'malformed')
  faults.add('a', 'too-large')
  faults.add('b', 'bad-signature')
  faults.add('b', 'malformed')
  assert.deepEqual(faults.toViews(standingOf), [
    { peerId: 'a', agent: null, reputation: -5, isBanned: false, codes: { 'too-large': 1 } },
    {
      peerId: 'b',
      agent: null,
      reputation: -5,
      isBanned: false,
      codes: { 'bad-signature': 1, malformed: 2 },
    },
  ])
})

test('no more peers are remembered than the limit: who was blamed first is forgotten', () => {
  const faults = new PeerFaults()
  for (let index = 0; index < OFFENDERS_MAX; index += 1) faults.add(`${index}`, 'malformed')
  assert.equal(faults.toViews(standingOf).length, OFFENDERS_MAX)
  faults.add('one more', 'malformed')
  const peers = faults.toViews(standingOf).map(({ peerId }) => peerId)
  assert.equal(peers.length, OFFENDERS_MAX)
  assert.ok(!peers.includes('0') && peers.includes('one more'))
})
