import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Blamed, nameOffenders } from './name-offenders.ts'
import { describeOffender } from './render-offenders.ts'

const SEATS = ['node-0', 'node-1', 'node-2'].map((name) => ({
  name,
  agent: `agent of ${name}`,
  fault: null,
}))

function blamed(name: string, change: Partial<Blamed> = {}): Blamed {
  const agent = `agent of ${name}`
  return { agent, peerId: `peer-of-${name}`, reputation: -5, isBanned: false, codes: {}, ...change }
}

test('nobody is named where nobody did anything', () => {
  assert.deepEqual(nameOffenders({ seats: SEATS, slashes: [], opinions: [] }), [])
})

test('who was slashed is named with what it paid for each offence', () => {
  const slash = { agent: 'agent of node-1', offence: 'equivocation', amountMicro: 10_000_000n }
  const [named, ...others] = nameOffenders({
    seats: SEATS,
    slashes: [slash, slash, { ...slash, offence: 'conflicting-votes' }],
    opinions: [],
  })
  assert.equal(named?.name, 'node-1')
  assert.deepEqual(named && describeOffender(named), [
    'slashed for equivocation, 2 times: 20.00 tokens',
    'slashed for conflicting-votes: 10.00 tokens',
  ])
  assert.deepEqual(others, [])
})

test('who was scored down is named with by whom and why, all reasons added up', () => {
  const [named] = nameOffenders({
    seats: SEATS,
    slashes: [],
    opinions: [
      { by: 'node-0', blamed: [blamed('node-2', { codes: { 'bad-signature': 3 } })] },
      {
        by: 'node-1',
        blamed: [
          blamed('node-2', { isBanned: true, codes: { 'bad-signature': 20, malformed: 1 } }),
        ],
      },
    ],
  })
  assert.deepEqual(named && describeOffender(named), [
    'banned by node-1; scored down by node-0: bad-signature 23, malformed 1',
  ])
})

test('a peer without a seat is named too', () => {
  const named = nameOffenders({
    seats: SEATS,
    slashes: [],
    opinions: [{ by: 'node-0', blamed: [blamed('a stranger')] }],
  })
  assert.deepEqual(
    named.map(({ name, scoredDownBy }) => [name, scoredDownBy]),
    [['…stranger', ['node-0']]],
  )
})

test('of an adversary against whom nothing is proved the report says so', () => {
  const seats = SEATS.map((seat) => ({ ...seat, fault: seat.name === 'node-0' ? 'flood' : null }))
  const [named] = nameOffenders({ seats, slashes: [], opinions: [] })
  assert.equal(named?.fault, 'flood')
  assert.deepEqual(named && describeOffender(named), [
    'nobody has a proof of anything that the protocol punishes',
  ])
})
