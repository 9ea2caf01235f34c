import type { Cid } from '../../codec/cid.ts'
import type { Digest } from '../../codec/digest.ts'
import { type EarningQuestion, shareEmission } from '../../emission/emission-share.ts'
import { computeFlow, FLOW_STEP_COUNT_MAX, type Flow } from '../../emission/flow.ts'
import { emissionOf } from '../../emission/schedule.ts'
import { type Reporter, type SnapshotReport, scoreQuestion } from '../../emission/score-update.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { present } from '../../invariant.ts'
import { adjust, changeTreasury, closeHold, treasuryOf } from '../../ledger/money.ts'
import type { ScoredWeight } from '../event.ts'
import type { Work } from '../work.ts'
import { drawJuries } from './jury.ts'
import { releaseClosings, weightOn } from './lock.ts'
import {
  assertionHoldId,
  changeMarket,
  dropQuestion,
  type Entry,
  entries,
  entriesOf,
  entryKey,
  finish,
  isAwake,
  locks,
  marketOf,
  type Question,
  questionHoldId,
  questionOf,
  questions,
  rulesOf,
  unsettled,
} from './market.ts'
import { streamOf } from './stream.ts'

/**
 * What the end of an epoch brings to the market: assertions that nobody disputed stand, questions that are final move weight
 * and are paid, their pay flows, juries are drawn by R_e, closed locks are paid out. [FOR-8]
 */
export function settleMarket(
  work: Work,
  at: { readonly epoch: number; readonly height: number; readonly beacon: Digest },
): void {
  if (work.context.genesis.forecast === null) return
  acceptUndisputed(work, at)
  payQuestions(work, at.epoch)
  drawJuries(work, at)
  releaseClosings(work, at.epoch + 1)
}

function acceptUndisputed(
  work: Work,
  { epoch, height }: { readonly epoch: number; readonly height: number },
): void {
  for (const [id, { stage }] of questions.entries(work.ledger)) {
    if (stage.at !== 'asserted') continue
    if (epoch < stage.untilEpoch || height < stage.untilHeight) continue
    closeHold(work, assertionHoldId(id, 'asserter'), 'owner')
    finish(work, id, stage.outcome, height)
  }
}

function payQuestions(work: Work, epoch: number): void {
  const emissionMicro = emissionOf(rulesOf(work).schedule, epoch)
  const finals = finalQuestions(work)
  const totalMicro = marketOf(work.ledger).totalWeightMicro
  const earning = finals.map(({ id, question }) => ({
    ...scoreOne(work, id, question),
    totalMicro,
  }))
  const { payments, unmintedMicro } = shareEmission(emissionMicro, earning)
  const bySource = Map.groupBy(payments, ({ source }) => source)
  // [EMI-11] However many questions are settled at once, what streams cost has one bound.
  const stepCountMax = Math.floor(FLOW_STEP_COUNT_MAX / Math.max(1, earning.length))
  const flows: Flow[] = earning.map(({ source }) => {
    const { openHeight } = questionOf(work.ledger, source as Cid)
    const inForce = { get: (agent: AgentId) => streamOf(work.ledger, agent, openHeight) }
    return computeFlow(bySource.get(source) ?? [], inForce, stepCountMax)
  })
  const nets = flows.flatMap((flow) => flow.nets)
  for (const { agent, amountMicro } of nets) adjust(work, { kind: 'balance', agent }, amountMicro)
  const { issuedMicro } = treasuryOf(work.ledger)
  changeTreasury(work, { issuedMicro: issuedMicro + emissionMicro - unmintedMicro })
  for (const { id } of finals) forget(work, id)
  if (emissionMicro === 0n && finals.length === 0) return
  const transfers = flows.flatMap((flow) => flow.transfers)
  work.events.push({
    kind: 'emission-settled',
    epoch,
    emissionMicro,
    unmintedMicro,
    payments,
    transfers,
    nets,
  })
}

interface FinalQuestion {
  readonly id: Cid
  readonly question: Question
  readonly height: number
}

