import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { minBigint, sumBigint } from '../integer.ts'
import { invariant, present } from '../invariant.ts'
import { SNAPSHOT_COUNT_MAX } from '../message/forecast.ts'
import { logLoss, WHOLE_BPS } from './log-table.ts'
import { checkReport, type Report, reportFloorBps } from './report.ts'

/** A usefulness of 1. [EMI-3] */
const USEFULNESS_ONE = 1_000_000_000n
/** Nobody's stake counts for more than this part of those awake: 1/5. [EMI-4] */
const CAP_DIVISOR = 5n
/** 1/η: a question moves at most half of a stake. [EMI-4] */
const ETA_INVERSE = 2n

/** What an agent reported in a snapshot: `withheld` where it sealed and did not open, null where it was not awake. */
export type SnapshotReport = Report | 'withheld' | null

/** One agent with a weight, and what it reported in each snapshot. */
export interface Reporter {
  readonly agent: AgentId
  readonly weightMicro: bigint
  readonly reports: readonly SnapshotReport[]
}

/** A question whose outcome is final, and all that its score depends on. */
export interface QuestionToScore {
  readonly outcomeCount: number
  /** Which outcome came true, from 0. */
  readonly outcomeIndex: number
  /** ω_τ of each snapshot, in order; their sum is 10 000. */
  readonly snapshotWeightsBps: readonly number[]
  /** The house reports the reference in every snapshot. Null where the network has none. */
  readonly house: { readonly weightMicro: bigint; readonly reference: Report } | null
  /** Distinct agents, each awake in some snapshot. */
  readonly reporters: readonly Reporter[]
  /** The most that may be at stake in a snapshot, of all together; only where juries may answer. [RES-11] */
  readonly stakeMaxMicro?: bigint
}

export interface ScoredReporter {
  readonly agent: AgentId
  /** Its weight after the question. */
  readonly weightMicro: bigint
  /** Weight that earns for this question, in micro-units times basis points of snapshots: Σ_τ ω_τ (C_τ + ΔW). [EMI-6] */
  readonly earningMicroBps: bigint
}

export interface ScoredQuestion {
  readonly houseMicro: bigint | null
  /** By agent id. */
  readonly reporters: readonly ScoredReporter[]
}

/** A reporter, or the house, while the question is scored. */
interface Row {
  readonly agent: AgentId | null
  readonly weightMicro: bigint
  readonly reports: readonly SnapshotReport[]
  changeMicro: bigint
  /** Σ_τ ω_τ C_τ and Σ_τ ω_τ, over the snapshots in which something of it was at stake. */
  cappedMicroBps: bigint
  stakedBps: bigint
}

/** What came true was given `bps`: 0 at the floor, 10⁹ for certainty. [EMI-3] */
export function usefulness(bps: number, outcomeCount: number): bigint {
  const worst = BigInt(logLoss(reportFloorBps(outcomeCount)))
  return USEFULNESS_ONE - (USEFULNESS_ONE * BigInt(logLoss(bps))) / worst
}

/**
 * Moves forecasting weight from those whose reports were less useful to those whose were more.
 *
 * Shape   1 … SNAPSHOT_COUNT_MAX snapshots; weights above 0; reports that {@link checkReport} admits, or withheld; distinct agents.
 * Units   weights in micro-units (bigint), snapshot weights in basis points.
 * Formula S = Σ_A W; C = min(W, ⌊S/5⌋); W' = C, or ⌊C·M/ΣC⌋ where ΣC is above M = stakeMaxMicro, 0 if less than
 *         2 · snapshots; N = Σ W'; U = Σ W'u;
 *         ΔW = Σ_τ ⌊ω_τ · W' · (u·N − U) / (2 · 10⁴ · 10⁹ · N)⌋, and what rounding leaves to the house or the lowest agent awake.
 * Result  the weights after the question: their sum is that before, and each of an agent stays above 0.
 * Errors  none: the ledger admits only what has this shape.
 * Cost    O(agents · snapshots).
 * Source  spec/emission.md [EMI-3] … [EMI-6] [EMI-15] · Freeman, Pennock, Podimata, Vaughan 2020; Lambert et al. 2008
 */
export function scoreQuestion(question: QuestionToScore): ScoredQuestion {
  const rows = openRows(question)
  for (const index of question.snapshotWeightsBps.keys()) scoreSnapshot(question, rows, index)
  const house = rows.find(({ agent }) => agent === null)
  return {
    houseMicro: house === undefined ? null : house.weightMicro + house.changeMicro,
    reporters: rows.flatMap((row) => (row.agent === null ? [] : [finish(row.agent, row)])),
  }
}

