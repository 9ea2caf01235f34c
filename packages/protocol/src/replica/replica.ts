import type { ChainState } from '../chain/execute-block.ts'
import { createGenesisLedger } from '../chain/genesis-ledger.ts'
import { headOf } from '../chain/head.ts'
import { runs } from '../chain/instance.ts'
import type { ConsensusEffect } from '../consensus/effect.ts'
import {
  createSimplex,
  nextDeadlineMs as nextConsensusDeadlineMs,
  onBlock,
  onCertificate,
  onChain,
  onProposal,
  onTick,
  onVote,
  type SimplexStep,
} from '../consensus/simplex.ts'
import type { ConsensusContext } from '../consensus/state.ts'
import { invariant } from '../invariant.ts'
import type { Verified } from '../message/envelope.ts'
import { isTransaction, type Transaction } from '../message/transaction.ts'
import { mayStillSay, nextSequence } from '../negotiation/conversation.ts'
import type { Rejection } from '../result.ts'
import { createApplication } from './application.ts'
import type { Command } from './command.ts'
import { consent, hearConsent } from './consents.ts'
import { doDuties, sealAction } from './duties.ts'
import type { Effect } from './effect.ts'
import { sealStatement, sealVerdict } from './forecasts.ts'
import type { Input } from './input.ts'
import { addTransaction, emptyPool, evictStuck, prunePool, waitingOf } from './mempool.ts'
import { makeMove } from './negotiate.ts'
import { finalLedger, NO_FORECASTS, type Replica, type ReplicaContext } from './state.ts'
import { advanceTalks, hearMessage } from './talks.ts'
import { type ReplicaWork, sign, submit } from './work.ts'

/** Own transactions sent again at once. [MEM-4] */
export const RESEND_COUNT_MAX = 8

export interface ReplicaStep {
  readonly state: Replica
  readonly effects: readonly Effect[]
}

/** A replica that starts from the genesis. [REP-1] */
export function createReplica(context: ReplicaContext, nowMs: number): ReplicaStep {
  const ledger = createGenesisLedger(context)
  invariant(ledger.ok, 'a genesis is checked before a replica is made of it')
  const { validators, leaderSeed, epoch } = headOf(ledger.value)
  const state = { ledger: ledger.value, receipts: [], events: [], nextSet: null }
  const root = { id: context.networkId, height: 0, state, seenAtMs: nowMs, certificate: null }
  const started = createSimplex(
    consensusContext(context, EMPTY),
    { epoch, set: validators, seed: leaderSeed, root },
    nowMs,
  )
  return startReplica(context, started, nowMs, () => undefined)
}

const EMPTY = { pool: emptyPool() }

/** A replica around consensus as it starts, first or again. */
export function startReplica(
  context: ReplicaContext,
  started: SimplexStep<ChainState>,
  nowMs: number,
  restore: (work: ReplicaWork) => void,
): ReplicaStep {
  const replica: Replica = {
    simplex: started.simplex,
    pool: emptyPool(),
    talks: {},
    early: [],
    consents: {},
    actions: {},
    done: new Set(),
    doneEpoch: 0,
    forecasts: NO_FORECASTS,
    resendAtMs: null,
  }
  const work: ReplicaWork = { context, nowMs, replica, effects: [] }
  restore(work)
  takeConsensus(work, started)
  doDuties(work)
  return { state: work.replica, effects: work.effects }
}

/**
 * The whole of a node's behaviour: one input in, the next state and what is to be done out. [REP-1]
 *
 * Synchronous, total and deterministic: no bytes and no order of inputs make it throw, but our own bug does.
 */
export function step(context: ReplicaContext, state: Replica, input: Input): ReplicaStep {
  const work: ReplicaWork = { context, nowMs: input.nowMs, replica: state, effects: [] }
  switch (input.kind) {
    case 'message':
      judge(work, refusalOf(work, input.message))
      break
    case 'certificate': {
      const { certificate, nowMs, from } = input
      judge(
        work,
        consensus(work, (simplex, given) =>
          onCertificate(simplex, given, certificate, nowMs, from),
        ),
      )
      break
    }
    case 'block':
      judge(
        work,
        consensus(work, (simplex, given) => onBlock(simplex, given, input.block, input.nowMs)),
      )
      break
    case 'chain':
      judge(
        work,
        consensus(work, (simplex, given) => onChain(simplex, given, input, input.nowMs)),
      )
      break
    case 'tick':
      consensus(work, (simplex, given) => onTick(simplex, given, input.nowMs))
      resend(work)
      break
    case 'command':
      obey(work, input.command)
      break
    case 'peer-up':
    case 'peer-down':
      break
  }
  doDuties(work)
  return { state: work.replica, effects: work.effects }
}

