import type { Cid } from '../../codec/cid.ts'
import type { Digest } from '../../codec/digest.ts'
import type { Report } from '../../emission/report.ts'
import type { StreamShares } from '../../emission/stream.ts'
import type { WeightLock } from '../../emission/weight-lock.ts'
import type { ForecastGenesis } from '../../genesis.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import { present } from '../../invariant.ts'
import { createTable, type Draft, type Ledger, type Table } from '../../ledger/draft.ts'
import type { QuestionBody } from '../../message/forecast.ts'
import type { Juror } from '../../resolution/jury-draw.ts'
import { ignore, ok, type Result } from '../../result.ts'
import type { Work } from '../work.ts'

/** What concerns the market as a whole. [FOR-2] */
export interface Market {
  readonly houseWeightMicro: bigint
  /** ΣW: of the house and of all locks. No question changes it, only locks do. [EMI-5] */
  readonly totalWeightMicro: bigint
  /** Questions that are not settled. */
  readonly questionCount: number
}

/** An agent's lock, and all that it put into it since it opened it. [EMI-8] [FOR-5] */
export interface Lock extends WeightLock {
  readonly addedMicro: bigint
}

/** Where a question stands. [FOR-4] */
export type Stage =
  /** Waits to be admitted. */
  | { readonly at: 'proposed'; readonly admittedBy: readonly AgentId[] }
  /** Takes seals, from its `openHeight` to its last `closeHeight`. */
  | { readonly at: 'open' }
  /** Every seal of it may be opened. */
  | { readonly at: 'revealing' }
  /** Waits for whoever resolves it. */
  | { readonly at: 'waiting' }
  | {
      readonly at: 'asserted'
      readonly asserter: AgentId
      readonly outcome: number
      /** Last epoch in which it may be disputed, or a later one, with the end of which this height is there. */
      readonly untilEpoch: number
      readonly untilHeight: number
    }
  /**
   * Waits for its jury, drawn when the epoch ends in which those who may sit were called. `excluded`: who may not, by its
   * weight on the question; null until they are called.
   */
  | ({ readonly at: 'disputed'; readonly excluded: readonly AgentId[] | null } & Dispute)
  /** The last of its juries sits. */
  | ({ readonly at: 'jury'; readonly step: 'seal' | 'reveal' } & Dispute)
  /** Its outcome stands, null for void; it is settled when the epoch ends. */
  | { readonly at: 'final'; readonly outcome: number | null; readonly height: number }

/** Two who contradict each other, and the juries that have sat on it so far. [RES-8] */
export interface Dispute {
  readonly asserter: AgentId
  readonly outcome: number
  readonly disputer: AgentId
  readonly disputedOutcome: number
  readonly juries: readonly Jury[]
}

/** By seat. */
export type Jury = readonly SeatedJuror[]

export interface SeatedJuror extends Juror {
  readonly seal: Digest | null
  readonly verdict: number | null
}

export interface Question extends QuestionBody {
  readonly author: AgentId
  readonly stage: Stage
  /** Height after which the stage ends by itself; null where an epoch's end or a transaction ends it. */
  readonly dueHeight: number | null
  readonly sealCount: number
  readonly openedCount: number
  /** What flipping it costs, from its last close on; null where no jury may answer it. [RES-11] */
  readonly budgetMicro: bigint | null
}

/** What one agent sealed for one question. [FOR-6] */
export interface Entry {
  /** What it had put into its lock when it first sealed: what it adds later takes no part. [FOR-5] */
  readonly addedMicro: bigint
  /** In the order in which they came. */
  readonly seals: readonly SealedStatement[]
}

export interface SealedStatement {
  readonly snapshot: number
  readonly digest: Digest
  /** Place among all seals of the question, from 0. */
  readonly order: number
  readonly isOpened: boolean
  readonly report: Report | null
}

/** Whom an agent passes on what, for questions that open from this height on. [FOR-9] */
export interface StreamVersion {
  readonly fromHeight: number
  readonly shares: StreamShares
}

export const locks: Table<Lock, AgentId> = createTable<Lock, AgentId>('lock')
/** What comes back of closed locks, by the epoch in which it does and by agent. */
export const closings: Table<{ readonly agent: AgentId; readonly amountMicro: bigint }> =
  createTable('closing')
export const questions: Table<Question, Cid> = createTable<Question, Cid>('question')
export const entries: Table<Entry> = createTable<Entry>('entry')
export const streams: Table<readonly StreamVersion[], AgentId> = createTable('stream')
/** By agent: questions that are not settled and on which it sealed. */
export const unsettled: Table<{ readonly questionCount: number }, AgentId> =
  createTable('unsettled')
/** Who was called for the juries that are drawn next, with its stake then. [FOR-11] */
export const pools: Table<{ readonly stakeMicro: bigint }, AgentId> = createTable('pool')
const markets: Table<Market> = createTable<Market>('market')
/** What ends by itself, in the order in which it does. */
const dues: Table<{ readonly question: Cid }> = createTable('due')

export type MarketCode = 'no-market' | 'unknown-question' | 'wrong-stage'

