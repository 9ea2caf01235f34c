/** The gossip streams of one admitted peer, as seen at one tick. */
export interface LinkHealth {
  readonly peerId: string
  /** How long the peer has been admitted. */
  readonly ageMs: number
  readonly inbound: boolean
  readonly outbound: boolean
}

export interface LinkLimits {
  /** Consecutive bad ticks after which the link is cut and dialled again. */
  readonly badTicks: number
  /** A link younger than this is still opening its streams. */
  readonly graceMs: number
}

export interface LinkDecision {
  /** Bad ticks in a row per peer, to be handed back at the next tick. */
  readonly badTicks: ReadonlyMap<string, number>
  /** Peers whose outbound stream should be opened again on the living connection. */
  readonly repair: readonly string[]
  /** Peers to hang up on and to dial again. */
  readonly redial: readonly string[]
}

/**
 * Decides what to do about links on which gossip flows one way only. Gossipsub never reopens a stream that closed while
 * its connection lives, and one oversized frame closes it; both leave a pair deaf for good unless somebody looks.
 *
 * Source  spec/wire.md §3 [WIRE-13]
 */
export function decideLinks(
  before: ReadonlyMap<string, number>,
  links: readonly LinkHealth[],
  limits: LinkLimits,
): LinkDecision {
  const badTicks = new Map<string, number>()
  const repair: string[] = []
  const redial: string[] = []
  for (const link of links) {
    if ((link.inbound && link.outbound) || link.ageMs < limits.graceMs) continue
    const bad = (before.get(link.peerId) ?? 0) + 1
    if (bad >= limits.badTicks) {
      redial.push(link.peerId)
      continue
    }
    badTicks.set(link.peerId, bad)
    if (!link.outbound) repair.push(link.peerId)
  }
  return { badTicks, repair, redial }
}
