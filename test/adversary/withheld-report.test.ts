import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TOKEN_MICRO } from '@commonweal/protocol'
import type { ForecastWorld } from '@commonweal/protocol/testing'
import { createRandom } from '../random.ts'
import { createMarket, meanInterval, outcomeIs, weightOf, worthOf } from './forecaster.ts'

const SEEDS = 200
const MINE = ['4', '5'] as const

interface Situation {
  readonly outcome: 0 | 1
  /** What everybody believes, right on average; the others say it with some noise. */
  readonly beliefBps: number
  readonly others: Readonly<Record<string, number>>
}

function situationOf(seed: number): Situation {
  const random = createRandom(`withheld/${seed}`)
  const beliefBps = 1_000 + random(8_001)
  const outcome = random(10_000) < beliefBps ? 0 : 1
  const names = ['0', '1', '2', '3']
  const others = names.map((name) => {
    const bps = beliefBps - 900 + random(1_801)
    return [name, Math.min(9_900, Math.max(100, bps))] as const
  })
  return { outcome, beliefBps, others: Object.fromEntries(others) }
}

/** Both names seal opposite extremes; when it is known what came true, the better one is opened. */
function attack({ outcome, others }: Situation, statementBondMicro: bigint): ForecastWorld {
  const world = createMarket({ forecast: { ...RULES, statementBondMicro } })
  const [low, high] = outcome === 0 ? [null, 9_900] : [100, null]
  world.playQuestion({ ...others, [MINE[0]]: low, [MINE[1]]: high }, outcomeIs(outcome))
  return world
}

function honest({ outcome, beliefBps, others }: Situation): ForecastWorld {
  const world = createMarket({ forecast: RULES })
  const said = { [MINE[0]]: beliefBps, [MINE[1]]: beliefBps }
  world.playQuestion({ ...others, ...said }, outcomeIs(outcome))
  return world
}

const RULES = {
  schedule: { epochMicro: 60n * TOKEN_MICRO, halvingEpochs: 1_000 },
  houseWeightMicro: 100n * TOKEN_MICRO,
}

describe('seal two reports and open the better one', () => {
  const situations = Array.from({ length: SEEDS }, (_, seed) => situationOf(seed))
  const plain = situations.map(honest)

  it('loses tokens, with the bond and without', () => {
    for (const [bondMicro, mostTokens] of [
      [TOKEN_MICRO, -45],
      [0n, -44],
    ] as const) {
      const gains = situations.map((situation, index) => {
        const world = attack(situation, bondMicro)
        return worthOf(world, MINE) - worthOf(plain[index] ?? world, MINE)
      })
      const [low, high] = meanInterval(gains)
      assert.ok(high < mostTokens, `${low} … ${high}`)
      assert.ok(gains.every((gain) => gain < 0n))
    }
  })

  it('loses weight on the whole: what is withheld counts like the worst', () => {
    const gains = situations.map((situation, index) => {
      const world = attack(situation, 0n)
      return weightOf(world, MINE) - weightOf(plain[index] ?? world, MINE)
    })
    const [low, high] = meanInterval(gains)
    assert.ok(high < -25, `${low} … ${high}`)
  })
})
