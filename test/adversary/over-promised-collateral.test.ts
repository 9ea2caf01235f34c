import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO } from '@commonweal/protocol'
import { agentOf, LedgerWorld } from '@commonweal/protocol/testing'
import { FEE_MICRO, wealthOf } from './harvest.ts'

const ALL = ['0', '1', '2', '3', '4']

/** Two waters with the same five seats. */
function createWorld(): LedgerWorld {
  const water = { kind: 'commons', seats: ALL.map((name) => agentOf(name)), params: {} }
  const instances = [
    { id: 'commons', ...water },
    { id: 'lake', ...water },
  ]
  return new LedgerWorld({ genesis: { instances } })
}

/** Everybody puts up one token, agent 4 puts up 900. */
const PROMISED = ALL.map((name) => (name === '4' ? 900n : 1n) * TOKEN_MICRO)

describe('promise the same collateral twice', () => {
  it('the first agreement has it, the second fails, and who promised pays and is named', () => {
    const world = createWorld()
    const commons = world.terms({ collateralMicro: PROMISED })
    const lake = world.terms({ collateralMicro: PROMISED, subnet: 'lake' })
    assert.equal(world.act('0', world.agreement(commons, ALL)).code, 'ok')
    const before = ALL.map((name) => wealthOf(world, name))
    const receipt = world.act('0', world.agreement(lake, ALL))
    assert.equal(receipt.code, 'cannot-fund-agreement')
    assert.equal(receipt.facts['agent'], agentOf('4'))
    assert.deepEqual(
      ALL.map((name, index) => (before[index] ?? 0n) - wealthOf(world, name)),
      [FEE_MICRO, 0n, 0n, 0n, TOKEN_MICRO / 10n],
    )
  })

  it('within one instance a second promise for the same round is not even looked at', () => {
    const world = createWorld()
    const first = world.terms({ collateralMicro: PROMISED, rounds: [2, 3] })
    const second = world.terms({ collateralMicro: PROMISED, rounds: [3, 4] })
    world.act('0', world.agreement(first, ALL))
    assert.equal(world.act('0', world.agreement(second, ALL)).code, 'already-bound')
    assert.equal(world.account('4').bondMicro, 100n * TOKEN_MICRO)
  })

  it('custody never holds more than was there: what the ledger counts stays what was issued less what was burned', () => {
    const world = createWorld()
    for (const subnet of ['commons', 'lake']) {
      const terms = world.terms({ collateralMicro: ALL.map(() => 600n * TOKEN_MICRO), subnet })
      world.act('0', world.agreement(terms, ALL))
    }
    const held = world.standingAll().map(({ lawState }) => lawState?.collateralMicro)
    assert.deepEqual(held, [ALL.map(() => 600n * TOKEN_MICRO)])
  })
})
