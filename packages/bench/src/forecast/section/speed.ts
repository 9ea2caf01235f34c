import { measureForecastSpeed } from '../speed.ts'
import type { Measured } from './section.ts'

/** How fast questions are settled and pay flows, and how that grows. */
export function speedSection(): Measured {
  const speeds = [10, 100, 1_000].map(measureForecastSpeed)
  return {
    figures: speeds,
    lines: [
      'Speed',
      ...speeds.map(
        (speed) =>
          `  ${String(speed.agentCount).padStart(5)} agents   ${speed.questionsPerSecond.toFixed(0).padStart(6)} questions/s` +
          `   flow ${speed.flowMs.toFixed(2).padStart(7)} ms, ${speed.edgeCount} edges × ${speed.waveCount} waves,` +
          ` ${speed.nsPerEdgeAndWave.toFixed(0)} ns each`,
      ),
    ],
  }
}
