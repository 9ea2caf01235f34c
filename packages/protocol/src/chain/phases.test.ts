import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextBeacon } from '../epoch/beacon.ts'
import { TOKEN_MICRO } from '../schema/atoms.ts'
import { agentOf, COMMONS, LedgerWorld, shareOf, type WorldChoice } from '../testing/index.ts'
import { roundNeedMicro } from './run.ts'

const SIGNAL: WorldChoice = {
  instance: { params: { regeneration: { mode: 'private-signal' } }, contract: 'none' },
}

test('a phase ends with the block in which the last one did what it owes', () => {
  const world = new LedgerWorld()
  const pass = { kind: 'pass', subnet: COMMONS } as const
  world.block(['0', pass], ['1', pass], ['2', pass], ['3', pass])
  assert.equal(world.head.phase, 'negotiate')
  world.block(['4', pass])
  assert.deepEqual([world.head.phase, world.head.phaseHeight], ['seal', 3])
})

test('where nobody does anything each phase has its greatest length, and an epoch ends', () => {
  const world = new LedgerWorld()
  world.advance('negotiate', 2)
  const heights = world.events.flatMap((event) => (event.kind === 'phase' ? [event.height] : []))
  // Nobody sealed, so nothing is to be opened: reveal and beacon take one height each.
  assert.deepEqual(heights, [9, 17, 18, 19])
})

test('without anybody seated an epoch has its phases all the same, one height each', () => {
  const world = new LedgerWorld({ seated: 0 })
  world.block()
  assert.equal(world.head.phase, 'seal')
  world.block(
    ...world.validators().map((name) => [name, world.closeShare(name, 'beacon')] as const),
  )
  world.block()
  assert.equal(world.head.phase, 'beacon')
  world.block(...world.validators().map((name) => [name, world.openShare(name, 'beacon')] as const))
  assert.deepEqual([world.head.epoch, world.head.height], [2, 4])
})

test('one agent alone is a network', () => {
  const world = new LedgerWorld({ agents: 1 })
  for (let round = 0; round < 12; round += 1) world.playRound([50n])
  assert.equal(world.run.status, 'ended')
  assert.deepEqual(world.validators(), ['0'])
})

test('the beacon follows from the one before and the shares that were opened, in the order of their authors', () => {
  const world = new LedgerWorld()
  const { beacon } = world.head
  world.passNegotiation()
  world.sealAll([1n, 1n, 1n, 1n, 1n])
  world.revealAll([1n, 1n, 1n, 1n, 1n])
  const [silent, ...open] = world.validators()
  assert.ok(silent !== undefined)
  world.block(...open.map((name) => [name, world.openShare(name, 'beacon')] as const))
  world.advance('negotiate', 2)
  const shares = open.map((name) => shareOf(name, 'beacon', 1))
  assert.equal(world.head.beacon, nextBeacon(beacon, shares))
  assert.equal(world.head.leaderSeed, beacon)
  assert.equal(world.account(silent).bondMicro, 99_900_000n)
})

test('a signal is drawn after the laws are frozen and before anybody acts', () => {
  const world = new LedgerWorld(SIGNAL)
  const { beacon } = world.head
  world.block()
  assert.equal(world.head.phase, 'signal')
  assert.equal(world.head.signal, null)
  world.block(...world.validators().map((name) => [name, world.openShare(name, 'signal')] as const))
  assert.equal(world.head.phase, 'seal')
  const shares = world.validators().map((name) => shareOf(name, 'signal', 1))
  assert.equal(world.head.signal, nextBeacon(beacon, shares))
})

test('a signal share that is not opened costs as much as a beacon share', () => {
  const world = new LedgerWorld(SIGNAL)
  world.advance('seal')
  for (const name of world.validators()) assert.equal(world.account(name).bondMicro, 99_900_000n)
})

test('the seal phase waits for the signal shares of the next epoch', () => {
  const world = new LedgerWorld(SIGNAL)
  world.advance('seal')
  world.sealAll([1n, 1n, 1n, 1n, 1n])
  assert.equal(world.head.phase, 'seal')
  world.block(
    ...world.validators().map((name) => [name, world.closeShare(name, 'signal')] as const),
  )
  assert.equal(world.head.phase, 'reveal')
})

