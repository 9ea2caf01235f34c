import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { invariant } from '../invariant.ts'
import type { ConsensusEffect, ConsensusRecord } from './effect.ts'
import type { VoteOffence } from './evidence.ts'
import { leaderOf } from './leader.ts'
import type { ConsensusContext, KnownBlock, Pile, Round, Simplex, Wanted } from './state.ts'

type Fields<State> = Omit<
  Simplex<State>,
  'rounds' | 'blocks' | 'seenAtMs' | 'wanted' | 'answeredAtMs' | 'reported'
>

/** A state while one call works on it: containers are copied once, and what is to be done piles up beside. */
export interface Draft<State> {
  readonly context: ConsensusContext<State>
  readonly nowMs: number
  fields: Fields<State>
  readonly rounds: Map<number, Round>
  readonly blocks: Map<Cid, KnownBlock<State>>
  readonly seenAtMs: Map<Cid, number>
  readonly wanted: Map<Cid, Wanted>
  readonly answeredAtMs: Map<AgentId, number>
  readonly reported: Set<`${AgentId}/${VoteOffence}`>
  records: ConsensusRecord[]
  readonly effects: ConsensusEffect<State>[]
  /** Whether something happened that may let us do more. */
  isChanged: boolean
}

export function openDraft<State>(
  simplex: Simplex<State>,
  context: ConsensusContext<State>,
  nowMs: number,
): Draft<State> {
  return {
    context,
    nowMs,
    fields: simplex,
    rounds: new Map(simplex.rounds),
    blocks: new Map(simplex.blocks),
    seenAtMs: new Map(simplex.seenAtMs),
    wanted: new Map(simplex.wanted),
    answeredAtMs: new Map(simplex.answeredAtMs),
    reported: new Set(simplex.reported),
    records: [],
    effects: [],
    isChanged: false,
  }
}

export function closeDraft<State>(
  draft: Draft<State>,
  deadlineAtMs: number | null,
): { readonly simplex: Simplex<State>; readonly effects: readonly ConsensusEffect<State>[] } {
  const { rounds, blocks, seenAtMs, wanted, answeredAtMs, reported } = draft
  const simplex = {
    ...draft.fields,
    rounds,
    blocks,
    seenAtMs,
    wanted,
    answeredAtMs,
    reported,
    deadlineAtMs,
  }
  const { records, effects } = draft
  const persist: ConsensusEffect<State> = { kind: 'persist', records }
  // [CON-W] What we signed, and what it stands on, is on disk before anything of this call is on the wire.
  const ordered = [persist, ...effects]
  return { simplex, effects: records.length === 0 ? effects : ordered }
}

/** Whether we have a vote in this epoch. */
export function isVoter<State>(draft: Draft<State>): boolean {
  const { signer, self } = draft.context
  return signer !== null && draft.fields.schedule.electorate.indexOf.has(self)
}

const NO_VOTES = { proposal: null, notarize: null, nullify: null, finalize: null } as const

/** The round of a view, which may be one that nothing was heard of. */
export function roundOf<State>(draft: Draft<State>, view: number): Round {
  return (
    draft.rounds.get(view) ?? {
      view,
      leader: leaderOf(draft.fields.schedule, view),
      offers: [],
      piles: new Map<string, Pile>(),
      notarization: null,
      nullification: null,
      finalization: null,
      own: NO_VOTES,
    }
  )
}

export function putRound<State>(
  draft: Draft<State>,
  view: number,
  change: Partial<Omit<Round, 'view' | 'leader'>>,
): void {
  draft.rounds.set(view, { ...roundOf(draft, view), ...change })
}

/** Rounds in the order of their views. */
export function roundsInOrder<State>(draft: Draft<State>): readonly Round[] {
  return [...draft.rounds.values()].toSorted((a, b) => a.view - b.view)
}

export function record<State>(draft: Draft<State>, entry: ConsensusRecord): void {
  draft.records.push(entry)
}

export function emit<State>(draft: Draft<State>, effect: ConsensusEffect<State>): void {
  draft.effects.push(effect)
}

/** Notes when we first heard of a block. */
export function noteSeen<State>(draft: Draft<State>, id: Cid): void {
  if (!draft.seenAtMs.has(id)) draft.seenAtMs.set(id, draft.nowMs)
}

/** When we first heard of a block; the last final block included. */
export function seenAtOf<State>(draft: Draft<State>, id: Cid): number {
  if (id === draft.fields.final.id) return draft.fields.final.seenAtMs
  return draft.seenAtMs.get(id) ?? draft.nowMs
}

/** Puts a block that we hold on disk, once. */
export function persistBlock<State>(draft: Draft<State>, id: Cid): void {
  const known = draft.blocks.get(id)
  if (known === undefined || known.isPersisted) return
  draft.blocks.set(id, { ...known, isPersisted: true })
  record(draft, { kind: 'block', id, block: known.block })
}

export function checkParameters<State>({ parameters }: ConsensusContext<State>): void {
  const { deltaMs, blockIntervalMs, retryMs, viewGapMax } = parameters
  invariant(
    [deltaMs, blockIntervalMs, retryMs, viewGapMax].every((value) => value >= 1),
    'each parameter of consensus is at least 1',
  )
}
