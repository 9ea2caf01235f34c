import type { Cid } from '../../codec/cid.ts'
import type { Digest } from '../../codec/digest.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { compareBigint, sumBigint } from '../../integer.ts'
import { invariant, present } from '../../invariant.ts'
import { accounts } from '../../ledger/account.ts'
import { adjust, closeHold, holdStake } from '../../ledger/money.ts'
import { settleAssertion } from '../../resolution/assertion.ts'
import { flippingBudgetMicro } from '../../resolution/flipping-budget.ts'
import { drawJury, type Juror } from '../../resolution/jury-draw.ts'
import { atRiskMicro, type SettledJuror, settleJuries } from '../../resolution/jury-settle.ts'
import { type JurorVerdict, tallyVerdicts } from '../../resolution/jury-tally.ts'
import type { Work } from '../work.ts'
import { weightOn } from './lock.ts'
import {
  assertionHoldId,
  type Dispute,
  enterStage,
  entriesOf,
  finish,
  isAwake,
  type Jury,
  pools,
  questionOf,
  questions,
  rulesOf,
  type SeatedJuror,
  verdictHoldId,
} from './market.ts'

/**
 * Notes who may sit in the juries that are drawn when this epoch ends, before anybody opens a share of its beacon: whoever
 * opens the last one knows what will be drawn, and would choose among juries by what it bonds or disputes. [FOR-11]
 *
 * One roll for all disputes: bonds are many, and so may be disputes.
 */
export function callJurors(work: Work): void {
  const waiting = [...questions.entries(work.ledger)].flatMap(([id, { stage }]) =>
    stage.at === 'disputed' ? [{ id, stage }] : [],
  )
  if (waiting.length === 0) return
  for (const { agent, stakeMicro } of bondedAgents(work)) pools.put(work, agent, { stakeMicro })
  for (const { id, stage } of waiting) {
    enterStage(work, id, { ...stage, excluded: [...interestedAgents(work, id)] }, null)
  }
}

/** Draws the jury of every dispute that waits for one; where too few may sit, the question is void. [RES-7] [RES-8] */
export function drawJuries(
  work: Work,
  { height, beacon }: { readonly height: number; readonly beacon: Digest },
): void {
  let roll: readonly Juror[] = [...pools.entries(work.ledger)].map(([agent, { stakeMicro }]) => {
    return { agent, stakeMicro }
  })
  for (const { agent } of roll) pools.delete(work, agent)
  for (const [id, { stage }] of questions.entries(work.ledger)) {
    if (stage.at !== 'disputed' || stage.excluded === null) continue
    const { at: _, excluded, ...dispute } = stage
    const round = dispute.juries.length + 1
    const size = present(rulesOf(work).jurySizes[round - 1], 'there is a round left')
    const eligible = eligibleJurors(work, roll, { ...dispute, excluded, round })
    const drawn = drawJury({ eligible, size, beacon, question: id, round })
    if (drawn === 'too-few') {
      conclude(work, id, dispute, null, height)
      continue
    }
    const called = new Map(eligible.map((juror) => [juror.agent, juror]))
    const jurors = drawn.map((agent) => present(called.get(agent), 'who is drawn was called'))
    const jury = jurors.map((juror) =>
      seat(work, verdictHoldId(id, round, juror.agent), juror, round),
    )
    work.events.push({ kind: 'jury-drawn', question: id, round, jurors: drawn })
    const juries = [...dispute.juries, jury]
    const dueHeight = height + rulesOf(work).juryHeightsMax
    enterStage(work, id, { at: 'jury', step: 'seal', ...dispute, juries }, dueHeight)
    roll = withoutRisk(roll, jurors, round)
  }
}

/** What one jury holds is not there for the next: who sits in several stays a validator too. [FOR-11] */
function withoutRisk(
  roll: readonly Juror[],
  jurors: readonly Juror[],
  round: number,
): readonly Juror[] {
  const risks = new Map(
    jurors.map(({ agent, stakeMicro }) => [agent, atRiskMicro(stakeMicro, round)]),
  )
  return roll.map(({ agent, stakeMicro }) => ({
    agent,
    stakeMicro: stakeMicro - (risks.get(agent) ?? 0n),
  }))
}

