import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAREFUL, type JurorModel } from '../jury-world.ts'
import { type LieResult, liars, measureLiar } from './lying-asserter.ts'

const OPTIONS = { seed: 'liars', worldCount: 400 }

const lie = (watched: number | null, jurors: JurorModel = CAREFUL, agentCount = 60): LieResult =>
  measureLiar({ name: 'liar', watched, jurors, agentCount }, OPTIONS)

describe('who bonds for the wrong outcome', () => {
  it('by asserting it loses, if it is disputed at least every other time', () => {
    for (const watched of [0.5, 0.9, 1]) {
      const { net, opponent } = lie(watched)
      assert.ok(net.hi < 0 && opponent.lo > 0, `disputed with chance ${watched}`)
    }
  })

  it('by asserting it gains, if it is disputed one time in five, which is a known limit', () => {
    const { net, breakEven } = lie(0.2)
    assert.ok(net.lo > 0 && breakEven !== null && breakEven < 20)
  })

  it('by disputing the right one loses its bond, and loses where jurors are divided too', () => {
    const { net, opponent, flipped, breakEven } = lie(null)
    assert.deepEqual([flipped, net.hi, opponent.lo, breakEven], [0, -50, 25, null])
    const divided = lie(null, { presence: 0.95, accuracy: 0.6 })
    assert.ok(divided.voided > 0 && divided.net.hi < 0)
  })

  it('by disputing makes a question void for a tenth of its bond where no jury can be filled, and it may be worth nothing there', () => {
    const { voided, net, opponent, breakEven } = lie(null, CAREFUL, 6)
    assert.deepEqual([voided, net.mean, opponent.mean, breakEven], [1, -5, -5, 10])
  })

  it('has a name of its own in every measurement', () => {
    assert.equal(new Set(liars.map(({ name }) => name)).size, liars.length)
  })
})
