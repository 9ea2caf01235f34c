import {
  type Entry,
  entries,
  entryKey,
  questions,
  type SeatedJuror,
} from '../chain/forecast/market.ts'
import { statementDigest } from '../chain/forecast/statement.ts'
import { type StatementDuty, statementDuties } from '../chain/forecast/statement-duty.ts'
import { verdictDigest } from '../chain/forecast/verdict.ts'
import { headOf } from '../chain/head.ts'
import { encode } from '../codec/cbor.ts'
import type { Cid } from '../codec/cid.ts'
import { digestOf } from '../codec/digest.ts'
import { checkReport } from '../emission/report.ts'
import type { Statement } from '../message/forecast.ts'
import type { TransactionBody } from '../message/transaction.ts'
import type { JournalRecord } from './effect.ts'
import { waitingOf } from './mempool.ts'
import { type Forecasts, finalLedger, NO_FORECASTS, type ReplicaContext } from './state.ts'
import { type ReplicaWork, submit } from './work.ts'

/**
 * Does what questions ask of us: puts each snapshot to the agent, opens what we sealed, sits in juries. [FOR-6] [FOR-11]
 *
 * Looks at the questions once for each final block, and not for every message.
 */
export function doForecasts(work: ReplicaWork): void {
  if (work.context.genesis.forecast === null) return
  const ledger = finalLedger(work.replica)
  const { height, epoch } = headOf(ledger)
  if (work.replica.forecasts.height === height) return
  if (work.replica.forecasts.height === NO_FORECASTS.height) tellSealed(work)
  if (work.replica.forecasts.epoch !== epoch) startEpoch(work, epoch)
  change(work, { height })
  for (const duty of statementDuties(ledger, work.context.signer.agent)) {
    if (duty.kind === 'state') askForStatement(work, duty)
    else openStatement(work, duty)
  }
  for (const [id, { stage }] of questions.entries(ledger)) {
    if (stage.at === 'jury') sitInJury(work, id)
  }
}

/** Seals what the agent says; null: it says nothing. It is on disk before the seal is on the wire. [REP-3] [FOR-6] */
export function sealStatement(
  work: ReplicaWork,
  said: {
    readonly question: Cid
    readonly snapshot: number
    readonly statement: Statement | null
  },
): void {
  if (said.statement === null) return
  const { question: id, snapshot } = said
  const done = `${id}/seal/${snapshot}`
  if (!takesSeal(work, said.statement, said) || work.replica.forecasts.done.has(done)) return
  const key = statementKey(id, snapshot)
  // One statement a snapshot, whatever the agent says after a restart: the journal's word stands.
  const known = work.replica.forecasts.statements[key]
  const statement = known ?? said.statement
  if (known === undefined) {
    change(work, { statements: { ...work.replica.forecasts.statements, [key]: statement } })
    persist(work, { kind: 'statement', question: id, snapshot, statement })
  }
  const salt = saltOf(work.context, key)
  const author = work.context.signer.agent
  const digest = statementDigest({ author, question: id, snapshot, statement, salt })
  const seal: TransactionBody = { kind: 'seal-statement', question: id, snapshot, digest }
  if (!doOnce(work, done, () => submitUnlessWaiting(work, seal))) return
  work.effects.push({ kind: 'statement-sealed', question: id, snapshot, statement, salt, digest })
}

/**
 * Whether the next block takes a seal on this: an agent that thought too long pays no fee for one that is refused, and none
 * seals what could never be opened.
 */
function takesSeal(
  work: ReplicaWork,
  { report }: Statement,
  { question: id, snapshot }: { readonly question: Cid; readonly snapshot: number },
): boolean {
  const ledger = finalLedger(work.replica)
  const question = questions.find(ledger, id)
  const closeHeight = question?.snapshots[snapshot]?.closeHeight
  if (question?.stage.at !== 'open' || closeHeight === undefined) return false
  const isReport = report === null || checkReport(report, question.outcomes.length).ok
  return isReport && headOf(ledger).height < closeHeight
}

/**
 * After a restart those who pay for a statement may have it again: who came late has not heard it. One whose seal still waits
 * for a block is told where it is sealed again.
 */