/**
 * Holds what a juror has at risk out of the stake with which it was called, whether or not it has unbonded since: whoever
 * could leave for nothing between the call and the draw would make juries fail for nothing. [FOR-11]
 *
 * Only where slashing has left less than is at risk the seat stays empty. Nobody else is drawn for it, or one would choose
 * among juries by what one loses.
 */
function seat(
  work: Work,
  holdId: string,
  { agent, stakeMicro }: Juror,
  round: number,
): SeatedJuror {
  const hold = { owner: agent, purpose: 'verdict', subnet: '' } as const
  const amountMicro = atRiskMicro(stakeMicro, round)
  if (holdStake(work, holdId, { ...hold, amountMicro })) {
    return { agent, stakeMicro, seal: null, verdict: null }
  }
  holdStake(work, holdId, { ...hold, amountMicro: 0n })
  return { agent, stakeMicro: 0n, seal: null, verdict: null }
}

/** Of those who were called, who has enough to lose and, for all the ledger knows, nothing to win by either outcome. [RES-7] */
function eligibleJurors(
  work: Work,
  roll: readonly Juror[],
  {
    asserter,
    disputer,
    excluded,
    round,
  }: Pick<Dispute, 'asserter' | 'disputer'> & {
    readonly excluded: readonly AgentId[]
    readonly round: number
  },
): readonly Juror[] {
  const out = new Set([asserter, disputer, ...excluded])
  return roll.filter(
    ({ agent, stakeMicro }) => !out.has(agent) && staysValidator(work, stakeMicro, round),
  )
}

/** Who has a bond to lose, in any round, and is not out of the validator set for good. */
function bondedAgents(work: Pick<Work, 'ledger' | 'context'>): readonly Juror[] {
  return [...accounts.entries(work.ledger)].flatMap(([agent, { bondMicro, ejected }]) =>
    !ejected && staysValidator(work, bondMicro, 1) ? [{ agent, stakeMicro: bondMicro }] : [],
  )
}

/** Whether enough of a bond is left to validate with when what a jury of this round puts at risk is taken out. */
function staysValidator(
  { context }: Pick<Work, 'context'>,
  bondMicro: bigint,
  round: number,
): boolean {
  const { validatorBondMinMicro } = context.genesis.consensus
  return bondMicro - atRiskMicro(bondMicro, round) >= validatorBondMinMicro
}

/** Who holds more of the weight awake on a question than a juror may. [RES-7] */
function interestedAgents(work: Work, id: Cid): ReadonlySet<AgentId> {
  // Weight that is late, or risks nothing, does not count: under another name it would make one's own part small for free.
  const awake = entriesOf(work.ledger, id)
    .filter(({ entry }) => isAwake(entry))
    .map(({ agent, entry }) => ({ agent, weightMicro: weightOn(work.ledger, agent, entry) }))
  const totalMicro = sumBigint(awake.map(({ weightMicro }) => weightMicro))
  const limit = BigInt(rulesOf(work).juryWeightBpsMax)
  return new Set(
    awake
      .filter(({ weightMicro }) => weightMicro * 10_000n > totalMicro * limit)
      .map(({ agent }) => agent),
  )
}

/**
 * Notes of a question that juries may answer what flipping it costs, when nothing is sealed on it any more: what it moves and
 * pays is bounded by that. Later, who knows that it lost would bond a little under a few names, and make the bound nothing. [RES-11]
 *
 * @param bonded those of {@link bondedAgents}, of whom the ledger before any stage ended in this block knows.
 */
export function noteBudget(work: Work, id: Cid, bonded: () => readonly Juror[]): void {
  const question = questionOf(work.ledger, id)
  if (question.resolver.kind !== 'schelling') return
  const interested = interestedAgents(work, id)
  const stakes = bonded()
    .filter(({ agent }) => !interested.has(agent))
    .map(({ stakeMicro }) => stakeMicro)
  // Two of them may assert and dispute, and so leave a jury that could just be filled too small: void, for a tenth of a bond.
  const budgetMicro = flippingBudgetMicro(stakes.slice(0, -2), rulesOf(work).jurySizes)
  questions.put(work, id, { ...question, budgetMicro })
}

