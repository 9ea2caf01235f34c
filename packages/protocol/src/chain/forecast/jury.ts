import type { Cid } from '../../codec/cid.ts'
import type { Digest } from '../../codec/digest.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { sumBigint } from '../../integer.ts'
import { invariant, present } from '../../invariant.ts'
import { accountOf, accounts } from '../../ledger/account.ts'
import { adjust, closeHold, openHold } from '../../ledger/money.ts'
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
  entryKey,
  finish,
  isAwake,
  type Jury,
  poolOf,
  pools,
  type Question,
  questionOf,
  questions,
  rulesOf,
  type SeatedJuror,
  verdictHoldId,
} from './market.ts'

/**
 * Notes who may sit in the juries that are drawn when this epoch ends, before anybody opens a share of its beacon: whoever
 * opens the last one knows what will be drawn, and would choose among juries by what it bonds or disputes. [FOR-11]
 */
export function callJurors(work: Work): void {
  for (const [id, { stage }] of questions.entries(work.ledger)) {
    if (stage.at !== 'disputed') continue
    for (const { agent, stakeMicro } of eligibleJurors(work, id, stage, stage.juries.length + 1)) {
      pools.put(work, entryKey(id, agent), { stakeMicro })
    }
    enterStage(work, id, { ...stage, isCalled: true }, null)
  }
}

/** Draws the jury of every dispute that waits for one; where too few may sit, the question is void. [RES-7] [RES-8] */
export function drawJuries(
  work: Work,
  { height, beacon }: { readonly height: number; readonly beacon: Digest },
): void {
  for (const [id, { stage }] of questions.entries(work.ledger)) {
    if (stage.at !== 'disputed' || !stage.isCalled) continue
    const { at: _, isCalled: __, ...dispute } = stage
    const round = dispute.juries.length + 1
    const size = present(rulesOf(work).jurySizes[round - 1], 'there is a round left')
    const eligible = poolOf(work.ledger, id)
    for (const { agent } of eligible) pools.delete(work, entryKey(id, agent))
    const drawn = drawJury({ eligible, size, beacon, question: id, round })
    if (drawn === 'too-few') {
      conclude(work, id, dispute, null, height)
      continue
    }
    const stakes = new Map(eligible.map(({ agent, stakeMicro }) => [agent, stakeMicro]))
    const jury = drawn.map((agent) => {
      const stakeMicro = present(stakes.get(agent), 'who is drawn was called')
      return seat(work, verdictHoldId(id, round, agent), { agent, stakeMicro }, round)
    })
    work.events.push({ kind: 'jury-drawn', question: id, round, jurors: drawn })
    const juries = [...dispute.juries, jury]
    const dueHeight = height + rulesOf(work).juryHeightsMax
    enterStage(work, id, { at: 'jury', step: 'seal', ...dispute, juries }, dueHeight)
  }
}

/**
 * Holds what a juror has at risk. Who has too little left of the bond with which it was called leaves its seat empty: nobody
 * else is drawn for it, or one would choose among juries by taking bonds away.
 */
function seat(
  work: Work,
  holdId: string,
  { agent, stakeMicro }: Juror,
  round: number,
): SeatedJuror {
  const isThere = bondedAgent(work, agent, atRiskMicro(stakeMicro, round))
  const heldMicro = isThere ? stakeMicro : 0n
  const amountMicro = atRiskMicro(heldMicro, round)
  const hold = { owner: agent, purpose: 'verdict', subnet: '', amountMicro } as const
  invariant(openHold(work, holdId, hold, 'bond'), 'what is at risk is a part of the bond')
  return { agent, stakeMicro: heldMicro, seal: null, verdict: null }
}

/** Whoever has a bond to lose and, for all the ledger knows, nothing to win by either outcome. [RES-7] */
function eligibleJurors(
  work: Work,
  id: Cid,
  { asserter, disputer }: Pick<Dispute, 'asserter' | 'disputer'>,
  round: number,
): readonly Juror[] {
  const interested = interestedAgents(work, id)
  return bondedAgents(work, round).filter(
    ({ agent }) => agent !== asserter && agent !== disputer && !interested.has(agent),
  )
}

/** Who stays a validator with what a jury of this round would put at risk taken out of its bond. */
function bondedAgents(work: Work, round: number): readonly Juror[] {
  return [...accounts.entries(work.ledger)].flatMap(([agent, { bondMicro }]) =>
    bondedAgent(work, agent, atRiskMicro(bondMicro, round))
      ? [{ agent, stakeMicro: bondMicro }]
      : [],
  )
}

function bondedAgent(work: Work, agent: AgentId, riskMicro: bigint): boolean {
  const { bondMicro, ejected } = accountOf(work.ledger, agent)
  return !ejected && bondMicro - riskMicro >= work.context.genesis.consensus.validatorBondMinMicro
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

/** The most that a question which juries may answer is paid, so that flipping it is worth less than what jurors risk. [RES-11] */
export function budgetMaxOf(work: Work, id: Cid, { resolver }: Question): bigint | null {
  if (resolver.kind !== 'schelling') return null
  const interested = interestedAgents(work, id)
  const stakes = bondedAgents(work, 1)
    .filter(({ agent }) => !interested.has(agent))
    .map(({ stakeMicro }) => stakeMicro)
  return flippingBudgetMicro(stakes, rulesOf(work).jurySizes)
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
    enterStage(work, id, { at: 'disputed', isCalled: false, ...dispute }, null)
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
