import type { SimReport } from './play-sim.ts'
import type { SeatFault } from './sim-network.ts'

/**
 * Why a run says nothing about its agents, whatever they did; null where its network carried it to its end.
 *
 * Throws where the fault is ours.
 */
export function failureOf(report: SimReport, faults: readonly (SeatFault | null)[]): string | null {
  const faultyCount = faults.filter((fault) => fault !== null).length
  const [failure] = report.failures
  // Stakes are equal, and nothing is promised where a third of them is faulty.
  const isForkPossible = faultyCount * 3 >= faults.length
  if (failure !== undefined && failure.property !== 'progress' && !isForkPossible) {
    throw new Error(`${failure.property} at ${failure.atMs} ms: ${failure.sentence}`)
  }
  if (failure !== undefined) return `${failure.property}: ${failure.sentence}`
  if (report.forkCount > 0) return 'the chain has forked'
  if (!report.isEnded) return `no end at ${report.virtualMs} ms, height ${report.heights}`
  return null
}
