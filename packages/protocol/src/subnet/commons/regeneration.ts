import type { Digest } from '../../codec/digest.ts'
import { present } from '../../invariant.ts'
import { createStream } from '../randomness.ts'
import type { RoundRandomness } from '../subnet.ts'
import type { CommonsParams, HysteresisRegeneration } from './params.ts'
import type { Regime } from './state.ts'

/** The rate r_t of this round in percent, drawn in every round, the last and a collapse included. [COM-6] */
export function drawRatePercent(
  params: CommonsParams,
  regime: Regime,
  randomness: RoundRandomness,
): number {
  const { regeneration } = params
  switch (regeneration.mode) {
    case 'deterministic':
      return regeneration.ratePercent
    case 'iid':
      return pickRate(regeneration.ratesPercent, randomness.beacon)
    case 'private-signal':
      return pickRate(
        regeneration.ratesPercent,
        present(randomness.signal, 'a commons with a private signal is given one'),
      )
    case 'hysteresis':
      return regime === 'healthy' ? regeneration.healthyPercent : regeneration.degradedPercent
  }
}

/**
 * The rate that the signal announces to agents before they harvest: the one that the round will have. [COM-7]
 *
 * `undefined` where the commons has no private signal, or its signal is not there yet.
 */
export function signalRate(params: CommonsParams, signal: Digest | null): number | undefined {
  const { regeneration } = params
  if (regeneration.mode !== 'private-signal' || signal === null) return undefined
  return pickRate(regeneration.ratesPercent, signal)
}

/** ⌊min(K, S·r)⌋. [COM-6] */
export function regenerate(stock: number, ratePercent: number, capacity: number): number {
  return Math.min(capacity, Math.floor((stock * ratePercent) / 100))
}

/**
 * The regime after a round: one draw, with M the exact mean over the rounds of the window, this one included. [COM-8]
 *
 * Shape   recentCatches: 1 … windowRounds totals.
 */
export function nextRegime(
  regime: Regime,
  rule: HysteresisRegeneration,
  recentCatches: readonly number[],
  beacon: Digest,
): Regime {
  const chance = computeSwitchChance(regime, rule, recentCatches)
  const isSwitched =
    createStream(beacon, 'regeneration').below(chance.denominator) < chance.numerator
  if (!isSwitched) return regime
  return regime === 'healthy' ? 'degraded' : 'healthy'
}

/** A probability as a quotient of integers; a numerator beyond the denominator is certainty. */
export interface Chance {
  readonly numerator: number
  readonly denominator: number
}

/** How likely the regime is to change. With k rounds that sum to C, M ≥ a is C ≥ a·k: no division is needed. [COM-8] */
export function computeSwitchChance(
  regime: Regime,
  rule: HysteresisRegeneration,
  recentCatches: readonly number[],
): Chance {
  const count = recentCatches.length
  let sum = 0
  for (const total of recentCatches) sum += total
  if (regime === 'degraded') {
    const mayRecover = sum < rule.recoverBelow * count
    return { numerator: mayRecover ? rule.recoverChancePercent : 0, denominator: 100 }
  }
  const excess = sum - rule.degradeAt * count
  if (excess < 0) return { numerator: 0, denominator: 100 }
  // chance/100 + (excess/count)/scale over the common denominator 100·scale·count
  return {
    numerator: rule.degradeChancePercent * rule.degradeScale * count + 100 * excess,
    denominator: 100 * rule.degradeScale * count,
  }
}

function pickRate(ratesPercent: readonly number[], digest: Digest): number {
  const index = createStream(digest, 'regeneration').below(ratesPercent.length)
  return present(ratesPercent[index], 'a draw is below the number of rates')
}
