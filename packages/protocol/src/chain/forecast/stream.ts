import { checkStream, type StreamCode, type StreamShares } from '../../emission/stream.ts'
import type { AgentId } from '../../identity/agent-id.ts'
import type { Ledger } from '../../ledger/draft.ts'
import { ignore, ok, type Result } from '../../result.ts'
import { headOf } from '../head.ts'
import type { TransactionOf, Work } from '../work.ts'
import { findRules, questions, type StreamVersion, streams } from './market.ts'

export type StreamRefusal = 'no-market' | StreamCode | 'too-many-changes'

/** Versions of one agent's stream that questions which are not settled may still need. [FOR-9] */
export const STREAM_VERSIONS_MAX = 64

/**
 * Sets whom an agent passes on what, for questions that open after this block. [FOR-9]
 *
 * A question keeps the streams that were in force when it opened: who has served on the strength of a stream cannot lose it.
 */
export function applyStream(work: Work, tx: TransactionOf<'stream'>): Result<void, StreamRefusal> {
  const rules = findRules(work)
  if (!rules.ok) return rules
  const shares = checkStream(tx.author, tx.shares)
  if (!shares.ok) return shares
  const fromHeight = headOf(work.ledger).height + 2
  const before = streams.find(work.ledger, tx.author) ?? []
  const needed = stillNeeded(before, openHeightsOf(work.ledger))
  const kept = needed.filter((version) => version.fromHeight !== fromHeight)
  if (kept.length >= STREAM_VERSIONS_MAX) return ignore('too-many-changes')
  const version = { fromHeight, shares: shares.value }
  streams.put(work, tx.author, [...kept, version])
  work.events.push({ kind: 'stream-set', agent: tx.author, ...version })
  return ok(undefined)
}

/** What one agent passes on for such a question. */
export function streamOf(ledger: Ledger, agent: AgentId, openHeight: number): StreamShares {
  return versionAt(streams.find(ledger, agent) ?? [], openHeight)?.shares ?? []
}

function versionAt(versions: readonly StreamVersion[], height: number): StreamVersion | undefined {
  return versions.findLast(({ fromHeight }) => fromHeight <= height)
}

/** The versions that a question needs which is there. One that is asked later opens when the new one is in force. */
function stillNeeded(
  versions: readonly StreamVersion[],
  openHeights: readonly number[],
): readonly StreamVersion[] {
  const needed = new Set(openHeights.map((height) => versionAt(versions, height)))
  return versions.filter((version) => needed.has(version))
}

function openHeightsOf(ledger: Ledger): readonly number[] {
  return [...questions.entries(ledger)].map(([, { openHeight }]) => openHeight)
}
