import { type PayRule, payRules } from './rivals.ts'

/** What an agent believes, and among whom it reports. */
export interface BeliefSituation {
  readonly belief: number
  readonly peers: number
  readonly share: number
}

export interface OptimalReport {
  readonly rule: string
  /** The report with the greatest expected pay, on a grid of .001 from .010 to .990. */
  readonly report: number
  /** Whether that is what the agent believes. */
  readonly truthful: boolean
}

/** A belief of .7 among peers at .6, with a twentieth of all that is at stake. */
export const BELIEF_DEFAULT: BeliefSituation = { belief: 0.7, peers: 0.6, share: 0.05 }

/** The best report under each rule of pay, by trying all. */
export function measureTruthfulness(situation: BeliefSituation): readonly OptimalReport[] {
  return payRules.map((rule) => {
    const report = findOptimalReport(rule, situation)
    return { rule: rule.name, report, truthful: report === situation.belief }
  })
}

/** Expected pay under a belief, for a report. */
export function expectedPay(
  rule: PayRule,
  report: number,
  { belief, peers, share }: BeliefSituation,
): number {
  const situation = { report, peers, share }
  return belief * rule.pay(situation, true) + (1 - belief) * rule.pay(situation, false)
}

function findOptimalReport(rule: PayRule, situation: BeliefSituation): number {
  let best = { report: 0, pay: Number.NEGATIVE_INFINITY }
  for (let thousandths = 10; thousandths <= 990; thousandths++) {
    const report = thousandths / 1_000
    const pay = expectedPay(rule, report, situation)
    if (pay > best.pay) best = { report, pay }
  }
  return best.report
}