/** The house and then the agents by id, so that the first row awake in a snapshot takes its residue. */
function openRows(question: QuestionToScore): readonly Row[] {
  const { outcomeCount, outcomeIndex, snapshotWeightsBps, house, reporters } = question
  const count = snapshotWeightsBps.length
  invariant(count >= 1 && count <= SNAPSHOT_COUNT_MAX, 'a question has some snapshots')
  invariant(
    snapshotWeightsBps.every((bps) => Number.isSafeInteger(bps) && bps >= 0) &&
      snapshotWeightsBps.reduce((sum, bps) => sum + bps, 0) === WHOLE_BPS,
    'the weights of snapshots are a whole',
  )
  invariant(outcomeIndex >= 0 && outcomeIndex < outcomeCount, 'what came true is an outcome')
  const sorted = reporters.toSorted((a, b) => compareAgents(a.agent, b.agent))
  for (const [index, { agent, weightMicro, reports }] of sorted.entries()) {
    invariant(sorted[index + 1]?.agent !== agent, 'an agent reports once a snapshot')
    invariant(weightMicro > 0n, 'who reports has weight')
    invariant(reports.length === count, 'a reporter has a row of snapshots')
  }
  const houseRow =
    house === null
      ? []
      : [
          {
            agent: null,
            weightMicro: house.weightMicro,
            reports: snapshotWeightsBps.map(() => house.reference),
          },
        ]
  return [...houseRow, ...sorted].map(({ agent, weightMicro, reports }) => ({
    agent,
    weightMicro,
    reports,
    changeMicro: 0n,
    cappedMicroBps: 0n,
    stakedBps: 0n,
  }))
}

function scoreSnapshot(question: QuestionToScore, rows: readonly Row[], index: number): void {
  const { outcomeCount, outcomeIndex, snapshotWeightsBps, stakeMaxMicro } = question
  const omegaBps = BigInt(present(snapshotWeightsBps[index], 'the snapshot is there'))
  const awake = rows.flatMap((row) => {
    const report = row.reports[index] ?? null
    if (report === null) return []
    // [EMI-15] Or one would seal, look at what the others opened, and keep a bad report to itself.
    if (report === 'withheld') return [{ row, useful: 0n }]
    invariant(checkReport(report, outcomeCount).ok, 'a report was checked when it was revealed')
    const bps = present(report[outcomeIndex], 'a report has all outcomes')
    return [{ row, useful: usefulness(bps, outcomeCount) }]
  })
  // [EMI-4] A single pass: what is above the cap sits out.
  const capMicro = sumBigint(awake.map(({ row }) => row.weightMicro)) / CAP_DIVISOR
  const leastMicro = 2n * BigInt(snapshotWeightsBps.length)
  const capped = awake.map((one) => ({
    ...one,
    cappedMicro: minBigint(one.row.weightMicro, capMicro),
  }))
  const allMicro = sumBigint(capped.map(({ cappedMicro }) => cappedMicro))
  // [RES-11] All in the same proportion: what is best to report stays the same, and so it does to split a stake.
  const maxMicro = minBigint(stakeMaxMicro ?? allMicro, allMicro)
  const staked = capped.map((one) => {
    const micro = allMicro === 0n ? 0n : (one.cappedMicro * maxMicro) / allMicro
    return { ...one, stakeMicro: micro < leastMicro ? 0n : micro }
  })
  const totalMicro = sumBigint(staked.map(({ stakeMicro }) => stakeMicro))
  if (totalMicro === 0n) return
  const usefulTotal = sumBigint(staked.map(({ stakeMicro, useful }) => stakeMicro * useful))
  const divisor = ETA_INVERSE * BigInt(WHOLE_BPS) * USEFULNESS_ONE * totalMicro
  let residueMicro = 0n
  for (const { row, useful, cappedMicro, stakeMicro } of staked) {
    if (stakeMicro === 0n) continue
    const numerator = omegaBps * stakeMicro * (useful * totalMicro - usefulTotal)
    const changeMicro = divideDown(numerator, divisor)
    row.changeMicro += changeMicro
    row.cappedMicroBps += omegaBps * cappedMicro
    row.stakedBps += omegaBps
    residueMicro -= changeMicro
  }
  // [EMI-5] What rounding leaves is never lost.
  invariant(residueMicro >= 0n, 'rounding down leaves something or nothing')
  present(awake[0], 'somebody is awake').row.changeMicro += residueMicro
}

function finish(agent: AgentId, row: Row): ScoredReporter {
  const weightMicro = row.weightMicro + row.changeMicro
  // [EMI-6] Linear in the change, so that pay rewards what the score rewards.
  const earningMicroBps = row.cappedMicroBps + row.stakedBps * row.changeMicro
  invariant(weightMicro > 0n && earningMicroBps >= 0n, 'nobody loses all that it has')
  // [EMI-15] Who keeps a report back is paid for none of the question.
  const isPaid = !row.reports.includes('withheld')
  return { agent, weightMicro, earningMicroBps: isPaid ? earningMicroBps : 0n }
}

/** Toward −∞; the divisor is above 0. */
function divideDown(numerator: bigint, divisor: bigint): bigint {
  const quotient = numerator / divisor
  return numerator % divisor < 0n ? quotient - 1n : quotient
}
