import {
  type AgentId,
  atRiskMicro,
  type Juror,
  type SeatedJury,
  settleAssertion,
  settleJuries,
} from '@commonweal/protocol'
import { bootstrapMean, type Interval } from '../../statistics/bootstrap.ts'
import {
  BOND_MICRO,
  CAREFUL,
  createJuryWorld,
  type JuriesPlayed,
  type JuryWorld,
  OUTCOME_COUNT,
  playJuries,
  RIGHT,
  uniform,
  verdictOf,
  WRONG,
  worthOfEnd,
} from '../jury-world.ts'

/**
 * What is promised for a wrong verdict, in parts of what the juror has at risk: that, what the right verdict would have gained
 * (at most 7/13 where everybody opens and 65 % are right), and a little.
 */
const PROMISE = 1.6

export interface Bribery {
  /** Chance that a juror to whom it is promised believes and takes it; each on its own. */
  readonly believing: number
  /** What the briber can pay at most, in parts of what the question is worth. It shows this, and promises no more. */
  readonly budget: number
  /** What the question is worth to the briber, in parts of the most that the rules allow. */
  readonly worth: number
  /** In so many rounds it promises anything: one that gives up early owes less where it fails. */
  readonly rounds: number
}

/** What came of it; money as a part of what the question is worth. */
export interface BribeResult extends Bribery {
  readonly flipped: number
  readonly voided: number
  /** Worth of the ends: 1 for a flipped question, half for a void one. */
  readonly gain: Interval
  /** Bribes paid, and what the briber's own bond lost, which is below 0 where it won the other's half. */
  readonly bribes: Interval
  readonly bond: Interval
  readonly net: Interval
  /** What taking the bribe brought a juror on average beyond being right, in parts of what it had at risk; NaN if none did. */
  readonly temptation: number
}

interface Played {
  readonly outcome: number | null
  readonly gain: number
  readonly bribes: number
  readonly bond: number
  readonly temptations: readonly number[]
}

interface Promised {
  readonly agent: AgentId
  readonly round: number
  readonly riskMicro: number
}

/**
 * The p + ε attack. The briber asserts the wrong outcome, an honest agent disputes it, and in every round the briber promises each
 * juror, those with the least at risk first, p + ε for a verdict for the wrong outcome: to be paid where that does not win, and
 * nothing where it does. After its last round it gives up. Jurors who do not take it are those of `CAREFUL`.
 */
export function measureBribedJury(
  bribery: Bribery,
  options: { readonly seed: string; readonly worldCount: number },
): BribeResult {
  const runs = Array.from({ length: options.worldCount }, (_, index) =>
    playBribery(createJuryWorld(`${options.seed}/${index}`), bribery),
  )
  const { believing, budget, worth, rounds } = bribery
  const label = `${options.seed}/bribed-jury/${believing}/${budget}/${worth}/${rounds}`
  const part = (end: number | null): number =>
    runs.filter(({ outcome }) => outcome === end).length / runs.length
  const interval = (name: string, of: (run: Played) => number): Interval =>
    bootstrapMean(runs.map(of), `${label}/${name}`)
  return {
    ...bribery,
    flipped: part(WRONG),
    voided: part(null),
    gain: interval('gain', ({ gain }) => gain),
    bribes: interval('bribes', ({ bribes }) => bribes),
    bond: interval('bond', ({ bond }) => bond),
    net: interval('net', ({ gain, bribes, bond }) => gain - bribes - bond),
    temptation: mean(runs.flatMap(({ temptations }) => temptations)),
  }
}

function playBribery(world: JuryWorld, bribery: Bribery): Played {
  const { believing, budget, worth, rounds } = bribery
  const worthMicro = Number(world.worthMaxMicro) * worth
  let leftMicro = worthMicro * budget
  const promised: Promised[] = []
  const played = playJuries(world, (jurors, round) => {
    const verdicts = new Map(
      jurors.map(({ agent }) => [agent, verdictOf(world.random, CAREFUL)] as const),
    )
    const asked = round <= rounds ? jurors.toSorted(bySmallestStake) : []
    for (const { agent, stakeMicro } of asked) {
      const riskMicro = Number(atRiskMicro(stakeMicro, round))
      const takes = uniform(world.random) < believing
      // Who is away cannot be bribed.
      if (!takes || verdicts.get(agent) === null || riskMicro * PROMISE > leftMicro) continue
      leftMicro -= riskMicro * PROMISE
      promised.push({ agent, round, riskMicro })
      verdicts.set(agent, WRONG)
    }
    return verdicts
  })
  const { outcome } = played
  const bribesMicro = promised.reduce((sum, { riskMicro }) => sum + riskMicro * PROMISE, 0)
  const { asserterMicro } = settleAssertion({
    bondMicro: BOND_MICRO,
    asserted: WRONG,
    disputed: RIGHT,
    outcome,
  })
  return {
    outcome,
    gain: worthOfEnd(outcome),
    bribes: outcome === WRONG ? 0 : bribesMicro / worthMicro,
    bond: Number(BOND_MICRO - asserterMicro) / worthMicro,
    temptations: promised.map((promise) => temptationOf(played, promise)),
  }
}

/** What the bribe brought its taker, beyond what the right verdict would have brought it when all else is the same. */
function temptationOf({ juries, outcome }: JuriesPlayed, promise: Promised): number {
  const { agent, round, riskMicro } = promise
  const turned = juries.map((jury, index) =>
    index !== round - 1
      ? jury
      : {
          ...jury,
          verdicts: jury.verdicts.map((own) =>
            own.juror === agent ? { juror: agent, outcome: RIGHT } : own,
          ),
        },
  )
  const net = (all: readonly SeatedJury[]): number => {
    const { jurors } = settleJuries({ juries: all, outcome, outcomeCount: OUTCOME_COUNT })
    const own = jurors.find((juror) => juror.agent === agent)
    return own === undefined ? 0 : Number(own.gainedMicro - own.lostMicro)
  }
  const bribeMicro = outcome === WRONG ? 0 : riskMicro * PROMISE
  return (net(juries) + bribeMicro - net(turned)) / riskMicro
}

function bySmallestStake(a: Juror, b: Juror): number {
  return Number(a.stakeMicro - b.stakeMicro)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * Enough to see where the rules hold and where not. A budget of 4 and a worth of 14 is the same purse as 56 and 1: so much more
 * could be won if the bound were what the last jury has at risk.
 */
export const briberies: readonly Bribery[] = [
  ...[2, 8, 56].flatMap((budget) =>
    [0.3, 0.5, 0.6, 0.7, 0.9].map((believing) => ({ believing, budget, worth: 1, rounds: 3 })),
  ),
  ...[1, 2].flatMap((rounds) =>
    [0.5, 0.6, 0.7, 0.8, 0.9].map((believing) => ({ believing, budget: 56, worth: 1, rounds })),
  ),
  ...[0.3, 0.5, 0.6, 0.7].map((believing) => ({ believing, budget: 4, worth: 14, rounds: 3 })),
]
