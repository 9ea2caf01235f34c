import { compare, type Rational, rational, ZERO } from './rational.ts'
import { computeFirstBest, type Profile, type StageGame, welfareOf } from './stage-game.ts'

/**
 * The least λ from which the first best is an equilibrium in every state, without any contract.
 *
 * Formula λ* = max over states, seats and deviations of (gain of the seat)⁺ / (loss of welfare); where several profiles are a
 *         first best, that of the one with the least.
 * Result  exact; null where no weight suffices, since a seat gains and welfare does not lose.
 */
export function computeLambdaThreshold(stages: readonly StageGame[]): Rational | null {
  let threshold: Rational = ZERO
  for (const stage of stages) {
    const candidates = computeFirstBest(stage).profiles.map((best) => thresholdAt(stage, best))
    const known = candidates.filter((candidate) => candidate !== null).toSorted(compare)
    const [least] = known
    if (least === undefined) return null
    if (compare(least, threshold) > 0) threshold = least
  }
  return threshold
}

function thresholdAt(stage: StageGame, best: Profile): Rational | null {
  let threshold: Rational = ZERO
  const payoffs = stage.payoffs(best)
  const welfare = welfareOf(stage, best)
  for (const seat of best.keys()) {
    for (let action = 0; action < stage.actionCount; action++) {
      const deviation = best.with(seat, action)
      const gain = (stage.payoffs(deviation)[seat] ?? 0) - (payoffs[seat] ?? 0)
      if (gain <= 0) continue
      const loss = welfare - welfareOf(stage, deviation)
      if (loss === 0) return null
      const needed = rational(gain, loss)
      if (compare(needed, threshold) > 0) threshold = needed
    }
  }
  return threshold
}
