import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clause, hasQuorum, TOKEN_MICRO } from '@commonweal/protocol'
import { agentOf, COMMONS, LedgerWorld } from '@commonweal/protocol/testing'
import { collateral, FEE_MICRO, totalCatches, wealthOf } from './harvest.ts'

const SHORT_RUNS = { contract: 'none', repeat: true, params: { rounds: 1 } }

describe('sybil identities', () => {
  it('have the votes of their stake together, however it is split', () => {
    const world = new LedgerWorld({ seated: 0 })
    for (const name of ['a', 'b', 'c', 'd']) {
      const amountMicro = 20n * TOKEN_MICRO + FEE_MICRO
      world.act('4', { kind: 'transfer', to: agentOf(name), amountMicro })
      world.act(name, { kind: 'bond', amountMicro: 20n * TOKEN_MICRO })
    }
    world.act('4', { kind: 'unbond', amountMicro: 80n * TOKEN_MICRO })
    world.advance('negotiate', 2)
    const total = world.head.validators.reduce((sum, { stakeMicro }) => sum + stakeMicro, 0n)
    const honest = 400n * TOKEN_MICRO
    assert.equal(total - honest, 100n * TOKEN_MICRO)
    assert.equal(world.head.validators.length, 9)
    assert.equal(hasQuorum(honest, total), true)
  })

  it('share the faucet’s limit of an epoch', () => {
    const world = new LedgerWorld()
    const names = Array.from({ length: 20 }, (_, index) => `sybil ${index}`)
    for (const name of names) world.execute([world.sign(name, { kind: 'faucet' }).envelope])
    const funded = names.filter((name) => world.account(name).balanceMicro > 0n)
    assert.equal(funded.length, 2)
  })

  it('stated gain: a second seat has a second share of an open commons, for a seat bond that comes back', () => {
    const world = new LedgerWorld({ agents: 6, seated: 5, instance: SHORT_RUNS })
    const before = wealthOf(world, '5')
    world.act('5', { kind: 'seat', subnet: COMMONS })
    world.playRound(world.run.seats.map(() => 20n))
    assert.equal(world.run.seats.length, 6)
    world.events.length = 0
    // All ask for their share of a hundred; agents 4 and 5 are one person.
    world.playRound(world.run.seats.map(() => 16n))
    const catches = totalCatches(world)
    assert.equal((catches[4] ?? 0) + (catches[5] ?? 0), 32)
    world.act('5', { kind: 'leave', subnet: COMMONS })
    world.playRound(world.run.seats.map(() => null))
    assert.equal(world.run.seats.length, 5)
    const fees = before - wealthOf(world, '5')
    assert.equal(fees % FEE_MICRO, 0n, 'nothing is lost but fees')
  })

  it('do not make a law that treats the others worse: eight names of ten cannot vote the two to zero', () => {
    const world = new LedgerWorld({ agents: 10 })
    const zero: Clause = {
      at: 'submission',
      when: 'self < 2',
      then: { primitive: 'override', action: '0' },
    }
    const tax: Clause = {
      at: 'submission',
      when: 'self < 2',
      then: { primitive: 'transfer', to: '9', amount: '90000000' },
    }
    const terms = world.terms({
      law: { clauses: [zero, tax] },
      ...collateral(world, 100n * TOKEN_MICRO),
    })
    const sybils = ['2', '3', '4', '5', '6', '7', '8', '9']
    assert.equal(world.act('2', world.agreement(terms, sybils)).code, 'ok')
    world.playRound(world.run.seats.map(() => 5n))
    assert.deepEqual(
      totalCatches(world),
      world.run.seats.map(() => 5),
    )
    assert.equal(world.account('0').balanceMicro, world.account('3').balanceMicro)
  })

  it('are no more than the seats of the instance', () => {
    const world = new LedgerWorld({
      agents: 5,
      seated: 1,
      instance: { ...SHORT_RUNS, seatCountMax: 3 },
    })
    const codes = ['1', '2', '3', '4'].map(
      (name) => world.act(name, { kind: 'seat', subnet: COMMONS }).code,
    )
    assert.deepEqual(codes, ['ok', 'ok', 'seats-full', 'seats-full'])
  })
})
