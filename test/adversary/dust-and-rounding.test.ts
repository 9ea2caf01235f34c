import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  dividedLocks,
  divideLock,
  type Holding,
  type LedgerAttack,
  lockChurn,
  streamGames,
} from '@commonweal/bench/attacks'
import { present } from '@commonweal/protocol'

interface Run {
  readonly made: Holding
  readonly honest: Holding
}

/** The same attack in many worlds. */
function runsOf(attack: LedgerAttack, worldCount = 8): readonly Run[] {
  return Array.from({ length: worldCount }, (_, index) => attack.play(`dust/${index}`))
}

function gameNamed(name: string): LedgerAttack {
  return present(
    streamGames.find((game) => game.name === name),
    `there is a game ${name}`,
  )
}

describe('split a lock into dust', () => {
  for (const lock of dividedLocks.filter(({ mostMicro }) => mostMicro > 40)) {
    it(`rounds against every name: ${lock.name}`, () => {
      for (const { made, honest } of runsOf(divideLock(lock))) {
        const lostMicro = honest.weightMicro - made.weightMicro
        assert.ok(lostMicro >= 0n && lostMicro <= 40n, `${lostMicro}`)
        assert.ok(made.tokensMicro < honest.tokensMicro)
        assert.ok(made.feesMicro > honest.feesMicro)
      }
    })
  }

  it('of one micro-unit each sits out: nothing is won or lost, nothing earned', () => {
    const [lock] = dividedLocks
    assert.ok(lock !== undefined && lock.mostMicro === 40)
    for (const { made, honest } of runsOf(divideLock(lock))) {
      assert.equal(made.weightMicro, 40n)
      // What one name of forty would have won or lost is less than half of it.
      assert.ok(honest.weightMicro > 20n && honest.weightMicro < 60n)
      assert.ok(made.tokensMicro <= honest.tokensMicro)
    }
  })
})

describe('split a stream into dust', () => {
  it('brings its receivers no more than one name would get, and what does not pass on stays where it was', () => {
    const divided = ['supplier’s part over 32 of its names', 'customer’s payment to 32 names']
    const [supplier, customer] = divided.map((name) => runsOf(gameNamed(name), 16))
    assert.ok(supplier !== undefined && customer !== undefined)
    const gains = supplier.map(({ made, honest }) => made.tokensMicro - honest.tokensMicro)
    assert.ok(gains.every((gain) => gain <= 0n))
    assert.ok(
      gains.some((gain) => gain < 0n),
      'some emission is small enough',
    )
    // A customer gains what its suppliers lose: less than ten micro-tokens for each of them.
    for (const [index, { made, honest }] of customer.entries()) {
      const gain = made.tokensMicro - honest.tokensMicro
      assert.equal(gain, -(gains[index] ?? 0n))
      assert.ok(gain < 320n)
    }
  })

  it('and a cycle between two names brings them what they have without it, to the last micro-unit', () => {
    for (const { made, honest } of runsOf(gameNamed('cycle of two own names'))) {
      assert.equal(made.tokensMicro, honest.tokensMicro)
      assert.equal(made.othersMicro, honest.othersMicro)
    }
  })

  it('and a cycle beside what is owed passes on more, not less', () => {
    for (const { made, honest } of runsOf(gameNamed('cycle of two own names, a tenth is owed'))) {
      assert.ok(made.tokensMicro <= honest.tokensMicro)
    }
  })
})

describe('open and close a lock of a few micro-tokens over and over', () => {
  it('costs fees, and nothing else happens', () => {
    for (const { made, honest } of runsOf(lockChurn, 3)) {
      assert.deepEqual({ ...made, feesMicro: 0n }, { ...honest, feesMicro: 0n })
      assert.ok(made.feesMicro > 0n && honest.feesMicro === 0n)
    }
  })
})
