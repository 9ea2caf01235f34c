import type { AgentId, Block, Cid } from '@commonweal/protocol'
import type { Judgement } from '../loop.ts'
import type { LogPort } from '../ports.ts'
import type { PeerPool } from './peer-pool.ts'
import type { SyncClient } from './sync-client.ts'
import { checkJudgement } from './sync-error.ts'

/** Bodies fetched at once, and those that wait; beyond it the one that waited longest is dropped and asked for again. */
export const FETCHES_MAX = 8
export const FETCHES_WAITING_MAX = 64
/** Peers asked for one body before it is given up; the replica asks again while it needs it. */
export const FETCH_ATTEMPTS_MAX = 6

interface Wanted {
  readonly id: Cid
  readonly from: AgentId | null
}

export interface BlockFetcherOptions {
  readonly client: SyncClient
  readonly peers: PeerPool
  readonly log: LogPort
  /** Hands a body to the replica; resolves with what it made of it. */
  readonly onBlock: (block: Block, from: AgentId | null) => Promise<Judgement>
}

/** Fetches bodies that the replica lacks: from whom it names first, then from others, each body once at a time. */
export class BlockFetcher {
  readonly #options: BlockFetcherOptions
  readonly #running = new Set<Cid>()
  #waiting: readonly Wanted[] = []

  constructor(options: BlockFetcherOptions) {
    this.#options = options
  }

  fetch(id: Cid, from: AgentId | null): void {
    if (this.#running.has(id) || this.#waiting.some((wanted) => wanted.id === id)) return
    this.#waiting = [...this.#waiting, { id, from }].slice(-FETCHES_WAITING_MAX)
    this.#next()
  }

  #next(): void {
    const [wanted, ...others] = this.#waiting
    if (wanted === undefined || this.#running.size >= FETCHES_MAX) return
    this.#waiting = others
    this.#running.add(wanted.id)
    void this.#run(wanted).finally(() => {
      this.#running.delete(wanted.id)
      this.#next()
    })
  }

  async #run({ id, from }: Wanted): Promise<void> {
    const { client, peers, log, onBlock } = this.#options
    for (const peerId of peers.order(from).slice(0, FETCH_ATTEMPTS_MAX)) {
      try {
        const block = await client.block(peerId, id)
        checkJudgement(await onBlock(block, peers.agentOf(peerId)), peerId)
        return
      } catch (error) {
        log.debug({ peerId, block: id, code: peers.blame(peerId, error) }, 'a block did not come')
      }
    }
  }
}
