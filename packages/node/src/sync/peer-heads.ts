import type { ChainContext } from '@commonweal/protocol'
import { type Claim, JoinError } from '../join-error.ts'
import type { LogPort } from '../ports.ts'
import type { PeerPool } from './peer-pool.ts'
import type { SyncClient } from './sync-client.ts'
import { SyncError } from './sync-error.ts'

/** Peers whose heads, and whose whole chains, are compared at most. */
export const JOIN_PEERS_MAX = 8

/** Whom to ask for a certified state, and how many must answer. */
export interface StateOptions {
  readonly context: ChainContext
  readonly client: SyncClient
  readonly peers: PeerPool
  readonly headCountMin: number
  readonly log: LogPort
}

/** What peers showed as their heads, and who showed less than it had claimed. */
export interface PeerHeads {
  readonly heads: readonly Claim[]
  readonly liars: ReadonlySet<string>
}

/** Errors  JoinError 'too-few-peers' */
export async function collectHeads(options: StateOptions): Promise<PeerHeads> {
  const { client, peers, headCountMin, log } = options
  const heads: Claim[] = []
  const liars = new Set<string>()
  let answers = 0
  for (const peerId of peers.order(null)) {
    if (answers === JOIN_PEERS_MAX) break
    try {
      const head = await client.head(peerId)
      const claimed = peers.claimedHeightOf(peerId)
      const height = head?.header.height ?? 0
      if (height < claimed) {
        liars.add(peerId)
        const sentence = `${peerId} claims a height of ${claimed} and shows ${height}`
        throw new SyncError('bad-content', sentence)
      }
      answers += 1
      if (head !== undefined && head.certificate !== null) {
        heads.push({ peerId, header: head.header, certificate: head.certificate })
      }
    } catch (error) {
      log.warn({ peerId, code: peers.blame(peerId, error) }, 'a peer did not tell its head')
    }
  }
  if (answers >= headCountMin) return { heads, liars }
  throw new JoinError(
    'too-few-peers',
    `${answers} peers told their heads, ${headCountMin} are needed to compare`,
    { facts: { answers, headCountMin } },
  )
}
