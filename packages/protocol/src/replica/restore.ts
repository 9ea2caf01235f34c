import type { ChainState } from '../chain/execute-block.ts'
import { createGenesisLedger } from '../chain/genesis-ledger.ts'
import { headOf } from '../chain/head.ts'
import type { Cid } from '../codec/cid.ts'
import { blockIdOf } from '../consensus/block.ts'
import type { ConsensusRecord } from '../consensus/effect.ts'
import { restore } from '../consensus/restore.ts'
import { invariant } from '../invariant.ts'
import type { Block, Certificate } from '../message/consensus.ts'
import { open, type Verified } from '../message/envelope.ts'
import type { Cfp, ConversationMessage } from '../message/negotiation.ts'
import { isTransaction, type Transaction } from '../message/transaction.ts'
import { createApplication } from './application.ts'
import { actionKey } from './duties.ts'
import type { JournalRecord, Snapshot } from './effect.ts'
import { restoreForecast } from './forecasts.ts'
import { addTransaction, emptyPool } from './mempool.ts'
import { consensusContext, type ReplicaStep, startReplica } from './replica.ts'
import { EARLY_MESSAGES_MAX, finalLedger, type ReplicaContext } from './state.ts'
import { hearMessage } from './talks.ts'
import type { ReplicaWork } from './work.ts'

/** What a disk holds of a replica. [REP-4] */
export interface Saved {
  /** The ledger after an epoch; null where the chain is there from the genesis on. */
  readonly snapshot: (Snapshot & { readonly certificate: Certificate | null }) | null
  /** The final blocks after it, in order, each with the finalize certificate that it has, if any. */
  readonly blocks: readonly { readonly block: Block; readonly certificate: Certificate | null }[]
  /** The journal, in the order in which it was written. */
  readonly records: readonly JournalRecord[]
}

interface Point {
  readonly state: ChainState
  readonly id: Cid
  readonly height: number
  readonly view: number | null
  readonly certificate: Certificate | null
  /** b_{e−1} of the epoch that the next block belongs to, and its finalize certificate. */
  readonly root: Cid
  readonly rootCertificate: Certificate | null
}

/**
 * Goes on after a restart: the snapshot, the final blocks after it, and the journal give the same state as before. [REP-4]
 *
 * What was signed is known again, so that nothing contradicts it; our transactions that wait, wait again.
 */
export function restoreReplica(context: ReplicaContext, saved: Saved, nowMs: number): ReplicaStep {
  const point = replay(context, saved)
  const { epoch, validators, leaderSeed } = headOf(point.state.ledger)
  const { state, id, height, view, certificate } = point
  const records = saved.records.flatMap((record) => (isConsensusRecord(record) ? [record] : []))
  const started = restore(
    consensusContext(context, { pool: emptyPool() }),
    {
      epoch,
      set: validators,
      seed: leaderSeed,
      root: point.root,
      rootCertificate: point.rootCertificate,
      final: { id, height, view, state, seenAtMs: nowMs, certificate },
      records,
    },
    nowMs,
  )
  return startReplica(context, started, nowMs, (work) => restoreOwn(work, saved.records))
}

function isConsensusRecord(record: JournalRecord): record is ConsensusRecord {
  return record.kind === 'signed' || record.kind === 'certificate' || record.kind === 'block'
}

function replay(context: ReplicaContext, { snapshot, blocks }: Saved): Point {
  let point = startPoint(context, snapshot)
  const application = createApplication(context, emptyPool())
  for (const { block, certificate } of blocks) {
    const { header, transactions } = block
    if (header.height <= point.height) continue
    const processed = application.process(point.state, header, transactions)
    invariant(processed.ok, 'a final block on disk is valid on the state before it')
    const id = blockIdOf(header)
    const isEnd = header.nextSet !== null
    point = {
      state: processed.value,
      id,
      height: header.height,
      view: isEnd ? null : header.view,
      certificate,
      root: isEnd ? id : point.root,
      rootCertificate: isEnd ? certificate : point.rootCertificate,
    }
  }
  return point
}

function startPoint(context: ReplicaContext, snapshot: Saved['snapshot']): Point {
  if (snapshot !== null) {
    const { ledger, id, height, certificate } = snapshot
    const state = { ledger, receipts: [], events: [], nextSet: null }
    return { state, id, height, view: null, certificate, root: id, rootCertificate: certificate }
  }
  const ledger = createGenesisLedger(context)
  invariant(ledger.ok, 'a genesis is checked before a replica is made of it')
  const { networkId } = context
  return {
    state: { ledger: ledger.value, receipts: [], events: [], nextSet: null },
    id: networkId,
    height: 0,
    view: null,
    certificate: null,
    root: networkId,
    rootCertificate: null,
  }
}

/** What we had chosen and signed ourselves, beside consensus. */
function restoreOwn(work: ReplicaWork, records: readonly JournalRecord[]): void {
  const { agent } = work.context.signer
  const { epoch } = headOf(finalLedger(work.replica))
  work.replica = { ...work.replica, doneEpoch: epoch }
  const talk: Verified<Cfp | ConversationMessage>[] = []
  for (const record of records) {
    if (record.kind === 'action') {
      const key = actionKey(record.subnet, record.epoch)
      const actions = { ...work.replica.actions, [key]: record.action }
      if (record.epoch === epoch) work.replica = { ...work.replica, actions }
    } else if (record.kind === 'statement' || record.kind === 'verdict') {
      const forecasts = restoreForecast(work.replica.forecasts, record)
      work.replica = { ...work.replica, forecasts }
    } else if (record.kind === 'signed') {
      const opened = open(record.envelope, work.context)
      if (!opened.ok || opened.value.message.author !== agent) continue
      const { message } = opened.value
      if (isTransaction(message)) restoreTransaction(work, { ...opened.value, message })
      else if (message.kind === 'cfp') talk.push({ ...opened.value, message })
      else if ('conversation' in message) talk.push({ ...opened.value, message })
    }
  }
  // Our own words count again, so that none of our numbers is used twice. [NEG-5]
  for (const message of talk.slice(-EARLY_MESSAGES_MAX)) hearMessage(work, message)
}

function restoreTransaction(work: ReplicaWork, transaction: Verified<Transaction>): void {
  const { genesis } = work.context
  const at = { ledger: finalLedger(work.replica), genesis }
  const added = addTransaction(work.replica.pool, transaction, at)
  if (!added.ok) return
  const done = new Set(work.replica.done).add(dutyOf(transaction.message))
  const resendAtMs = work.nowMs + genesis.consensus.retryMs
  work.replica = { ...work.replica, pool: added.value, done, resendAtMs }
}

/** The duty that a waiting transaction does, as the duties name it. */
function dutyOf(transaction: Transaction): string {
  switch (transaction.kind) {
    case 'seal':
    case 'reveal':
      return `${transaction.kind}/${transaction.subnet}`
    case 'pass':
      return `pass/${transaction.subnet}/negotiate`
    case 'agreement':
      return `agreement/${transaction.terms.subnet}`
    case 'seal-share':
    case 'reveal-share':
      return `${transaction.kind}/${transaction.purpose}`
    default:
      return transaction.kind
  }
}
