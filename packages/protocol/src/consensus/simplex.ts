import type { AgentId } from '../identity/agent-id.ts'
import { present } from '../invariant.ts'
import type { Block, Certificate, Proposal, Vote } from '../message/consensus.ts'
import type { Verified } from '../message/envelope.ts'
import { ignore } from '../result.ts'
import { act } from './act.ts'
import { blockIdOf, checkBlockBody } from './block.ts'
import { takeChain } from './chain.ts'
import type { Refusal } from './code.ts'
import { checkParameters, closeDraft, type Draft, openDraft } from './draft.ts'
import type { ConsensusEffect } from './effect.ts'
import { addBlock } from './execute.ts'
import { createSchedule } from './leader.ts'
import { takeProposal } from './offer.ts'
import type { ConsensusContext, EpochStart, FinalPoint, Simplex } from './state.ts'
import { takeCertificate, takeVote } from './take-vote.ts'
import { checkValidatorSet } from './validators.ts'
import { computeDeadline } from './view.ts'

/** What came of one call. `refusal`: why what a peer sent was not taken; effects and state hold all the same. */
export interface SimplexStep<State> {
  readonly simplex: Simplex<State>
  readonly effects: readonly ConsensusEffect<State>[]
  readonly refusal: Refusal
}

/** Starts on the root of an epoch: the genesis for epoch 1, a certified b_{e−1} for a later one. [CON-12] */
export function createSimplex<State>(
  context: ConsensusContext<State>,
  start: EpochStart<State>,
  nowMs: number,
): SimplexStep<State> {
  checkParameters(context)
  const { root } = start
  const final = { ...root, view: null }
  const simplex = createState(context, { ...start, root: root.id, final }, nowMs)
  return run(simplex, context, nowMs, () => null)
}

/** A leader's proposal. [CON-8] */
export function onProposal<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  proposal: Verified<Proposal>,
  nowMs: number,
): SimplexStep<State> {
  return run(simplex, context, nowMs, (draft) => takeProposal(draft, proposal))
}

/** A validator's vote. [CON-8] */
export function onVote<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  vote: Verified<Vote>,
  nowMs: number,
): SimplexStep<State> {
  return run(simplex, context, nowMs, (draft) => takeVote(draft, vote))
}

/** A certificate that a peer sent directly; its signatures are checked here. `from`: the peer, who may be behind. [CON-5] */
export function onCertificate<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  certificate: Certificate,
  nowMs: number,
  from: AgentId | null = null,
): SimplexStep<State> {
  return run(simplex, context, nowMs, (draft) => takeCertificate(draft, certificate, from))
}

/** A body that we asked for. [CON-14] */
export function onBlock<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  block: Block,
  nowMs: number,
): SimplexStep<State> {
  return run(simplex, context, nowMs, (draft) => {
    if (!draft.wanted.has(blockIdOf(block.header))) return ignore('unasked-block').error
    const { header, ...body } = block
    if (header.epoch !== draft.fields.epoch) return ignore('unasked-block').error
    const checked = checkBlockBody(header, body)
    if (!checked.ok) return checked.error
    addBlock(draft, block)
    return null
  })
}

/** Final blocks above ours, oldest first, all of one epoch, and a finalize certificate for the last. [CON-16] */
export function onChain<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  { blocks, certificate }: { readonly blocks: readonly Block[]; readonly certificate: Certificate },
  nowMs: number,
): SimplexStep<State> {
  return run(simplex, context, nowMs, (draft) => takeChain(draft, blocks, certificate))
}

/** The instant that {@link nextDeadlineMs} named has come. */
export function onTick<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  nowMs: number,
): SimplexStep<State> {
  return run(simplex, context, nowMs, () => null)
}

/** The next instant at which {@link onTick} has something to do; null while only others can go on. */
export function nextDeadlineMs<State>(simplex: Simplex<State>): number | null {
  return simplex.deadlineAtMs
}

function run<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  nowMs: number,
  take: (draft: Draft<State>) => Refusal,
): SimplexStep<State> {
  const draft = openDraft(simplex, context, nowMs)
  const refusal = take(draft)
  act(draft)
  return { ...closeDraft(draft, computeDeadline(draft)), refusal }
}

/** Where a state may begin: at the root of an epoch, or at a final block within it. */
export interface StartPoint<State> extends Pick<EpochStart<State>, 'epoch' | 'set' | 'seed'> {
  /** b_{e−1}, or the genesis; null where it is not known any more, which does no harm behind the first block of the epoch. */
  readonly root: Simplex<State>['root']
  readonly rootCertificate?: Certificate | null
  readonly final: FinalPoint<State>
}

export function createState<State>(
  { parameters }: ConsensusContext<State>,
  point: StartPoint<State>,
  nowMs: number,
): Simplex<State> {
  const { epoch, set, seed, root, final } = point
  const checked = checkValidatorSet(set)
  const electorate = present(checked.ok ? checked.value : null, 'an epoch starts with a valid set')
  const isOnRoot = final.view === null
  return {
    epoch,
    schedule: createSchedule(electorate, seed),
    root,
    final,
    tip: { id: final.id, view: final.view ?? -1, notarization: null },
    view: final.view === null ? 0 : final.view + 1,
    enteredAtMs: nowMs,
    rounds: new Map(),
    blocks: new Map(),
    seenAtMs: new Map(),
    wanted: new Map(),
    rootCertificate: isOnRoot ? final.certificate : (point.rootCertificate ?? null),
    previousElectorate: null,
    early: [],
    laggingSinceMs: null,
    syncAskedAtMs: null,
    answeredAtMs: new Map(),
    reported: new Set(),
    retryCount: 0,
    retryAtMs: Math.max(nowMs, final.seenAtMs + parameters.blockIntervalMs) + parameters.retryMs,
    endRetryAtMs: null,
    deadlineAtMs: null,
  }
}