test('while an instance waits for somebody to sit down its signal is prepared, so that it is secret in the first epoch of its run', () => {
  const world = new LedgerWorld({
    seated: 0,
    instance: { ...SIGNAL.instance, repeat: true },
  })
  world.act('0', { kind: 'seat', subnet: COMMONS })
  world.advance('seal')
  const seals = ['beacon', 'signal'] as const
  world.block(
    ...world
      .validators()
      .flatMap((name) => seals.map((purpose) => [name, world.closeShare(name, purpose)] as const)),
  )
  world.advance('negotiate', 2)
  assert.deepEqual(world.seated(), ['0'])
  world.advance('signal')
  world.block(...world.validators().map((name) => [name, world.openShare(name, 'signal')] as const))
  const shares = world.validators().map((name) => shareOf(name, 'signal', 2))
  assert.equal(world.head.signal, nextBeacon(world.head.beacon, shares))
})

test('a seat whose balance cannot cover a round sits out: it owes nothing and counts as absent', () => {
  const world = new LedgerWorld()
  const needMicro = roundNeedMicro(world, world.instance, 1n)
  const spend = (name: string, leftMicro: bigint): void => {
    const { balanceMicro } = world.account(name)
    const amountMicro = balanceMicro - 100_000n - leftMicro
    world.act(name, { kind: 'transfer', to: agentOf('away'), amountMicro })
  }
  spend('3', needMicro)
  spend('4', needMicro - 1n)
  world.advance('negotiate', 2)
  assert.deepEqual(
    world.run.acts.map(({ sitsOut }) => sitsOut),
    [false, false, false, false, true],
  )
  world.block(
    ...['0', '1', '2', '3'].map((name) => [name, { kind: 'pass', subnet: COMMONS }] as const),
  )
  assert.equal(world.head.phase, 'seal', 'nobody waits for one that sits out')
  world.act('away', { kind: 'transfer', to: agentOf('4'), amountMicro: 50n * TOKEN_MICRO })
  assert.equal(world.act('4', world.sealOf('4', 1n)).code, 'sits-out')
  world.advance('negotiate', 3)
  assert.equal(world.run.acts[4]?.sitsOut, false)
})

test('an account as large as all there is goes through an epoch', () => {
  const most = 2n ** 63n - 1n
  const agent = agentOf('0')
  const accounts = [{ agent, name: '', balanceMicro: most - 2n ** 62n, bondMicro: 2n ** 62n }]
  const world = new LedgerWorld({ agents: 1, genesis: { accounts, faucet: null } })
  world.act('0', { kind: 'bond', amountMicro: world.account('0').balanceMicro - 10n ** 12n })
  world.playRound([1n])
  assert.ok(world.head.validators.every(({ stakeMicro }) => stakeMicro > 2n ** 62n))
})

test('[CON-1] who has less than the least bond of a validator is none, and nobody waits for it', () => {
  const consensus = {
    deltaMs: 100,
    blockIntervalMs: 50,
    retryMs: 200,
    viewGapMax: 32,
    validatorCountMax: 16,
    validatorBondMinMicro: TOKEN_MICRO,
  }
  const world = new LedgerWorld({ genesis: { consensus } })
  const outsider = { kind: 'transfer', to: agentOf('dust'), amountMicro: 2n * TOKEN_MICRO } as const
  world.act('0', outsider)
  world.act('dust', { kind: 'bond', amountMicro: TOKEN_MICRO - 1n })
  world.act('1', { kind: 'unbond', amountMicro: 99n * TOKEN_MICRO + 1n })
  world.act('2', { kind: 'unbond', amountMicro: 99n * TOKEN_MICRO })
  world.advance('negotiate', 2)
  const validators = world.head.validators.map((validator) => validator.agent)
  assert.ok(!validators.includes(agentOf('dust')))
  assert.ok(!validators.includes(agentOf('1')))
  assert.ok(validators.includes(agentOf('2')))
})
