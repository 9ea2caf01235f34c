import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { agentOf, COMMONS, LedgerWorld } from '../testing/index.ts'

const SEAT = { kind: 'seat', subnet: COMMONS } as const
const LEAVE = { kind: 'leave', subnet: COMMONS } as const
const FEE_MICRO = 100_000n
const BOND_MICRO = 10n * TOKEN_MICRO

/** Runs of one round, again and again, of which three of five agents are in the first. */
function worldOfShortRuns(instance: Record<string, unknown> = {}): LedgerWorld {
  const params = { rounds: 1 }
  return new LedgerWorld({ seated: 3, instance: { repeat: true, params, ...instance } })
}

function playEmptyRound(world: LedgerWorld): void {
  world.playRound(world.run.seats.map(() => null))
}

test('who takes a seat waits for the next run, and its bond is set aside at once', () => {
  const world = worldOfShortRuns()
  assert.equal(world.act('3', SEAT).code, 'ok')
  assert.deepEqual(world.seated(), ['0', '1', '2'])
  assert.equal(world.account('3').balanceMicro, 1_000n * TOKEN_MICRO - FEE_MICRO - BOND_MICRO)
  playEmptyRound(world)
  assert.deepEqual(world.seated(), ['0', '1', '2', '3'])
  assert.deepEqual(world.run.joining, [])
  assert.equal(world.run.run, 2)
})

test('who leaves plays its run to the end and then has its bond back', () => {
  const world = worldOfShortRuns()
  const before = world.account('1').balanceMicro
  assert.equal(world.act('1', LEAVE).code, 'ok')
  assert.equal(world.account('1').balanceMicro, before - FEE_MICRO)
  assert.deepEqual(world.seated(), ['0', '1', '2'])
  playEmptyRound(world)
  assert.deepEqual(world.seated(), ['0', '2'])
  // Five transactions: to leave, to pass twice, to close and to open a share.
  assert.equal(world.account('1').balanceMicro, before - 5n * FEE_MICRO + BOND_MICRO)
  assert.equal(world.act('1', SEAT).code, 'ok')
})

test('who still waits for a seat leaves at once', () => {
  const world = worldOfShortRuns()
  world.act('3', SEAT)
  assert.equal(world.act('3', LEAVE).code, 'ok')
  assert.deepEqual(world.run.joining, [])
  assert.equal(world.account('3').balanceMicro, 1_000n * TOKEN_MICRO - 2n * FEE_MICRO)
})

test('a seat that its holder gives up may be taken before it is free', () => {
  const world = worldOfShortRuns({ seatCountMax: 3 })
  assert.equal(world.act('3', SEAT).code, 'seats-full')
  world.act('0', LEAVE)
  assert.equal(world.act('3', SEAT).code, 'ok')
  assert.equal(world.act('4', SEAT).code, 'seats-full')
  playEmptyRound(world)
  assert.deepEqual(world.seated(), ['1', '2', '3'])
})

test('when everybody has left no run goes on, epochs do, and the next to sit down starts a run', () => {
  const world = worldOfShortRuns()
  world.block(['0', LEAVE], ['1', LEAVE], ['2', LEAVE])
  playEmptyRound(world)
  assert.deepEqual(world.seated(), [])
  assert.equal(world.run.status, 'ended')
  const { run } = world.run
  const { epoch } = world.head
  for (let count = 0; count < 3; count += 1) playEmptyRound(world)
  assert.equal(world.head.epoch, epoch + 3)
  assert.equal(world.run.run, run, 'an empty run is not counted again and again')
  world.act('4', SEAT)
  playEmptyRound(world)
  assert.deepEqual(world.seated(), ['4'])
  world.playRound([7n])
  const settled = world.events.findLast((event) => event.kind === 'round-settled')
  assert.deepEqual(settled?.kind === 'round-settled' && settled.row, {
    requests: [7],
    enforced: [7],
    absent: [false],
    catches: [7],
    round: 1,
    stockBefore: 100,
    catchTotal: 7,
    stockLeft: 93,
    ratePercent: 200,
    stockAfter: 93,
    regime: 'healthy',
    status: 'finished',
  })
})

test('a run that does not repeat gives all bonds back and takes nobody any more', () => {
  const world = worldOfShortRuns({ repeat: false })
  assert.equal(world.act('3', SEAT).code, 'seats-closed')
  playEmptyRound(world)
  assert.equal(world.run.status, 'ended')
  assert.equal(world.act('0', LEAVE).code, 'not-seated')
  assert.equal(world.act('0', { kind: 'pass', subnet: COMMONS }).code, 'run-over')
  const kinds = [...world.ledger.entries('hold/')]
  assert.deepEqual(kinds, [])
  playEmptyRound(world)
  assert.equal(world.head.epoch, 3)
})

test('a run starts afresh: full stock, round 1, no agreement, no records of the one before', () => {
  const world = worldOfShortRuns()
  world.playRound([30n, 30n, 30n])
  const state = world.ledger.get(`state/${COMMONS}`)
  assert.deepEqual(state, {
    round: 1,
    stock: 100,
    seatCount: 3,
    regime: 'healthy',
    status: 'open',
    recentCatches: [],
    requests: [],
  })
  assert.deepEqual([...world.ledger.entries('row/')], [])
  assert.equal(world.run.startEpoch, 2)
})

test('a seat is one agent’s, however often it asks', () => {
  const world = worldOfShortRuns()
  assert.equal(world.act('0', SEAT).code, 'already-seated')
  world.act('3', SEAT)
  assert.equal(world.act('3', SEAT).code, 'already-seated')
  assert.equal(world.act('4', LEAVE).code, 'not-seated')
  assert.equal(world.act('4', { kind: 'seat', subnet: 'elsewhere' }).code, 'unknown-instance')
  assert.equal(world.run.joining[0], agentOf('3'))
})
