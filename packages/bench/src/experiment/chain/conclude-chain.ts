import { computeMetrics, computeTotalCatches, valuePercentOf } from '@commonweal/protocol'
import type { RoundsConfig } from '../../run/rounds-config.ts'
import type { CommonsFacts } from '../rounds/commons-result.ts'
import type { GameFacts } from '../rounds/game-result.ts'
import type { ChainFacts } from './chain-facts.ts'
import { commonsRowSchema, gameRowSchema } from './row-schema.ts'

/** A commons as its chain tells it. */
export function commonsFactsOf(
  { params, seats }: Pick<RoundsConfig, 'params' | 'seats'>,
  chain: ChainFacts,
): CommonsFacts {
  const rows = chain.rows.map((row) => commonsRowSchema.parse(row))
  const catches = computeTotalCatches(seats.length, rows)
  return {
    ...chain,
    rows,
    metrics: computeMetrics(params, seats.length, rows),
    values: catches.map((caught, seat) => (caught * valuePercentOf(params, seat)) / 100),
  }
}

/** A game as its chain tells it. */
export function gameFactsOf(chain: ChainFacts): GameFacts {
  return { ...chain, rows: chain.rows.map((row) => gameRowSchema.parse(row)) }
}
