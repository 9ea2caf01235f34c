import { encode } from '../../codec/cbor.ts'
import type { Cid } from '../../codec/cid.ts'
import { type Digest, digestOf } from '../../codec/digest.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { present } from '../../invariant.ts'
import { ignore, ok, type Result } from '../../result.ts'
import { headOf } from '../head.ts'
import type { TransactionOf, Work } from '../work.ts'
import { endJuryStep } from './jury.ts'
import {
  enterStage,
  findInStage,
  findRules,
  type Jury,
  type MarketCode,
  type Question,
  type SeatedJuror,
  type Stage,
} from './market.ts'

export type VerdictCode =
  | MarketCode
  | 'not-a-juror'
  | 'wrong-step'
  | 'already-sealed'
  | 'not-sealed'
  | 'already-revealed'
  | 'wrong-reveal'
  | 'unknown-outcome'

/** The digest that a juror seals; its author and the round are in it, so that it cannot be copied or used again. [RES-8] */
export function verdictDigest(of: {
  readonly author: AgentId
  readonly question: Cid
  /** From 1. */
  readonly round: number
  readonly outcome: number
  readonly salt: Uint8Array
}): Digest {
  const { author, question, round, outcome, salt } = of
  return digestOf(encode(['verdict', author, question, round, outcome, salt]))
}

/** Commits to a verdict. When all have, they may be opened. [RES-8] */
export function applySealVerdict(
  work: Work,
  tx: TransactionOf<'seal-verdict'>,
): Result<void, VerdictCode> {
  const found = findSeat(work, tx, 'seal')
  if (!found.ok) return found
  if (found.value.juror.seal !== null) return ignore('already-sealed')
  changeJuror(
    work,
    tx,
    found.value,
    { seal: tx.digest },
    (one) => one.seal !== null || isEmpty(one),
  )
  return ok(undefined)
}

/** Opens a verdict. When all that were sealed are open, they are counted. [RES-8] */
export function applyRevealVerdict(
  work: Work,
  tx: TransactionOf<'reveal-verdict'>,
): Result<void, VerdictCode> {
  const found = findSeat(work, tx, 'reveal')
  if (!found.ok) return found
  const { juror, question, stage } = found.value
  if (juror.seal === null) return ignore('not-sealed')
  if (juror.verdict !== null) return ignore('already-revealed')
  const digest = verdictDigest({ ...tx, round: stage.juries.length })
  if (digest !== juror.seal) return ignore('wrong-reveal', { given: digest })
  if (tx.outcome >= question.outcomes.length)
    return ignore('unknown-outcome', { given: tx.outcome })
  changeJuror(
    work,
    tx,
    found.value,
    { verdict: tx.outcome },
    ({ seal, verdict }) => seal === null || verdict !== null,
  )
  return ok(undefined)
}

type JuryStage = Extract<Stage, { readonly at: 'jury' }>

interface Seat {
  readonly question: Question
  readonly stage: JuryStage
  readonly jury: Jury
  readonly juror: SeatedJuror
}

function findSeat(
  work: Work,
  { question: id, author }: TransactionOf<'seal-verdict' | 'reveal-verdict'>,
  step: JuryStage['step'],
): Result<Seat, VerdictCode> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const found = findInStage(work.ledger, id, 'jury')
  if (!found.ok) return found
  const { question, stage } = found.value
  const jury = present(stage.juries.at(-1), 'a jury sits')
  const juror = jury.find(({ agent }) => agent === author)
  if (juror === undefined || isEmpty(juror)) return ignore('not-a-juror')
  if (stage.step !== step) return ignore('wrong-step', { step: stage.step, wanted: step })
  return ok({ question, stage, jury, juror })
}

/** A seat of one that could not put anything at risk. [FOR-11] */
function isEmpty({ stakeMicro }: SeatedJuror): boolean {
  return stakeMicro === 0n
}

/** Notes what a juror did; where all have done as much, the step is over. */
function changeJuror(
  work: Work,
  { question: id, author }: TransactionOf<'seal-verdict' | 'reveal-verdict'>,
  { question, stage, jury }: Seat,
  change: Partial<SeatedJuror>,
  hasDone: (juror: SeatedJuror) => boolean,
): void {
  const next = jury.map((juror) => (juror.agent === author ? { ...juror, ...change } : juror))
  const juries = [...stage.juries.slice(0, -1), next]
  enterStage(work, id, { ...stage, juries }, question.dueHeight)
  if (next.every(hasDone)) endJuryStep(work, id, headOf(work.ledger).height + 1)
}
