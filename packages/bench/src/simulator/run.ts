import { ConservationChecker } from './checker/conservation.ts'
import { World } from './engine/world.ts'
import type { WorldOptions } from './engine/world-options.ts'
import { createConsensusNetwork } from './network/consensus-network.ts'
import { replicaWorld } from './network/replica-request.ts'
import { faultyStake } from './plan/plan.ts'
import { mayLeaveOut, planOf, type RequestedPlan } from './plan/request-plan.ts'
import type { RunRequest, RunResult } from './request.ts'

/** Runs what a request names, to its end. The same request gives the same result. [SIM-5] */
export function runRequest(request: RunRequest, isTraceKept = false): RunResult {
  const requested = planOf(request)
  const { plan } = requested
  const report = new World({
    plan,
    ...worldOf(request, requested),
    checkers: [new ConservationChecker()],
    isTraceKept,
  }).run()
  const { faulty, total } = faultyStake(plan)
  const isForkPossible = faulty * 3n >= total
  const failures = report.failures.filter(
    // With a third of the stake faulty nothing but accountability is promised.
    ({ property }) => !isForkPossible || property === 'accountability',
  )
  return {
    request,
    traceDigest: report.traceDigest,
    eventCount: report.eventCount,
    failures,
    forkCount: report.forks.length,
    convictedCount: report.convicted.length,
    heightMax: Math.max(...report.heights.map((height) => height ?? 0)),
    epochMax: Math.max(...report.epochs.map((epoch) => epoch ?? 0)),
    viewsAfterHealing: report.viewsAfterHealing,
    virtualMs: report.endedAtMs,
    lines: report.lines,
  }
}

function worldOf(
  request: RunRequest,
  { plan, leaderOrder }: RequestedPlan,
): Pick<WorldOptions, 'network' | 'workload' | 'onEffect' | 'isDone'> {
  if (request.process === 'replica') return replicaWorld(plan)
  const network = createConsensusNetwork({
    name: plan.seed,
    stakesMicro: plan.stakesMicro,
    mayLeaveOut: mayLeaveOut(plan),
    leaderOrder,
    epochHeightsMax: request.isTiny ? 2 : 6,
  })
  return { network }
}