/** In the order in which they became final, those of one height by id. [EMI-7] */
function finalQuestions(work: Work): readonly FinalQuestion[] {
  const finals: FinalQuestion[] = []
  for (const [id, question] of questions.entries(work.ledger)) {
    const { stage } = question
    if (stage.at === 'final') finals.push({ id, question, height: stage.height })
  }
  // The ledger has them by id.
  return finals.toSorted((a, b) => a.height - b.height)
}

/** So that what is moved and paid is worth less than flipping costs, to whatever set of agents: at most 3/4 of it. [RES-11] */
const STAKE_PER_BUDGET = 2n

/**
 * Moves weight by what a question brought. Where it is void none moves, and its part of the emission is nobody's: otherwise
 * whoever has weight on others of the epoch would gain by making it void. [EMI-4] [FOR-8]
 */
function scoreOne(work: Work, id: Cid, question: Question): Omit<EarningQuestion, 'totalMicro'> {
  const { stage } = question
  const weight = BigInt(question.weight)
  const outcome = stage.at === 'final' ? stage.outcome : null
  const said = entriesOf(work.ledger, id)
  const reporters = said.flatMap(({ agent, entry }) => reporterOf(work, question, agent, entry))
  const { houseWeightMicro } = marketOf(work.ledger)
  if (outcome === null) {
    const house = { beforeMicro: houseWeightMicro, afterMicro: houseWeightMicro }
    work.events.push({ kind: 'question-settled', question: id, outcome, house, weights: [] })
    return { source: id, weight, earnings: [], budgetMaxMicro: null }
  }
  const { budgetMicro } = question
  const scored = scoreQuestion({
    outcomeCount: question.outcomes.length,
    outcomeIndex: outcome,
    snapshotWeightsBps: question.snapshots.map(({ weightBps }) => weightBps),
    house: { weightMicro: houseWeightMicro, reference: question.referenceBps },
    reporters,
    ...(budgetMicro === null ? {} : { stakeMaxMicro: STAKE_PER_BUDGET * budgetMicro }),
  })
  const houseAfterMicro = present(scored.houseMicro ?? undefined, 'the market has a house')
  changeMarket(work, { houseWeightMicro: houseAfterMicro })
  const stakes = new Map(reporters.map(({ agent, weightMicro }) => [agent, weightMicro]))
  const weights = scored.reporters.map(({ agent, weightMicro: afterMicro }): ScoredWeight => {
    const atStakeMicro = present(stakes.get(agent), 'who is scored reported')
    const lock = present(locks.find(work.ledger, agent), 'who is scored has a lock')
    locks.put(work, agent, {
      ...lock,
      weightMicro: lock.weightMicro + afterMicro - atStakeMicro,
    })
    return { agent, beforeMicro: atStakeMicro, afterMicro }
  })
  const house = { beforeMicro: houseWeightMicro, afterMicro: houseAfterMicro }
  work.events.push({ kind: 'question-settled', question: id, outcome, house, weights })
  return { source: id, weight, earnings: scored.reporters, budgetMaxMicro: budgetMicro }
}

/** An agent that put weight on a question, and what it said in each snapshot. */
function reporterOf(
  work: Work,
  { snapshots }: Question,
  agent: AgentId,
  entry: Entry,
): readonly Reporter[] {
  const weightMicro = weightOn(work.ledger, agent, entry)
  const reports = snapshots.map((_, snapshot): SnapshotReport => {
    const sealed = entry.seals.find((one) => one.snapshot === snapshot)
    if (sealed === undefined) return null
    return sealed.isOpened ? sealed.report : 'withheld'
  })
  return weightMicro > 0n && isAwake(entry) ? [{ agent, weightMicro, reports }] : []
}

/** A settled question leaves the ledger; its events tell what became of it. */
function forget(work: Work, id: Cid): void {
  for (const { agent } of entriesOf(work.ledger, id)) {
    entries.delete(work, entryKey(id, agent))
    const { questionCount } = present(unsettled.find(work.ledger, agent), 'it has sealed on one')
    if (questionCount === 1) unsettled.delete(work, agent)
    else unsettled.put(work, agent, { questionCount: questionCount - 1 })
  }
  closeHold(work, questionHoldId(id), 'owner')
  dropQuestion(work, id)
}
