import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clause, TOKEN_MICRO, termsCid } from '@commonweal/protocol'
import { LedgerWorld } from '@commonweal/protocol/testing'
import { collateral, drain, totalCatches } from './harvest.ts'

const FOUR = ['0', '1', '2', '3']
const STEADY = [10n, 10n, 10n, 10n, 10n] as const

/** Four of five sign this; three rounds under it. */
function impose(clauses: readonly Clause[], requests: readonly bigint[] = STEADY): LedgerWorld {
  const world = new LedgerWorld()
  const terms = world.terms({
    rounds: [1, 3],
    law: { clauses },
    ...collateral(world, 100n * TOKEN_MICRO),
  })
  assert.equal(world.act('0', world.agreement(terms, FOUR)).code, 'ok')
  for (let round = 0; round < 3; round += 1) world.playRound(requests)
  return world
}

const against = (then: Clause['then'], at: Clause['at'] = 'submission'): Clause => {
  return { at, when: 'self == 4', then }
}

describe('four vote the fifth to zero', () => {
  it('a cap or an override that names the fifth leaves it what the four would have kept in its place', () => {
    for (const then of [
      { primitive: 'cap', limit: '0' },
      { primitive: 'override', action: '0' },
    ] as const) {
      assert.deepEqual(totalCatches(impose([against(then)])), [30, 30, 30, 30, 30])
    }
  })

  it('a tax on the fifth alone is not taken', () => {
    for (const then of [
      { primitive: 'transfer', to: '0', amount: '50000000' },
      { primitive: 'sanction', amount: '50000000' },
      { primitive: 'participationCost', amount: '50000000' },
    ] as const) {
      const world = impose([against(then)])
      assert.equal(world.account('4').balanceMicro, world.account('3').balanceMicro)
    }
  })

  it('a cap that is the same for all is kept by all: the law is not toothless', () => {
    const same: Clause = { at: 'submission', when: 'true', then: { primitive: 'cap', limit: '5' } }
    assert.deepEqual(totalCatches(impose([same], [10n, 10n, 10n, 10n, 100n])), [15, 15, 15, 15, 15])
  })

  it('collateral does not take the fifth’s means to act: it seals, reveals and catches like the others', () => {
    // Fees as honest agents offer them: those of their bytes.
    const world = new LedgerWorld({ feeMicro: 3_000n })
    drain(world, '4', 30n * TOKEN_MICRO)
    const rounds = [1, 12] as const
    const terms = world.terms({ rounds, ...collateral(world, 900n * TOKEN_MICRO) })
    world.act('0', world.agreement(terms, FOUR))
    const taken = world.standing(termsCid(terms)).lawState?.collateralMicro[4] ?? 0n
    assert.ok(taken > 19n * TOKEN_MICRO && taken < 20n * TOKEN_MICRO, `${taken}`)
    for (let round = 0; round < 12; round += 1) world.playRound(STEADY)
    assert.deepEqual(totalCatches(world), [120, 120, 120, 120, 120])
  })
})
