import type { AgentId } from '@commonweal/protocol'
import type { Judgement } from '../loop.ts'
import type { LogPort } from '../ports.ts'
import type { PeerPool } from './peer-pool.ts'
import type { ChainPart, SyncClient } from './sync-client.ts'
import { checkJudgement } from './sync-error.ts'

export interface CatchUpOptions {
  readonly client: SyncClient
  readonly peers: PeerPool
  readonly log: LogPort
  readonly finalHeight: () => number
  /** Hands final blocks to the replica; resolves with what it made of them. */
  readonly onChain: (part: ChainPart, from: AgentId | null) => Promise<Judgement>
}

/** Fetches the final blocks above our height, one peer at a time, until that peer has no more. */
export class CatchUp {
  readonly #options: CatchUpOptions
  #isRunning = false
  #again: { readonly from: AgentId | null } | undefined

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** One run at a time; a wish that comes meanwhile starts one more behind it. */
  start(from: AgentId | null): void {
    if (this.#isRunning) {
      this.#again = { from }
      return
    }
    this.#isRunning = true
    void this.run(from).finally(() => {
      this.#isRunning = false
      const again = this.#again
      this.#again = undefined
      if (again !== undefined) this.start(again.from)
    })
  }

  /** Asks this peer first, then the others, until one has brought us further. */
  async run(from: AgentId | null): Promise<void> {
    const { peers, log, finalHeight } = this.#options
    for (const peerId of peers.order(from)) {
      const before = finalHeight()
      try {
        await this.#follow(peerId)
      } catch (error) {
        log.debug({ peerId, code: peers.blame(peerId, error) }, 'final blocks did not come')
      }
      if (finalHeight() > before) return
    }
  }

  async #follow(peerId: string): Promise<void> {
    const { client, peers, finalHeight, onChain } = this.#options
    while (true) {
      const before = finalHeight()
      const part = await client.blocks(peerId, before + 1)
      checkJudgement(await onChain(part, peers.agentOf(peerId)), peerId)
      if (finalHeight() === before) return
    }
  }
}