/** The next instant at which a `tick` has something to do. */
export function nextDeadlineMs({ simplex, resendAtMs }: Replica): number | null {
  const consensusMs = nextConsensusDeadlineMs(simplex)
  if (consensusMs === null || resendAtMs === null) return consensusMs ?? resendAtMs
  return Math.min(consensusMs, resendAtMs)
}

/** Whatever a peer sent has a verdict, the first of the effects. */
function judge(work: ReplicaWork, refusal: Rejection | null): void {
  const verdict = refusal?.verdict ?? 'accept'
  work.effects.unshift({ kind: 'verdict', verdict, code: refusal?.code ?? null })
}

function refusalOf(work: ReplicaWork, message: Verified): Rejection | null {
  const said = message.message
  if (isTransaction(said)) return takeTransaction(work, { ...message, message: said })
  switch (said.kind) {
    case 'proposal': {
      const proposal = { ...message, message: said }
      return consensus(work, (simplex, given) => onProposal(simplex, given, proposal, work.nowMs))
    }
    case 'notarize':
    case 'nullify':
    case 'finalize': {
      const vote = { ...message, message: said }
      return consensus(work, (simplex, given) => onVote(simplex, given, vote, work.nowMs))
    }
    case 'consent': {
      const heard = hearConsent(work, { ...message, message: said })
      return heard.ok ? null : heard.error
    }
    default: {
      const heard = hearMessage(work, { ...message, message: said })
      return heard.ok ? null : heard.error
    }
  }
}

function takeTransaction(work: ReplicaWork, transaction: Verified<Transaction>): Rejection | null {
  const { genesis } = work.context
  const at = { ledger: finalLedger(work.replica), genesis }
  const added = addTransaction(work.replica.pool, transaction, at)
  if (!added.ok) return added.error
  work.replica = { ...work.replica, pool: added.value }
  return null
}

/** Hands something to consensus, and carries on with what comes of it. */
function consensus(
  work: ReplicaWork,
  act: (
    simplex: Replica['simplex'],
    context: ConsensusContext<ChainState>,
  ) => SimplexStep<ChainState>,
): Rejection | null {
  const stepped = act(work.replica.simplex, consensusContext(work.context, work.replica))
  takeConsensus(work, stepped)
  return stepped.refusal
}

function takeConsensus(work: ReplicaWork, stepped: SimplexStep<ChainState>): void {
  work.replica = { ...work.replica, simplex: stepped.simplex }
  const evidence = stepped.effects.filter((effect) => effect.kind === 'evidence')
  for (const effect of stepped.effects) {
    if (effect.kind !== 'evidence') work.effects.push(...effectsOf(effect))
  }
  if (stepped.effects.some((effect) => effect.kind === 'final')) afterFinal(work)
  for (const { evidence: pair } of evidence) {
    submit(work, { kind: 'evidence', first: pair.first.envelope, second: pair.second.envelope })
  }
}

/** A final block comes with its receipts and events; the last of an epoch with a snapshot for newcomers. */
function effectsOf(
  effect: Exclude<ConsensusEffect<ChainState>, { readonly kind: 'evidence' }>,
): readonly Effect[] {
  if (effect.kind !== 'final') return [effect]
  const { certificate } = effect
  const blocks = effect.blocks.map(({ id, block, post }) => {
    return { id, block, receipts: post.receipts, events: post.events }
  })
  const snapshots = effect.blocks.flatMap(({ id, block, post }): readonly Effect[] => {
    const { epoch, height, nextSet } = block.header
    if (nextSet === null) return []
    return [{ kind: 'snapshot', snapshot: { epoch, height, id, ledger: post.ledger } }]
  })
  return [{ kind: 'final', blocks, certificate }, ...snapshots]
}

