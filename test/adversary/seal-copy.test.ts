import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO } from '@commonweal/protocol'
import { COMMONS, LedgerWorld } from '@commonweal/protocol/testing'
import { catchesByRound } from './harvest.ts'

/** Agent 4 copies the seal of agent 0, hoping to copy its action as well when that is opened. */
function copy(): LedgerWorld {
  const world = new LedgerWorld({ instance: { contract: 'none' } })
  world.advance('seal')
  world.act('0', world.sealOf('0', 12n))
  world.act('4', world.sealOf('0', 12n))
  world.advance('reveal')
  world.act('0', world.revealOf('0', 12n))
  return world
}

describe('copy a seal', () => {
  it('opens with nothing: its author is in the digest', () => {
    const world = copy()
    assert.equal(world.act('4', world.revealOf('0', 12n)).code, 'wrong-reveal')
    assert.equal(world.act('4', world.revealOf('4', 12n)).code, 'wrong-reveal')
  })

  it('costs the seal bond and leaves who was copied alone', () => {
    const world = copy()
    const before = world.account('4').balanceMicro
    world.advance('negotiate', 2)
    assert.deepEqual(catchesByRound(world), [[12, 0, 0, 0, 0]])
    assert.equal(world.account('4').balanceMicro, before)
    const slashed = world.events.flatMap((event) =>
      event.kind === 'slashed' ? [[event.offence, event.amountMicro]] : [],
    )
    assert.deepEqual(slashed, [['seal-not-revealed', 10n * TOKEN_MICRO]])
  })

  it('does not work across epochs either: a seal of one opens in no other', () => {
    const world = new LedgerWorld({ instance: { contract: 'none' } })
    world.advance('seal')
    const old = { seal: world.sealOf('0', 12n), reveal: world.revealOf('0', 12n) }
    world.act('0', old.seal)
    world.advance('reveal')
    world.act('0', old.reveal)
    world.advance('seal', 2)
    assert.equal(old.seal.kind === 'seal' && old.seal.subnet, COMMONS)
    world.act('4', old.seal)
    world.act('0', old.seal)
    world.advance('reveal')
    assert.equal(world.act('0', old.reveal).code, 'wrong-reveal')
    assert.equal(world.act('4', old.reveal).code, 'wrong-reveal')
  })
})
