import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'
import type { Juror } from './jury-draw.ts'
import { findPlurality, type JurorVerdict } from './jury-tally.ts'

/** Juries that a question has at most, each larger than the one before and with more at risk. [RES-9] */
export const JURY_ROUND_COUNT_MAX = 3
const WHOLE_PPM = 1_000_000n
const FIRST_ROUND_PPM = 100_000n

/** A jury that sat, with the stakes that its jurors had when it was drawn. */
export interface SeatedJury {
  readonly jurors: readonly Juror[]
  readonly verdicts: readonly JurorVerdict[]
}

export interface JuriesToSettle {
  /** All that sat, in order; those that decided nothing too. */
  readonly juries: readonly SeatedJury[]
  /** What the last one decided; null where the question is void. */
  readonly outcome: number | null
  readonly outcomeCount: number
}

export interface SettledJuror {
  readonly agent: AgentId
  readonly lostMicro: bigint
  readonly gainedMicro: bigint
}

export interface SettledJuries {
  /** Everybody who sat, by agent id, all rounds together. */
  readonly jurors: readonly SettledJuror[]
  readonly burnedMicro: bigint
}

/** The part of a juror's stake that is at risk in a round, from 1: 10 %, 20 %, 40 %. [RES-9] */
export function atRiskPpm(round: number): bigint {
  invariant(
    Number.isInteger(round) && round >= 1 && round <= JURY_ROUND_COUNT_MAX,
    'rounds are 1 … JURY_ROUND_COUNT_MAX',
  )
  return FIRST_ROUND_PPM << BigInt(round - 1)
}

/** What a juror stands to lose, rounded down. The ledger sets it aside when the jury is drawn. [RES-9] */
export function atRiskMicro(stakeMicro: bigint, round: number): bigint {
  return (stakeMicro * atRiskPpm(round)) / WHOLE_PPM
}

/**
 * Who of all juries of a question loses what is at risk, and who gets it, once the question is final.
 *
 * A verdict of any round is judged by what the last round decided: to vote so that nothing is decided costs what voting wrong
 * costs. In a void question it is judged by what most verdicts of all rounds said, but nobody is paid: who makes a question
 * void gains nothing, and where it is not the greater part of the jurors it pays.
 *
 * Shape   1 … JURY_ROUND_COUNT_MAX juries, or none; distinct jurors in each; verdicts of jurors only, one each.
 * Units   micro-tokens (bigint, ≥ 0n).
 * Formula of each round: pot = Σ at risk of the silent and of those who named another outcome; in (agent id) order
 *         gained_i = ⌊pot · (a_1 + … + a_i)/Σa⌋ − gained_1 − … − gained_(i−1), a: what the coherent had at risk.
 * Result  Σ lost = Σ gained + burned exactly. Whatever the others do, no set of jurors gains, beyond a micro-token each, by
 *         silence or by naming another outcome than the one that is decided; of a void question nobody gains anything.
 * Errors  none.
 * Cost    O(seats · log seats).
 * Source  spec/resolution.md [RES-10] · vectors/resolution.json
 */
export function settleJuries({ juries, outcome, outcomeCount }: JuriesToSettle): SettledJuries {
  const plurality = findPlurality(
    juries.flatMap(({ verdicts }) => verdicts),
    outcomeCount,
  )
  const rounds = juries.map((jury, index) =>
    settleRound(jury, index + 1, { judged: outcome ?? plurality, isPaid: outcome !== null }),
  )
  const seats = Map.groupBy(
    rounds.flatMap(({ jurors }) => jurors),
    ({ agent }) => agent,
  )
  return {
    jurors: [...seats]
      .map(([agent, rows]) => ({
        agent,
        lostMicro: sumBigint(rows.map(({ lostMicro }) => lostMicro)),
        gainedMicro: sumBigint(rows.map(({ gainedMicro }) => gainedMicro)),
      }))
      .toSorted((a, b) => compareAgents(a.agent, b.agent)),
    burnedMicro: sumBigint(rounds.map(({ burnedMicro }) => burnedMicro)),
  }
}

/** `judged` is null where no outcome leads: then whoever opened a verdict keeps all. */
function settleRound(
  { jurors, verdicts }: SeatedJury,
  round: number,
  { judged, isPaid }: { readonly judged: number | null; readonly isPaid: boolean },
): SettledJuries {
  const said = new Map(verdicts.map(({ juror, outcome }) => [juror, outcome]))
  const seated = new Set(jurors.map(({ agent }) => agent))
  invariant(seated.size === jurors.length, 'a juror has one seat')
  invariant(
    said.size === verdicts.length && verdicts.every(({ juror }) => seated.has(juror)),
    'a juror, and nobody else, has one verdict',
  )
  const rows = jurors
    .toSorted((a, b) => compareAgents(a.agent, b.agent))
    .map(({ agent, stakeMicro }) => {
      const verdict = said.get(agent)
      const isCoherent = verdict !== undefined && (judged === null || verdict === judged)
      return { agent, isCoherent, riskMicro: atRiskMicro(stakeMicro, round) }
    })
  const potMicro = riskOf(rows.filter(({ isCoherent }) => !isCoherent))
  const coherentMicro = riskOf(rows.filter(({ isCoherent }) => isCoherent))
  let passedMicro = 0n
  let paidMicro = 0n
  const settled = rows.map(({ agent, isCoherent, riskMicro }) => {
    if (!isCoherent) return { agent, lostMicro: riskMicro, gainedMicro: 0n }
    passedMicro += riskMicro
    const isShared = isPaid && coherentMicro > 0n
    const gainedMicro = isShared ? (potMicro * passedMicro) / coherentMicro - paidMicro : 0n
    paidMicro += gainedMicro
    return { agent, lostMicro: 0n, gainedMicro }
  })
  return { jurors: settled, burnedMicro: potMicro - paidMicro }
}

function riskOf(rows: readonly { readonly riskMicro: bigint }[]): bigint {
  return sumBigint(rows.map(({ riskMicro }) => riskMicro))
}