function afterFinal(work: ReplicaWork): void {
  const ledger = finalLedger(work.replica)
  const left = prunePool(work.replica.pool, ledger)
  const isNewEpoch = headOf(ledger).epoch !== work.replica.doneEpoch
  const pool = isNewEpoch ? evictStuck(left, ledger) : left
  const isWaiting = waitingOf(pool, work.context.signer.agent).length > 0
  const resendAtMs = isWaiting ? work.replica.resendAtMs : null
  work.replica = { ...work.replica, pool, resendAtMs }
  advanceTalks(work)
}

/** Our own transactions that still wait go again, directly: gossip would take the same bytes for seen. [MEM-4] */
function resend(work: ReplicaWork): void {
  const { resendAtMs, pool } = work.replica
  if (resendAtMs === null || work.nowMs < resendAtMs) return
  const waiting = waitingOf(pool, work.context.signer.agent).slice(0, RESEND_COUNT_MAX)
  for (const { envelope } of waiting) {
    work.effects.push({ kind: 'send', to: null, frame: { kind: 'envelope', envelope } })
  }
  const { retryMs } = work.context.genesis.consensus
  const nextMs = waiting.length === 0 ? null : work.nowMs + 2 * retryMs
  work.replica = { ...work.replica, resendAtMs: nextMs }
}

function obey(work: ReplicaWork, command: Command): void {
  switch (command.kind) {
    case 'submit': {
      const sent = submit(work, command.body)
      if (command.tag === null) return
      work.effects.push({
        kind: 'answer',
        tag: command.tag,
        id: sent.ok ? sent.value.id : null,
        code: sent.ok ? null : sent.error.code,
      })
      return
    }
    case 'act':
      sealAction(work, command)
      return
    case 'state':
      sealStatement(work, command)
      return
    case 'judge':
      sealVerdict(work, command)
      return
    case 'move':
      makeMove(work, command, command.move)
      return
    case 'consent':
      consent(work, command.agreement)
      return
    case 'inform': {
      const { conversation: id, text } = command
      const talk = Object.values(work.replica.talks).find((each) => each.conversation?.id === id)
      if (talk?.conversation === undefined || talk.conversation === null) return
      const author = work.context.signer.agent
      const { height } = headOf(finalLedger(work.replica))
      if (!mayStillSay(talk.conversation, author, { height, count: 1 })) return
      const sequence = nextSequence(talk.conversation, author)
      hearMessage(work, sign(work, { kind: 'inform', author, conversation: id, sequence, text }))
    }
  }
}

export function consensusContext(
  context: ReplicaContext,
  { pool }: Pick<Replica, 'pool'>,
): ConsensusContext<ChainState> {
  const { signer, votes, networkId, verify, genesis } = context
  const { deltaMs, blockIntervalMs, retryMs, viewGapMax } = genesis.consensus
  return {
    self: signer.agent,
    signer: votes ? signer : null,
    networkId,
    verify,
    application: createApplication(context, pool),
    parameters: { deltaMs, blockIntervalMs, retryMs, viewGapMax },
  }
}

/** Where a replica stands, for status lines and checkers. */
export interface ReplicaView {
  readonly epoch: number
  readonly phase: string
  readonly view: number
  /** Of the last final block. */
  readonly finalHeight: number
  /** Of the highest block that we hold, final or not. */
  readonly height: number
  readonly stateDigest: string
  readonly waitingTransactions: number
  readonly runningInstances: readonly string[]
}

export function describeReplica(replica: Replica): ReplicaView {
  const ledger = finalLedger(replica)
  const { epoch, phase, height } = headOf(ledger)
  const heights = [...replica.simplex.blocks.values()].map(({ block }) => block.header.height)
  const running = [...runs.entries(ledger)].filter(([, run]) => run.status === 'running')
  return {
    epoch,
    phase,
    view: replica.simplex.view,
    finalHeight: height,
    height: Math.max(height, ...heights),
    stateDigest: ledger.digest(),
    waitingTransactions: replica.pool.size,
    runningInstances: running.map(([id]) => id),
  }
}