/** The rules of the network's market; refused where it has none. */
export function findRules(work: Pick<Work, 'context'>): Result<ForecastGenesis, 'no-market'> {
  const { forecast } = work.context.genesis
  return forecast === null ? ignore('no-market') : ok(forecast)
}

export function rulesOf(work: Pick<Work, 'context'>): ForecastGenesis {
  return present(work.context.genesis.forecast ?? undefined, 'who has questions has a market')
}

export function marketOf(ledger: Ledger): Market {
  return present(markets.find(ledger, 'main'), 'a network that forecasts has a market')
}

export function changeMarket(draft: Draft, change: Partial<Market>): void {
  markets.put(draft, 'main', { ...marketOf(draft.ledger), ...change })
}

export function foundMarket(draft: Draft, houseWeightMicro: bigint): void {
  const market = { houseWeightMicro, totalWeightMicro: houseWeightMicro, questionCount: 0 }
  markets.put(draft, 'main', market)
}

/** A question in one of these stages. */
export function findInStage<At extends Stage['at']>(
  ledger: Ledger,
  id: Cid,
  at: At,
): Result<
  { readonly question: Question; readonly stage: Extract<Stage, { readonly at: At }> },
  'unknown-question' | 'wrong-stage'
> {
  const question = questions.find(ledger, id)
  if (question === undefined) return ignore('unknown-question', { question: id })
  const { stage } = question
  if (!isAt(stage, at)) return ignore('wrong-stage', { stage: stage.at, wanted: at })
  return ok({ question, stage })
}

function isAt<At extends Stage['at']>(
  stage: Stage,
  at: At,
): stage is Extract<Stage, { readonly at: At }> {
  return stage.at === at
}

export function questionOf(ledger: Ledger, id: Cid): Question {
  return present(questions.find(ledger, id), 'the question is not settled')
}

/** Puts a question into a stage that ends by itself after `dueHeight`, or does not. [FOR-4] */
export function enterStage(work: Work, id: Cid, stage: Stage, dueHeight: number | null): void {
  const before = questionOf(work.ledger, id)
  if (before.dueHeight !== null) dues.delete(work, dueKey(before.dueHeight, id))
  if (dueHeight !== null) dues.put(work, dueKey(dueHeight, id), { question: id })
  questions.put(work, id, { ...before, stage, dueHeight })
  if (before.stage.at === stage.at) return
  work.events.push({ kind: 'question-stage', question: id, stage: stage.at })
}

/** A question leaves the ledger. */
export function dropQuestion(work: Work, id: Cid): void {
  const { dueHeight } = questionOf(work.ledger, id)
  if (dueHeight !== null) dues.delete(work, dueKey(dueHeight, id))
  questions.delete(work, id)
  changeMarket(work, { questionCount: marketOf(work.ledger).questionCount - 1 })
}

/** From here on nothing changes what came true; null where nobody could say. [FOR-4] */
export function finish(work: Work, id: Cid, outcome: number | null, height: number): void {
  enterStage(work, id, { at: 'final', outcome, height }, null)
}

/** The questions whose stage ends with the block of this height, those that waited longest first. */
export function dueQuestions(ledger: Ledger, height: number): readonly Cid[] {
  const due: Cid[] = []
  for (const [key, { question }] of dues.entries(ledger)) {
    if (Number(key.slice(0, HEIGHT_DIGITS)) > height) break
    due.push(question)
  }
  return due
}

/** As many digits as any height has, so that keys are in the order of heights. */
const HEIGHT_DIGITS = 16

function dueKey(height: number, id: Cid): string {
  return `${String(height).padStart(HEIGHT_DIGITS, '0')}/${id}`
}

/** What one agent has to do with one question. */
export function entryKey(question: Cid, agent: AgentId): string {
  return `${question}/${agent}`
}

/** Who sealed on a question, by agent id. */
export function entriesOf(
  ledger: Ledger,
  question: Cid,
): readonly { readonly agent: AgentId; readonly entry: Entry }[] {
  const prefix = `entry/${question}/`
  return [...ledger.entries(prefix)].map(([key, value]) => ({
    agent: key.slice(prefix.length) as AgentId,
    entry: value as Entry,
  }))
}

/** Whether it says what it believes in some snapshot, for all that is open of it, and does not only hand on findings. [FOR-7] */
export function isAwake({ seals }: Entry): boolean {
  return seals.some(({ isOpened, report }) => !isOpened || report !== null)
}

export function statementHoldId(question: Cid, agent: AgentId): string {
  return `statement/${question}/${agent}`
}

export function questionHoldId(question: Cid): string {
  return `question/${question}`
}

/** What a juror has at risk in a round, from 1. */
export function verdictHoldId(question: Cid, round: number, agent: AgentId): string {
  return `verdict/${question}/${round}/${agent}`
}

export function assertionHoldId(question: Cid, side: 'asserter' | 'disputer'): string {
  return `${side}/${question}`
}

/** All tokens that the market holds: locks, and what is on its way out of them. [LED-4] */
export function marketTotalMicro(ledger: Ledger): bigint {
  let totalMicro = 0n
  for (const [, { lockedMicro }] of locks.entries(ledger)) totalMicro += lockedMicro
  for (const [, { amountMicro }] of closings.entries(ledger)) totalMicro += amountMicro
  return totalMicro
}
