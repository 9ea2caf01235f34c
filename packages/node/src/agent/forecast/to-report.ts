import { invariant, type Report, reportFloorBps, WHOLE_BPS } from '@commonweal/protocol'

/**
 * Probabilities as a report that the network takes: each clipped to the floor and rounded; what the sum then misses is taken
 * from, or given to, the most probable outcome, and the next where that would fall below the floor.
 */
export function toReport(probabilities: readonly number[]): Report {
  invariant(
    probabilities.every(
      (probability) => probability >= 0 && probability <= Number.MAX_SAFE_INTEGER,
    ),
    'a probability is a number from 0 up',
  )
  const floorBps = reportFloorBps(probabilities.length)
  const report = probabilities.map((probability) =>
    Math.max(floorBps, Math.round(probability * WHOLE_BPS)),
  )
  let surplusBps = report.reduce((sum, bps) => sum + bps, 0) - WHOLE_BPS
  while (surplusBps !== 0) {
    const greatest = report.indexOf(Math.max(...report))
    const bps = report[greatest] ?? 0
    const takenBps = Math.min(surplusBps, bps - floorBps)
    report[greatest] = bps - takenBps
    surplusBps -= takenBps
  }
  return report
}

/** The probabilities that a report or a reference gives. Nothing is clipped: a report has a floor above 0. */
export function probabilitiesOf(report: Report): readonly number[] {
  return report.map((bps) => bps / WHOLE_BPS)
}
