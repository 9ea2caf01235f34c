import type { Cid } from '../codec/cid.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Certificate } from '../message/consensus.ts'
import { type Draft, emit } from './draft.ts'

/** Bodies that are asked for at a time. [CON-15] */
export const WANTED_MAX = 64

/** Asks for the body of a block that we lack: first from one of those who hold it, later from the next. [CON-14] */
export function want<State>(
  draft: Draft<State>,
  id: Cid,
  { view, holders }: { readonly view: number; readonly holders: readonly AgentId[] },
): void {
  if (draft.wanted.has(id) || draft.blocks.has(id) || id === draft.fields.final.id) return
  if (draft.wanted.size >= WANTED_MAX) return
  const others = holders.filter((agent) => agent !== draft.context.self)
  draft.wanted.set(id, { view, holders: others, askCount: 1, askedAtMs: draft.nowMs })
  emit(draft, { kind: 'fetch-block', id, from: others[0] ?? null })
}

/** Asks again for the bodies that did not come. [CON-14] */
export function wantAgain<State>(draft: Draft<State>): void {
  const { retryMs } = draft.context.parameters
  for (const [id, wanted] of draft.wanted) {
    if (draft.nowMs < wanted.askedAtMs + retryMs) continue
    const { holders, askCount } = wanted
    // One turn in so many is for whoever is connected: none of those who hold it may be.
    const from = holders[askCount % (holders.length + 1)] ?? null
    draft.wanted.set(id, { ...wanted, askCount: askCount + 1, askedAtMs: draft.nowMs })
    emit(draft, { kind: 'fetch-block', id, from })
  }
}

/** Asks for final blocks, at most once a `retryMs`. [CON-16] */
export function askSync<State>(draft: Draft<State>, from: AgentId | null): void {
  const { syncAskedAtMs } = draft.fields
  if (syncAskedAtMs !== null && draft.nowMs < syncAskedAtMs + draft.context.parameters.retryMs)
    return
  draft.fields = { ...draft.fields, syncAskedAtMs: draft.nowMs }
  emit(draft, { kind: 'sync', from })
}

/** Asks for final blocks once the next epoch has been under way elsewhere for Δ and we are not in it. [CON-16] */
export function askWhenLagging<State>(draft: Draft<State>): void {
  const { laggingSinceMs } = draft.fields
  if (laggingSinceMs === null) return
  if (draft.nowMs < laggingSinceMs + draft.context.parameters.deltaMs) return
  draft.fields = { ...draft.fields, laggingSinceMs: null }
  askSync(draft, null)
}

/**
 * Sends a peer that is behind the certificates that let it go on, at most once a `retryMs`. [CON-13]
 *
 * view: the one in which the peer is; null when it is in an epoch that is over.
 */
export function answer<State>(draft: Draft<State>, peer: AgentId, view: number | null): void {
  const { schedule, previousElectorate, rootCertificate } = draft.fields
  const { self, parameters } = draft.context
  const isPeer =
    schedule.electorate.indexOf.has(peer) || previousElectorate?.indexOf.has(peer) === true
  if (!isPeer || peer === self) return
  const lastMs = draft.answeredAtMs.get(peer)
  if (lastMs !== undefined && draft.nowMs < lastMs + parameters.retryMs) return
  draft.answeredAtMs.set(peer, draft.nowMs)
  const certificates = view === null ? [rootCertificate] : certificatesFrom(draft, view)
  for (const certificate of certificates) {
    if (certificate === null) continue
    emit(draft, { kind: 'send', to: peer, frame: { kind: 'certificate', certificate } })
  }
}

/**
 * The certificates that lead from a view to ours: the latest finalize quorum and the latest notarization, unless they are older,
 * and each nullification since. [CON-13]
 */
export function certificatesFrom<State>(draft: Draft<State>, view: number): readonly Certificate[] {
  const { final, tip } = draft.fields
  const found: Certificate[] = []
  if (final.view !== null && final.certificate !== null && final.view >= view) {
    found.push(final.certificate)
  }
  if (tip.notarization !== null && tip.view >= view) found.push(tip.notarization)
  for (let gap = Math.max(view, tip.view + 1); gap < draft.fields.view; gap++) {
    const nullification = draft.rounds.get(gap)?.nullification
    if (nullification != null) found.push(nullification)
  }
  return found
}
