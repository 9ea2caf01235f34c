import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AttackCell, type MatrixOptions, measureAttackMatrix } from './deviation-gain.ts'

const SELFISH = { name: 'selfish', weights: [0] }
const CARING = { name: 'caring', weights: [1] }

async function measure(
  options: Partial<MatrixOptions>,
): Promise<(adversary: string) => AttackCell> {
  const cells = await measureAttackMatrix({
    seed: 'test',
    seedCount: 5,
    mixes: [CARING],
    ...options,
  })
  return (adversary) => {
    const found = cells.find((cell) => cell.adversary === adversary)
    assert.ok(found !== undefined)
    return found
  }
}

describe('among four who hold back, without a contract', () => {
  const measured = measure({ contracts: ['none'] })

  it('who exploits them best gains 83 units, as the dynamic programme says, and they lose 44', async () => {
    const { gain, loss, success, rounds } = (await measured)('free-rider')
    assert.deepEqual([gain.mean, loss.mean, success.mean, rounds], [83, 44, 1, 12])
  })

  it('who takes everything at once ruins the others and itself', async () => {
    const { gain, loss, rounds } = (await measured)('hold-out')
    assert.deepEqual([gain.mean, loss.mean, rounds], [-60, 440, 1])
  })

  it('who takes twice its share for twelve rounds gains nothing and costs the others more than half', async () => {
    const { gain, loss } = (await measured)('over-harvester')
    assert.ok(gain.hi < 0)
    assert.ok(loss.lo > 240, `${loss.lo}`)
  })

  it('two who act as one gain, and one owner gains more with two names than with one', async () => {
    assert.ok((await measured)('colluder').gain.lo > 0)
    assert.ok((await measured)('sybil').gain.lo > 0)
  })

  it('a defector behaves: there is nothing to break', async () => {
    const { gain, loss } = (await measured)('defector')
    assert.deepEqual([gain.mean, loss.mean], [0, 0])
  })
})

describe('under words', () => {
  it('a defector is trusted and gains what a free-rider gains', async () => {
    const cell = await measure({ contracts: ['text'], adversaries: ['defector', 'free-rider'] })
    assert.deepEqual(cell('defector').gain, { mean: 83, lo: 83, hi: 83 })
    assert.equal(cell('free-rider').gain.mean, 83)
    assert.equal(cell('defector').contracted, 1)
  })
})

describe('under a law that binds all members', () => {
  const adversaries = ['hold-out', 'free-rider', 'over-harvester', 'defector']

  for (const mix of [SELFISH, CARING]) {
    it(`nobody gains by taking more, among ${mix.name} ones`, async () => {
      const cell = await measure({ contracts: ['law'], adversaries, mixes: [mix] })
      for (const name of adversaries) {
        const { gain, loss, rounds } = cell(name)
        assert.ok(gain.hi <= 1e-9 && loss.hi <= 1e-9, `${name}: ${gain.hi}, ${loss.hi}`)
        assert.equal(rounds, 12)
      }
    })
  }

  it('a griefer gains nothing, whatever it costs the others', async () => {
    const cell = await measure({ contracts: ['law'], adversaries: ['griefer'], mixes: [SELFISH] })
    assert.ok(cell('griefer').gain.hi <= 1e-9)
  })

  it('two names have two shares, which is a known limit: names are only as dear as seats', async () => {
    const cell = await measure({ contracts: ['law'], adversaries: ['sybil'], seedCount: 2 })
    assert.ok(cell('sybil').gain.lo > 0)
  })

  it('talk about rounds that have a contract changes nothing of this', async () => {
    const options = { contracts: ['law'], adversaries: ['free-rider'], seedCount: 1 } as const
    const short = await measure(options)
    const long = await measure({ ...options, renegotiates: true })
    assert.deepEqual(long('free-rider'), short('free-rider'))
  })
})

describe('among selfish ones, without a contract', () => {
  it('whoever is as greedy as they are gains over holding back, and the commons lasts one round', async () => {
    const cell = await measure({ contracts: ['none'], mixes: [SELFISH], adversaries: ['hold-out'] })
    assert.ok(cell('hold-out').gain.lo > 0)
    assert.equal(cell('hold-out').rounds, 1)
  })
})

describe('the matrix', () => {
  it('is the same for the same seed, and another for another', async () => {
    const options = { contracts: ['none'], mixes: [SELFISH], seedCount: 4 } as const
    const first = await measureAttackMatrix({ ...options, seed: 'a' })
    assert.deepEqual(await measureAttackMatrix({ ...options, seed: 'a' }), first)
    assert.notDeepEqual(await measureAttackMatrix({ ...options, seed: 'b' }), first)
  })

  it('has worlds that differ where values are drawn', async () => {
    const options = { contracts: ['none'], adversaries: ['free-rider'], mixes: [CARING] } as const
    const [cell] = await measureAttackMatrix({ ...options, seed: 'a', values: 'seeded' })
    assert.ok(cell !== undefined && cell.gain.hi > cell.gain.lo)
  })

  it('refuses an adversary that it does not know', async () => {
    await assert.rejects(
      measureAttackMatrix({ seed: 'a', adversaries: ['saint'] }),
      /accepted: hold-out, /,
    )
  })
})
