import type { AgentId } from '@commonweal/protocol'
import type { Judgement } from '../loop.ts'
import type { LogPort } from '../ports.ts'
import type { Place, WantedState } from './certified-state.ts'
import type { PeerPool } from './peer-pool.ts'
import type { ChainPart, SyncClient } from './sync-client.ts'
import { checkJudgement } from './sync-error.ts'

export interface CatchUpOptions {
  readonly client: SyncClient
  readonly peers: PeerPool
  readonly log: LogPort
  /** Of our last final block. */
  readonly place: () => Place
  /** Whoever is further behind than this passes blocks over. [SYN-9] */
  readonly behindMax: { readonly blocks: number; readonly epochs: number }
  /** Hands final blocks to the replica; resolves with what it made of them. */
  readonly onChain: (part: ChainPart, from: AgentId | null) => Promise<Judgement>
  /** Goes on from such a snapshot, if peers prove one; resolves when that is done, or cannot be. Must not throw. */
  readonly onSnapshot: (wanted: WantedState) => Promise<void>
}

/**
 * Fetches the final blocks above our height, one peer at a time, until that peer has no more. Where that is too many, or nobody
 * keeps them any more, a snapshot takes their place. [SYN-9]
 */
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
    const { peers, log, place, onSnapshot } = this.#options
    let isPassedOver = false
    for (const peerId of peers.order(from)) {
      const before = place().height
      try {
        await this.#follow(peerId)
      } catch (error) {
        const code = peers.blame(peerId, error)
        if (code === 'not-held') isPassedOver = true
        log.debug({ peerId, code }, 'final blocks did not come')
      }
      if (place().height > before) return
    }
    if (isPassedOver) await onSnapshot({ heightMin: place().height + 1 })
  }

  async #follow(peerId: string): Promise<void> {
    const { client, peers, place, onChain } = this.#options
    await this.#passOver(peerId)
    while (true) {
      const before = place().height
      const part = await client.blocks(peerId, before + 1)
      checkJudgement(await onChain(part, peers.agentOf(peerId)), peerId)
      if (place().height === before) return
    }
  }

  /** Where this peer is too far ahead of us. It may say so of itself: whether anybody is, a head must prove. */
  async #passOver(peerId: string): Promise<void> {
    const { client, place, behindMax, onSnapshot } = this.#options
    const head = (await client.head(peerId))?.header
    const { epoch, height } = place()
    if (head === undefined) return
    const isFar = (at: Place): boolean =>
      at.height - height > behindMax.blocks || at.epoch - epoch > behindMax.epochs
    if (isFar(head)) await onSnapshot({ heightMin: height + 1, isHeadFar: isFar })
  }
}
