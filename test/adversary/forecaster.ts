import { type Cid, datasetRoot, type QuestionBody, TOKEN_MICRO } from '@commonweal/protocol'
import { type ForecastChoice, ForecastWorld, RECORDS } from '@commonweal/protocol/testing'
import { wealthOf } from './harvest.ts'

/** Six who have locked 100 tokens each beside a house of 100, and earn 60 an epoch; fees are next to nothing. */
export function createMarket(choice: ForecastChoice = {}): ForecastWorld {
  return new ForecastWorld({
    agents: 6,
    feeMicro: 2_000n,
    locksMicro: Array.from({ length: 6 }, () => 100n * TOKEN_MICRO),
    ...choice,
    forecast: {
      schedule: { epochMicro: 60n * TOKEN_MICRO, halvingEpochs: 1_000 },
      houseWeightMicro: 100n * TOKEN_MICRO,
      ...choice.forecast,
    },
  })
}

/** What makes a question come out like this. */
export function outcomeIs(index: 0 | 1): Partial<QuestionBody> {
  const root = datasetRoot(RECORDS)
  return { resolver: { kind: 'dataset', root, index, column: 'outcome' } }
}

/** Everything of these names in tokens: what they hold, and what is left of their locks. */
export function worthOf(world: ForecastWorld, names: readonly string[]): bigint {
  return names.reduce((sum, name) => sum + wealthOf(world, name) + lockWorthOf(world, name), 0n)
}

function lockWorthOf(world: ForecastWorld, name: string): bigint {
  const { lockedMicro, weightMicro } = world.lock(name)
  return lockedMicro < weightMicro ? lockedMicro : weightMicro
}

/** Forecasting weight of these names. */
export function weightOf(world: ForecastWorld, names: readonly string[]): bigint {
  return names.reduce((sum, name) => sum + world.lock(name).weightMicro, 0n)
}

/** What a name kept of the last emission. */
export function paidTo(world: ForecastWorld, name: string): bigint {
  return world
    .lastEvent('emission-settled')
    .nets.filter(({ agent }) => world.nameOf(agent) === name)
    .reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
}

/** Empty blocks until a question has left the ledger. */
export function settle(world: ForecastWorld, question: Cid): void {
  while (world.hasQuestion(question)) world.block()
}

/** Between these two the mean lies, 95 times of 100. In tokens. */
export function meanInterval(valuesMicro: readonly bigint[]): readonly [low: number, high: number] {
  const values = valuesMicro.map((micro) => Number(micro) / Number(TOKEN_MICRO))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const half = 1.96 * Math.sqrt(squares / (values.length - 1) / values.length)
  return [mean - half, mean + half]
}
