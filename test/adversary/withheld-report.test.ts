import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type LedgerAttack,
  type LedgerGain,
  measureLedgerGain,
  withheldReport,
  withholdings,
} from '@commonweal/bench/attacks'
import { TOKEN_MICRO } from '@commonweal/protocol'

const WORLDS = { seed: 'withheld', worldCount: 40 }

function gainOf(attack: LedgerAttack): LedgerGain {
  return measureLedgerGain(attack, WORLDS)
}

describe('keep a sealed report back', () => {
  for (const withholding of withholdings) {
    it(`loses tokens and weight, to the gain of the others: ${withholding.name}`, () => {
      const { tokens, weight, harm } = gainOf(withheldReport(withholding))
      assert.ok(tokens.hi < 0, `tokens at most ${tokens.hi}`)
      assert.ok(weight.hi < 0, `weight at most ${weight.hi}`)
      assert.ok(harm.hi < 0, `the others lose at most ${harm.hi}`)
    })
  }

  for (const withholding of withholdings.filter(({ name }) => name.startsWith('seals'))) {
    it(`loses in every world, with the bond and without: ${withholding.name}`, () => {
      for (const bondMicro of [TOKEN_MICRO, 0n]) {
        const attack = withheldReport(withholding, bondMicro)
        for (let world = 0; world < 20; world += 1) {
          const { made, honest } = attack.play(`${WORLDS.seed}/${world}`)
          assert.ok(made.tokensMicro < honest.tokensMicro, `world ${world}`)
        }
      }
    })
  }

  it('costs a bond for each name that opens nothing, and weight all the same without', () => {
    const [never] = withholdings.filter(({ name }) => name === 'opens nothing')
    assert.ok(never !== undefined)
    const [bonded, bare] = [withheldReport(never), withheldReport(never, 0n)].map(gainOf)
    assert.ok(bonded !== undefined && bare !== undefined)
    assert.equal(bare.weight.mean, bonded.weight.mean)
    assert.equal(Math.round(bare.tokens.mean - bonded.tokens.mean), 2 * Number(TOKEN_MICRO))
    assert.ok(bare.tokens.hi < 0)
  })
})
