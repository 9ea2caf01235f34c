import type { Verified } from '../message/envelope.ts'
import { askWhenLagging, certificatesFrom, wantAgain } from './ask.ts'
import { type Draft, emit, isVoter, roundOf } from './draft.ts'
import { endVotesOf, retryPauseMs } from './view.ts'

/** Says and asks again, past gossip, what seems to have been lost. [CON-13] */
export function retry<State>(draft: Draft<State>): void {
  wantAgain(draft)
  askWhenLagging(draft)
  if (!isVoter(draft)) return
  retryView(draft)
  retryEnd(draft)
}

/** Still in the same view: what we signed in it, and the certificates that led us here from the latest block. [CON-13] */
function retryView<State>(draft: Draft<State>): void {
  const { view, tip, final, retryAtMs, retryCount } = draft.fields
  if (draft.nowMs < retryAtMs) return
  for (const certificate of certificatesFrom(draft, tip.view)) {
    emit(draft, { kind: 'send', to: null, frame: { kind: 'certificate', certificate } })
  }
  const { proposal, notarize, nullify } = roundOf(draft, view).own
  const finalize = tip.id === final.id ? null : roundOf(draft, tip.view).own.finalize
  for (const signed of [finalize, proposal, notarize, nullify]) sendAgain(draft, signed)
  const nextMs = draft.nowMs + retryPauseMs(draft)
  draft.fields = { ...draft.fields, retryCount: retryCount + 1, retryAtMs: nextMs }
}

/** Our finalize votes on b_e, every `retryMs` until it is final: the epoch ends in no other way. [CON-12] */
function retryEnd<State>(draft: Draft<State>): void {
  const rounds = endVotesOf(draft)
  const { endRetryAtMs } = draft.fields
  if (rounds.length === 0) return
  if (endRetryAtMs !== null && draft.nowMs < endRetryAtMs) return
  if (endRetryAtMs !== null) for (const { own } of rounds) sendAgain(draft, own.finalize)
  const { retryMs } = draft.context.parameters
  draft.fields = { ...draft.fields, endRetryAtMs: draft.nowMs + retryMs }
}

function sendAgain<State>(draft: Draft<State>, signed: Verified | null): void {
  if (signed === null) return
  const { envelope } = signed
  emit(draft, { kind: 'send', to: null, frame: { kind: 'envelope', envelope } })
}
