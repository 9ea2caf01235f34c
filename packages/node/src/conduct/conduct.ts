import type { AgentId } from '@commonweal/protocol'

/** What one node has seen of another: counts of public things, each of which anybody who was there can check. */
export interface Conduct {
  readonly agent: AgentId
  /** Messages signed by it that no honest, current peer could send. */
  readonly refusedCount: number
  /** Nonces for which it signed two transactions, neither of them at a fee that may replace the other. */
  readonly doubleNonceCount: number
  /** Transactions of its that were heard in this epoch and are in no block. */
  readonly unusedCount: number
  /** Messages of others, long past, that it sent us. */
  readonly staleCount: number
  /** Of the last views that it led and voted in: how many, and how many of them made no block. */
  readonly ledCount: number
  readonly lostCount: number
  /** The last blocks in a row for which no vote of its was heard. */
  readonly unvotedCount: number
  /** Heights among these at which it was heard otherwise. */
  readonly spokenCount: number
}

export type SuspicionKind =
  | 'refused-messages'
  | 'double-nonce'
  | 'floods'
  | 'replays'
  | 'loses-views'
  | 'withholds-votes'
  | 'absent'

/** Why an agent is named. Being absent is no accusation: a machine may be down, or a network cut. */
export interface Suspicion {
  readonly agent: AgentId
  readonly kind: SuspicionKind
  /** What was counted, and how much of it may be chance. */
  readonly count: number
  readonly countMax: number
}

/** Twice what the pools of all nodes keep of one account, so that who is a little behind accuses nobody. */
export const UNUSED_COUNT_MAX = 144
/** Gossip may bring a straggler. */
export const STALE_COUNT_MAX = 2
/** A block takes two votes: where one message in ten is lost, chance hides those for five blocks in a row once in 10¹⁰. */
export const UNVOTED_COUNT_MAX = 4
/** Heights at which one that is away may still be heard: what it had said before. */
const SPOKEN_COUNT_MAX = 2
/** A leader is named if bad luck alone would cost it so many views less often than this. */
const CHANCE_MIN = 1e-6
/** Where others lose so many of their views, the network is bad, and no leader is named. */
const LOST_RATE_MAX = 0.5

/**
 * Names those whose conduct an honest node cannot come to, or hardly ever.
 *
 * Lost views are judged by what others lose: each leader loses some where messages get lost.
 */
export function nameSuspects(conducts: readonly Conduct[]): readonly Suspicion[] {
  return conducts.flatMap((conduct) => {
    const { agent, unvotedCount, spokenCount } = conduct
    const missing = spokenCount > SPOKEN_COUNT_MAX ? 'withholds-votes' : 'absent'
    const counts: readonly (readonly [SuspicionKind, number, number])[] = [
      ['refused-messages', conduct.refusedCount, 0],
      ['double-nonce', conduct.doubleNonceCount, 0],
      ['floods', conduct.unusedCount, UNUSED_COUNT_MAX],
      ['replays', conduct.staleCount, STALE_COUNT_MAX],
      ['loses-views', conduct.lostCount, lostCountMax(conduct, conducts)],
      [missing, unvotedCount, UNVOTED_COUNT_MAX],
    ]
    return counts.flatMap(([kind, count, countMax]): readonly Suspicion[] =>
      count > countMax ? [{ agent, kind, count, countMax }] : [],
    )
  })
}

/** The most views that a leader may lose by bad luck, of those that it led. */
function lostCountMax({ agent, ledCount }: Conduct, conducts: readonly Conduct[]): number {
  const others = conducts.filter((other) => other.agent !== agent)
  const led = others.reduce((sum, other) => sum + other.ledCount, 0)
  const lost = others.reduce((sum, other) => sum + other.lostCount, 0)
  // Laplace's rule of succession: never 0, and cautious where little was seen.
  const rate = (lost + 1) / (led + 2)
  if (rate >= LOST_RATE_MAX) return ledCount
  // From all of them downwards: the chance of so many or more.
  let chance = rate ** ledCount
  let term = chance
  let most = ledCount
  while (most > 0 && chance < CHANCE_MIN) {
    term *= (most / (ledCount - most + 1)) * ((1 - rate) / rate)
    chance += term
    most -= 1
  }
  return most
}
