import { isFaultKind, isWireKind } from '@commonweal/node/adversary'
import { present } from '@commonweal/protocol'
import type { RunPlan } from './run-plan.ts'
import type { Metrics } from './run-result.ts'
import { type ExperimentSeat, nodeFaultOf } from './seat-plan.ts'

/** What the seats that keep the rules have lost of what they would have had if all had kept them; null without an attack. */
export async function surplusLoss(
  seats: readonly ExperimentSeat[],
  payoffs: readonly number[],
  calm: () => Promise<readonly number[]>,
): Promise<Metrics> {
  if (seats.every((seat) => nodeFaultOf(seat) === null)) return {}
  const before = honestSum(seats, await calm())
  const loss = before === 0 ? null : 1 - honestSum(seats, payoffs) / before
  return { 'surplus.loss': loss }
}

function honestSum(seats: readonly ExperimentSeat[], payoffs: readonly number[]): number {
  return seats.reduce((sum, seat, index) => {
    const payoff = present(payoffs[index], 'every seat has a payoff')
    return nodeFaultOf(seat) === null ? sum + payoff : sum
  }, 0)
}

/** The same run if every node kept the rules. */
export function withoutFaults(plan: RunPlan): RunPlan {
  const { condition } = plan
  const adversaries = condition.adversaries.filter(
    ({ kind }) => !isFaultKind(kind) && !isWireKind(kind),
  )
  return { ...plan, condition: { ...condition, adversaries } }
}
