import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO } from '@commonweal/protocol'
import type { ForecastWorld } from '@commonweal/protocol/testing'
import { createRandom } from '../random.ts'
import { createMarket, meanInterval, outcomeIs, weightOf, worthOf } from './forecaster.ts'

const SEEDS = 60
const QUESTIONS = 4
const LOW = '4'
const HIGH = '5'
const MINE = [LOW, HIGH]
const LOCK_MICRO = 100n * TOKEN_MICRO
/** A coin that everybody takes for fair. */
const OTHERS = { '0': 5_000, '1': 5_000, '2': 5_000, '3': 5_000 }

/** What the attacker put into locks after each question, so that an honest twin can do the same. */
interface Played {
  readonly world: ForecastWorld
  readonly addedMicro: readonly bigint[]
}

function outcomesOf(seed: number): readonly (0 | 1)[] {
  const random = createRandom(`reopened/${seed}`)
  return Array.from({ length: QUESTIONS }, () => (random(2) === 0 ? 0 : 1))
}

/** Opposite extremes; whoever lost is closed and opened again, as large as before. */
function attack(outcomes: readonly (0 | 1)[]): Played {
  const world = createMarket()
  const addedMicro = outcomes.map((outcome) => {
    world.playQuestion({ ...OTHERS, [LOW]: 100, [HIGH]: 9_900 }, outcomeIs(outcome))
    let added = 0n
    for (const name of MINE) {
      const { weightMicro } = world.lock(name)
      if (weightMicro >= LOCK_MICRO) continue
      assert.equal(world.codeOf(name, { kind: 'close-lock' }), 'ok')
      assert.equal(world.codeOf(name, { kind: 'lock', amountMicro: LOCK_MICRO }), 'ok')
      added += LOCK_MICRO - weightMicro
    }
    return added
  })
  return { world: unbonded(world), addedMicro }
}

/** Says what it believes, and locks as many tokens more. */
function honest(outcomes: readonly (0 | 1)[], addedMicro: readonly bigint[]): ForecastWorld {
  const world = createMarket()
  for (const [index, outcome] of outcomes.entries()) {
    world.playQuestion({ ...OTHERS, [LOW]: 5_000, [HIGH]: 5_000 }, outcomeIs(outcome))
    const amountMicro = addedMicro[index] ?? 0n
    if (amountMicro > 0n) world.act(LOW, { kind: 'lock', amountMicro })
  }
  return unbonded(world)
}

/** Until all that was closed is paid out. */
function unbonded(world: ForecastWorld): ForecastWorld {
  for (let epoch = 0; epoch < 4; epoch += 1) world.endEpoch()
  return world
}

/** Tokens, and weight at par. */
function tokensAndWeight(world: ForecastWorld): bigint {
  const tokens = MINE.reduce((sum, name) => sum + world.account(name).balanceMicro, 0n)
  return tokens + weightOf(world, MINE)
}

describe('withdraw the name that lost, and open it again', () => {
  const runs = Array.from({ length: SEEDS }, (_, seed) => {
    const attacked = attack(outcomesOf(seed))
    return { attacked, plain: honest(outcomesOf(seed), attacked.addedMicro) }
  })

  it('gains nothing in tokens and weight, even where weight that was won counts like tokens', () => {
    const gains = runs.map(
      ({ attacked, plain }) => tokensAndWeight(attacked.world) - tokensAndWeight(plain),
    )
    const [low, high] = meanInterval(gains)
    assert.ok(high < -120, `${low} … ${high}`)
  })

  it('loses in tokens alone every time: what was lost is burned', () => {
    for (const { attacked, plain } of runs) {
      assert.ok(worthOf(attacked.world, MINE) < worthOf(plain, MINE))
    }
  })

  it('would have gained if losses came back with the lock', () => {
    const gains = runs.map(({ attacked, plain }) => {
      const burned = attacked.addedMicro.reduce((sum, added) => sum + added, 0n)
      return tokensAndWeight(attacked.world) + burned - tokensAndWeight(plain)
    })
    const [low, high] = meanInterval(gains)
    assert.ok(low > 1, `${low} … ${high}`)
  })
})