function tellSealed(work: ReplicaWork): void {
  for (const [key, statement] of Object.entries(work.replica.forecasts.statements)) {
    const { question, place: snapshot } = readKey(key)
    if (!hasSealed(ownEntry(work, question), snapshot)) continue
    const salt = saltOf(work.context, key)
    const author = work.context.signer.agent
    const digest = statementDigest({ author, question, snapshot, statement, salt })
    work.effects.push({ kind: 'statement-sealed', question, snapshot, statement, salt, digest })
  }
}

/** Seals the agent's verdict as a juror. [FOR-11] */
export function sealVerdict(
  work: ReplicaWork,
  { question, round, outcome }: { question: Cid; round: number; outcome: number },
): void {
  const key = verdictKey(question, round)
  const done = `${question}/seal-verdict/${round}`
  if (work.replica.forecasts.done.has(done)) return
  const known = work.replica.forecasts.verdicts[key]
  const bound = known ?? outcome
  if (known === undefined) {
    change(work, { verdicts: { ...work.replica.forecasts.verdicts, [key]: bound } })
    persist(work, { kind: 'verdict', question, round, outcome: bound })
  }
  const salt = saltOf(work.context, key)
  const author = work.context.signer.agent
  const digest = verdictDigest({ author, question, round, outcome: bound, salt })
  doOnce(work, done, () => submitUnlessWaiting(work, { kind: 'seal-verdict', question, digest }))
}

/** What was on disk of our own words. [REP-4] */
export function restoreForecast(
  forecasts: Forecasts,
  record: Extract<JournalRecord, { readonly kind: 'statement' | 'verdict' }>,
): Forecasts {
  if (record.kind === 'statement') {
    const key = statementKey(record.question, record.snapshot)
    return { ...forecasts, statements: { ...forecasts.statements, [key]: record.statement } }
  }
  const key = verdictKey(record.question, record.round)
  return { ...forecasts, verdicts: { ...forecasts.verdicts, [key]: record.outcome } }
}

function askForStatement(
  work: ReplicaWork,
  { question: id, snapshot, closeHeight }: Extract<StatementDuty, { readonly kind: 'state' }>,
): void {
  const known = work.replica.forecasts.statements[statementKey(id, snapshot)]
  if (known !== undefined) {
    sealStatement(work, { question: id, snapshot, statement: known })
    return
  }
  doOnce(work, `${id}/ask/${snapshot}`, () => {
    work.effects.push({ kind: 'ask-forecast', question: id, snapshot, closeHeight })
    return true
  })
}

function openStatement(
  work: ReplicaWork,
  { question, snapshot }: Extract<StatementDuty, { readonly kind: 'open' }>,
): void {
  const key = statementKey(question, snapshot)
  const statement = work.replica.forecasts.statements[key]
  const sealed = ownEntry(work, question)?.seals.find((seal) => seal.snapshot === snapshot)
  if (statement === undefined || sealed === undefined) return
  const salt = saltOf(work.context, key)
  const author = work.context.signer.agent
  // What does not open the seal would be refused block after block, each time for a fee.
  if (statementDigest({ author, question, snapshot, statement, salt }) !== sealed.digest) return
  submitUnlessWaiting(work, { kind: 'reveal-statement', question, snapshot, statement, salt })
}

function sitInJury(work: ReplicaWork, id: Cid): void {
  const stage = questions.find(finalLedger(work.replica), id)?.stage
  if (stage?.at !== 'jury') return
  const round = stage.juries.length
  const seat = stage.juries.at(-1)?.find(({ agent }) => agent === work.context.signer.agent)
  if (seat === undefined) return
  if (stage.step === 'seal') askForVerdict(work, id, round, seat)
  else openVerdict(work, id, round, seat)
}

function askForVerdict(work: ReplicaWork, id: Cid, round: number, seat: SeatedJuror): void {
  if (seat.seal !== null) return
  const known = work.replica.forecasts.verdicts[verdictKey(id, round)]
  if (known !== undefined) {
    sealVerdict(work, { question: id, round, outcome: known })
    return
  }
  doOnce(work, `${id}/judge/${round}`, () => {
    work.effects.push({ kind: 'ask-verdict', question: id, round })
    return true
  })
}

