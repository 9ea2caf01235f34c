import { checkReport } from '@commonweal/protocol'
import type { Answer } from '../agent.ts'
import type { Forecaster, JudgedQuestion } from './forecaster.ts'

/** The verdict of an agent that is drawn into a jury: its own, or what it has seen, or what others said. */
export function judgeAs(
  forecaster: Pick<Forecaster, 'judge' | 'witness'>,
  judged: JudgedQuestion,
): Answer<number | null> {
  if (forecaster.judge !== undefined) return forecaster.judge(judged)
  return forecaster.witness?.saw(judged.question) ?? judgeByStatements(judged)
}

/**
 * The verdict of a juror that cannot look anything up: the outcome to which the statements that are open give most, each
 * author counted once, by its last. Null where nobody reported, or two outcomes lead.
 */
export function judgeByStatements({ question, signals }: JudgedQuestion): number | null {
  const outcomeCount = question.outcomes.length
  const last = new Map(
    signals
      .toSorted((a, b) => a.snapshot - b.snapshot)
      .flatMap(({ author, statement: { report } }) =>
        report === null || !checkReport(report, outcomeCount).ok ? [] : [[author, report] as const],
      ),
  )
  // In basis points: whole numbers, so that a tie is one in whatever order they are added.
  const sums = question.outcomes.map((_, outcome) =>
    [...last.values()].reduce((sum, report) => sum + (report[outcome] ?? 0), 0),
  )
  const most = Math.max(...sums)
  const leader = sums.indexOf(most)
  return most === 0 || sums.lastIndexOf(most) !== leader ? null : leader
}