/** Everybody who may be a juror of some question, those with the smallest bonds first; asked once a block at most. */
export function bondedOnce(work: Pick<Work, 'ledger' | 'context'>): () => readonly Juror[] {
  const { ledger, context } = work
  let bonded: readonly Juror[] | undefined
  return () => {
    bonded ??= bondedAgents({ ledger, context }).toSorted((a, b) =>
      compareBigint(a.stakeMicro, b.stakeMicro),
    )
    return bonded
  }
}

/** A jury's time to seal, or to open, is over. [RES-8] */
export function endJuryStep(work: Work, id: Cid, height: number): void {
  const { stage } = questionOf(work.ledger, id)
  invariant(stage.at === 'jury', 'a jury sits')
  const { at: _, step, ...dispute } = stage
  const jury = present(dispute.juries.at(-1), 'a jury sits')
  if (step === 'seal' && jury.some(({ seal }) => seal !== null)) {
    const dueHeight = height + rulesOf(work).juryHeightsMax
    enterStage(work, id, { ...stage, step: 'reveal' }, dueHeight)
    return
  }
  tally(work, id, dispute, height)
}

function tally(work: Work, id: Cid, dispute: Dispute, height: number): void {
  const { outcomes } = questionOf(work.ledger, id)
  const round = dispute.juries.length
  const jury = present(dispute.juries.at(-1), 'a jury sat')
  const result = tallyVerdicts(jury.length, verdictsOf(jury), outcomes.length)
  const outcome = result.kind === 'decided' ? result.outcome : null
  work.events.push({ kind: 'jury-tallied', question: id, round, result: result.kind, outcome })
  if (outcome === null && round < rulesOf(work).jurySizes.length) {
    enterStage(work, id, { at: 'disputed', excluded: null, ...dispute }, null)
  } else {
    conclude(work, id, dispute, outcome, height)
  }
}

/** The end of a dispute: jurors and both sides get what is theirs. [RES-6] [RES-10] */
function conclude(
  work: Work,
  id: Cid,
  dispute: Dispute,
  outcome: number | null,
  height: number,
): void {
  const jurors = payJurors(work, id, dispute, outcome)
  const bondMicro = closeHold(work, assertionHoldId(id, 'asserter'), { kind: 'burned' })
  closeHold(work, assertionHoldId(id, 'disputer'), { kind: 'burned' })
  const { asserter, disputer, outcome: asserted, disputedOutcome: disputed } = dispute
  const settled = settleAssertion({ bondMicro, asserted, disputed, outcome })
  // What is not burned in the end comes out of there again.
  adjust(work, { kind: 'burned' }, settled.burnedMicro - 2n * bondMicro)
  adjust(work, { kind: 'balance', agent: asserter }, settled.asserterMicro)
  adjust(work, { kind: 'balance', agent: disputer }, settled.disputerMicro)
  const { asserterMicro, disputerMicro } = settled
  work.events.push({
    kind: 'dispute-settled',
    question: id,
    outcome,
    asserterMicro,
    disputerMicro,
    jurors,
  })
  finish(work, id, outcome, height)
}

function payJurors(
  work: Work,
  id: Cid,
  { juries }: Dispute,
  outcome: number | null,
): readonly SettledJuror[] {
  for (const [index, jury] of juries.entries()) {
    for (const { agent } of jury) {
      closeHold(work, verdictHoldId(id, index + 1, agent), { kind: 'bond', agent })
    }
  }
  const outcomeCount = questionOf(work.ledger, id).outcomes.length
  const settled = settleJuries({
    juries: juries.map((jury) => ({ jurors: jury, verdicts: verdictsOf(jury) })),
    outcome,
    outcomeCount,
  })
  for (const { agent, lostMicro, gainedMicro } of settled.jurors) {
    adjust(work, { kind: 'bond', agent }, gainedMicro - lostMicro)
    if (lostMicro === 0n) continue
    const offence = 'incoherent-verdict' as const
    work.events.push({ kind: 'slashed', agent, offence, amountMicro: lostMicro })
  }
  adjust(work, { kind: 'burned' }, settled.burnedMicro)
  return settled.jurors
}

function verdictsOf(jury: Jury): readonly JurorVerdict[] {
  return jury.flatMap(({ agent, verdict }) =>
    verdict === null ? [] : [{ juror: agent, outcome: verdict }],
  )
}
