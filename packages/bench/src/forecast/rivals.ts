import { scoreQuestion } from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import { binaryReport } from './to-report.ts'

/** One agent on a question with two outcomes, among peers who all report the same. */
export interface PaySituation {
  /** What it says about the first outcome. */
  readonly report: number
  /** What each of the others says. */
  readonly peers: number
  /** Its part of all that is at stake; the peers hold as much each. */
  readonly share: number
}

/** A way to pay for a forecast when the first outcome came true, or the second. Units are its own. */
export interface PayRule {
  readonly name: string
  pay(situation: PaySituation, firstCameTrue: boolean): number
}

const SOFTMAX_RATE = 5
const WEIGHT_TOTAL_MICRO = 1_000_000_000_000_000

/** The network's own rule: the change of weight, computed with its integers. */
const weightedScore: PayRule = {
  name: 'weighted score',
  pay({ report, peers, share }, firstCameTrue) {
    const names = Math.round(1 / share)
    const weightMicro = BigInt(Math.round(WEIGHT_TOTAL_MICRO / names))
    const reporters = Array.from({ length: names }, (_, index) => ({
      agent: agentNamed(`peer-${index}`),
      weightMicro,
      reports: [binaryReport(index === 0 ? report : peers)],
    }))
    const scored = scoreQuestion({
      outcomeCount: 2,
      outcomeIndex: firstCameTrue ? 0 : 1,
      snapshotWeightsBps: [10_000],
      house: null,
      reporters,
    })
    const own = scored.reporters.find(({ agent }) => agent === agentNamed('peer-0'))
    return Number((own?.weightMicro ?? weightMicro) - weightMicro) / Number(weightMicro)
  },
}

/** Pays the wealth of a bettor that stakes everything on its forecast against the pool. */
const kellyWealth: PayRule = {
  name: 'Kelly wealth',
  pay(situation, firstCameTrue) {
    const { own, others } = given(situation, firstCameTrue)
    return own / (situation.share * own + (1 - situation.share) * others)
  },
}

/** Pays the public score where it is positive. */
const positiveKelly: PayRule = {
  name: 'max(0, K)',
  pay(situation, firstCameTrue) {
    const { own, others } = given(situation, firstCameTrue)
    // (s − s̄)/(1 − π) with s̄ = π·s + (1 − π)·s_others.
    return Math.max(0, Math.log(own) - Math.log(others))
  },
}

/** Divides a pot by a softmax of the log scores. */
const softmax: PayRule = {
  name: 'softmax(5·score)',
  pay(situation, firstCameTrue) {
    const { own, others } = given(situation, firstCameTrue)
    const mine = own ** SOFTMAX_RATE
    return mine / (mine + (1 / situation.share - 1) * others ** SOFTMAX_RATE)
  },
}

/** Scores the middle between the report and the peers, "so that nobody risks too much". */
const halfKelly: PayRule = {
  name: 'half-Kelly by the protocol',
  pay(situation, firstCameTrue) {
    const { own, others } = given(situation, firstCameTrue)
    return Math.log((own + others) / 2)
  },
}

/** The rule and its rivals, which are here to be measured only. */
export const payRules: readonly PayRule[] = [
  weightedScore,
  kellyWealth,
  positiveKelly,
  softmax,
  halfKelly,
]

/** What one and what the others gave to the outcome that came true. */
function given(
  { report, peers }: PaySituation,
  firstCameTrue: boolean,
): { readonly own: number; readonly others: number } {
  return firstCameTrue ? { own: report, others: peers } : { own: 1 - report, others: 1 - peers }
}
