import { isFaultKind, isWireKind } from '@commonweal/node/adversary'
import { present } from '@commonweal/protocol'
import type { RunPlan } from './run-plan.ts'
import type { Metrics } from './run-result.ts'
import { type ExperimentSeat, nodeFaultOf } from './seat-plan.ts'

/**
 * What an attack brought the seats that break the protocol, and cost the others, against the same run in which all keep the rules.
 *
 * Result  none where nobody breaks the protocol. Units are those of payoffs; what slashing took is not in them.
 */
export async function deviationMetrics(
  seats: readonly ExperimentSeat[],
  payoffs: readonly number[],
  calm: () => Promise<readonly number[]>,
): Promise<Metrics> {
  const isFaulty = seats.map((seat) => nodeFaultOf(seat) !== null)
  if (!isFaulty.includes(true)) return {}
  const before = await calm()
  const sumOf = (all: readonly number[], faulty: boolean): number =>
    isFaulty.reduce((sum, isOne, index) => {
      return isOne === faulty ? sum + present(all[index], 'every seat has a payoff') : sum
    }, 0)
  const honest = sumOf(before, false)
  return {
    'deviation.gain': sumOf(payoffs, true) - sumOf(before, true),
    'surplus.loss': honest === 0 ? null : 1 - sumOf(payoffs, false) / honest,
  }
}

/** The same run if every node kept the rules. */
export function withoutFaults(plan: RunPlan): RunPlan {
  const { condition } = plan
  const adversaries = condition.adversaries.filter(
    ({ kind }) => !isFaultKind(kind) && !isWireKind(kind),
  )
  return { ...plan, condition: { ...condition, adversaries } }
}