function openVerdict(work: ReplicaWork, id: Cid, round: number, seat: SeatedJuror): void {
  const key = verdictKey(id, round)
  const outcome = work.replica.forecasts.verdicts[key]
  if (seat.seal === null || seat.verdict !== null || outcome === undefined) return
  const salt = saltOf(work.context, key)
  const author = work.context.signer.agent
  if (verdictDigest({ author, question: id, round, outcome, salt }) !== seat.seal) return
  submitUnlessWaiting(work, { kind: 'reveal-verdict', question: id, outcome, salt })
}

function ownEntry(work: ReplicaWork, id: Cid): Entry | undefined {
  return entries.find(finalLedger(work.replica), entryKey(id, work.context.signer.agent))
}

function hasSealed(entry: Entry | undefined, snapshot: number): boolean {
  return entry?.seals.some((sealed) => sealed.snapshot === snapshot) === true
}

/**
 * What concerns questions that are gone is forgotten; what we must still open is on disk beyond this epoch. Not written anew in
 * each epoch: they may be short, and questions open for long.
 */
function startEpoch(work: ReplicaWork, epoch: number): void {
  const ledger = finalLedger(work.replica)
  const isLive = (key: string): boolean =>
    questions.find(ledger, key.slice(0, key.indexOf('/')) as Cid) !== undefined
  const { statements, verdicts, done, filedEpoch } = work.replica.forecasts
  const kept = Object.entries(statements).filter(([key]) => isLive(key))
  const judged = Object.entries(verdicts).filter(([key]) => isLive(key))
  change(work, {
    epoch,
    statements: Object.fromEntries(kept),
    verdicts: Object.fromEntries(judged),
    done: new Set([...done].filter(isLive)),
  })
  if (epoch <= filedEpoch) return
  change(work, { filedEpoch: epoch + FILED_EPOCHS - 1 })
  for (const [key, statement] of kept) {
    const { question, place: snapshot } = readKey(key)
    persist(work, { kind: 'statement', question, snapshot, statement })
  }
  for (const [key, outcome] of judged) {
    const { question, place: round } = readKey(key)
    persist(work, { kind: 'verdict', question, round, outcome })
  }
}

/** Epochs for which what we said is on disk before it is written again. */
const FILED_EPOCHS = 32

type OwnRecord = Extract<JournalRecord, { readonly kind: 'statement' | 'verdict' }>
type Unfiled<R> = R extends unknown ? Omit<R, 'epoch'> : never

function persist(work: ReplicaWork, record: Unfiled<OwnRecord>): void {
  const { filedEpoch: epoch } = work.replica.forecasts
  work.effects.push({ kind: 'persist', records: [{ ...record, epoch }] })
}

/** Does something once for a question; what could not be done is tried again with the next block. */
function doOnce(work: ReplicaWork, key: string, act: () => boolean): boolean {
  if (work.replica.forecasts.done.has(key) || !act()) return false
  change(work, { done: new Set(work.replica.forecasts.done).add(key) })
  return true
}

/**
 * Submits what is not on its way already: one of ours that waits from before a restart does what it does.
 *
 * Result  whether it is on its way.
 */
function submitUnlessWaiting(work: ReplicaWork, body: OwnWord): boolean {
  const { agent: author } = work.context.signer
  const isWaiting = waitingOf(work.replica.pool, author).some(({ message }) => {
    if (message.kind !== body.kind || message.question !== body.question) return false
    const { nonce, feeMicro } = message
    return digestOf(encode({ ...body, author, nonce, feeMicro })) === digestOf(encode(message))
  })
  return isWaiting || submit(work, body).ok
}

type OwnWord = Extract<
  TransactionBody,
  { readonly kind: 'seal-statement' | 'reveal-statement' | 'seal-verdict' | 'reveal-verdict' }
>

function change(work: ReplicaWork, changed: Partial<Forecasts>): void {
  work.replica = { ...work.replica, forecasts: { ...work.replica.forecasts, ...changed } }
}

function statementKey(question: Cid, snapshot: number): string {
  return `${question}/${snapshot}`
}

function verdictKey(question: Cid, round: number): string {
  return `${question}/jury/${round}`
}

function readKey(key: string): { readonly question: Cid; readonly place: number } {
  const parts = key.split('/')
  return { question: (parts[0] ?? '') as Cid, place: Number(parts.at(-1)) }
}

function saltOf({ signer, networkId }: ReplicaContext, key: string): Uint8Array {
  return signer.derive(`salt/${networkId}/forecast/${key}`)
}
