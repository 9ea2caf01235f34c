import { measureEpochSpeed } from '../epoch-speed.ts'
import { growthOf, measureForecastSpeed, measureSignatureCheck } from '../speed.ts'
import type { Measured } from './section.ts'

/** Agents and questions of an epoch that is settled at once. */
const EPOCHS: readonly (readonly [agentCount: number, questionCount: number])[] = [
  [10, 10],
  [100, 1],
  [100, 10],
  [1_000, 1],
]

/** A report comes with two signed transactions: its seal, and what opens it. */
const CHECKS_WITH_REPORT = 2

/** How fast questions are settled and pay flows, how that grows, and what it is beside the signatures that came with it. */
export function speedSection(): Measured {
  const checkMs = measureSignatureCheck()
  const speeds = [10, 100, 1_000].map((count) => measureForecastSpeed(count, checkMs))
  const growth = growthOf(speeds)
  const epochs = EPOCHS.map(([agentCount, questionCount]) => {
    const speed = measureEpochSpeed(agentCount, questionCount)
    return { ...speed, checksPerReport: speed.settleMs / checkMs / (agentCount * questionCount) }
  })
  return {
    figures: { signatureChecksPerSecond: 1_000 / checkMs, speeds, growth, epochs },
    lines: [
      `Speed, beside ${(1_000 / checkMs).toFixed(0)} Ed25519 signature checks a second of a node in the same run`,
      ...speeds.map(
        (speed) =>
          `  ${String(speed.agentCount).padStart(5)} agents   ${speed.questionsPerSecond.toFixed(0).padStart(6)} questions/s` +
          `   flow ${speed.flowMs.toFixed(2).padStart(7)} ms, ${speed.edgeCount} edges × ${speed.waveCount} waves,` +
          ` ${speed.nsPerEdgeAndWave.toFixed(0)} ns each`,
      ),
      ...growth.map(
        ({ fromAgents, toAgents, question, flow }) =>
          `  from ${fromAgents} to ${toAgents} agents: a question takes × ${question.toFixed(1)}, the flow × ${flow.toFixed(1)};` +
          ` agents to the power ${exponent(question, toAgents / fromAgents)} and ${exponent(flow, toAgents / fromAgents)}`,
      ),
      ...speeds.map(
        ({ agentCount, checksPerQuestion, checksPerReport }) =>
          `  ${String(agentCount).padStart(5)} agents   a question costs ${checksPerQuestion.toFixed(2)} signature checks;` +
          ` a report ${checksPerReport.toFixed(4)}, ${percentOf(checksPerReport)} of the two that it came with`,
      ),
      ...epochs.map(
        ({ agentCount, questionCount, settleMs, checksPerReport }) =>
          `  ${String(agentCount).padStart(5)} agents   last block of an epoch with ${String(questionCount).padStart(2)} questions ${settleMs.toFixed(1).padStart(6)} ms;` +
          ` a report ${checksPerReport.toFixed(2)} signature checks, ${percentOf(checksPerReport)} of its two`,
      ),
    ],
  }
}

function exponent(factor: number, agentsFactor: number): string {
  return (Math.log(factor) / Math.log(agentsFactor)).toFixed(2)
}

function percentOf(checks: number): string {
  return `${((100 * checks) / CHECKS_WITH_REPORT).toFixed(1)} %`
}
