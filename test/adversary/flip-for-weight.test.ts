import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { createMarket, settle, worthOf } from './forecaster.ts'

/** Each has 100 tokens of weight: what they said of the first outcome, in basis points. */
const SAID = { '0': 9_900, '1': 9_000, '2': 7_000, '3': 5_000, '4': 1_000, '5': 100 }
const NAMES = Object.keys(SAID)
/** Two of three jurors decide, with ten tokens at risk each. */
const BUDGET_MICRO = 20n * TOKEN_MICRO
const ASSERTER = '6'
const DUST = ['7', '8']

/** What the six have in the end if this outcome is final, or none. */
function worths(outcome: 0 | 1 | null, after: (world: ForecastWorld) => void = () => {}) {
  const world = createMarket({ agents: 14, forecast: { jurySizes: [3] } })
  const acts = DUST.map(
    (name) => [name, { kind: 'unbond', amountMicro: 100n * TOKEN_MICRO }] as const,
  )
  world.block(...acts)
  const id = world.ask(0, { resolver: { kind: 'schelling' } })
  world.advanceTo(world.question(id).openHeight - 1)
  const said = Object.entries(SAID)
  world.block(
    ...said.map(([name, bps]) => [name, world.sealStatement(name, id, reporting(bps))] as const),
  )
  world.advanceToStage(id, 'revealing')
  world.block(
    ...said.map(([name, bps]) => [name, world.openStatement(name, id, reporting(bps))] as const),
  )
  after(world)
  world.advanceTo(world.question(id).resolveHeight - 1)
  if (outcome !== null) world.act(ASSERTER, { kind: 'assert', question: id, outcome })
  settle(world, id)
  assert.equal(world.lastEvent('question-settled').outcome, outcome)
  return new Map(NAMES.map((name) => [name, worthOf(world, [name])]))
}

/** The most that any set of them has more with the one than with the other. */
function greatestGain(
  flipped: ReadonlyMap<string, bigint>,
  came: ReadonlyMap<string, bigint>,
): bigint {
  return NAMES.map((name) => (flipped.get(name) ?? 0n) - (came.get(name) ?? 0n))
    .filter((gain) => gain > 0n)
    .reduce((sum, gain) => sum + gain, 0n)
}

describe('flip a question because of the weight that it moves', () => {
  const [first, second, none] = ([0, 1, null] as const).map((outcome) => worths(outcome))
  assert.ok(first !== undefined && second !== undefined && none !== undefined)

  it('is worth less than what the jurors risk who flip it, to any set of reporters', () => {
    for (const gain of [greatestGain(second, first), greatestGain(first, second)]) {
      assert.ok(gain > TOKEN_MICRO && 4n * gain < 3n * BUDGET_MICRO, `${gain}`)
    }
  })

  it('and so is to make it void', () => {
    for (const came of [first, second]) {
      assert.ok(4n * greatestGain(none, came) < 3n * BUDGET_MICRO)
    }
  })

  it('costs who was wrong as much, whatever it bonds under other names once it knows', () => {
    const dusty = worths(0, (world) => {
      world.block(...DUST.map((name) => [name, { kind: 'bond', amountMicro: 1n }] as const))
    })
    assert.deepEqual(dusty, first)
  })
})
