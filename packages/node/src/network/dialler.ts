import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { NetworkLimits } from './limits.ts'
import type { NetworkLogger } from './port.ts'
import type { DueDial } from './redial.ts'
import { RedialPlan } from './redial.ts'
import { TransportError } from './transport-error.ts'

export interface DiallerOptions {
  readonly libp2p: Libp2p
  readonly limits: NetworkLimits
  readonly nowMs: () => number
  readonly logger: NetworkLogger
  readonly signal: AbortSignal
  /** Resolves when the connection's handshake is over; says whether it passed. */
  readonly passed: (connection: Connection) => Promise<boolean>
  /** Peers that must not be dialled for the time being. */
  readonly isDenied: (peerId: string) => boolean
}

/** Carries out a {@link RedialPlan}: one timer, set for whoever is due next. */
export class Dialler {
  readonly plan: RedialPlan
  readonly #options: DiallerOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: DiallerOptions) {
    this.#options = options
    this.plan = new RedialPlan(options.libp2p.peerId.toString(), options.limits)
    options.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true })
  }

  /** Looks at the plan again: call it after every change. */
  wake(): void {
    const { signal, nowMs, limits, isDenied } = this.#options
    if (signal.aborted) return
    const now = nowMs()
    for (const due of this.plan.takeDue(now)) {
      if (isDenied(due.peerId)) this.plan.pause(due.peerId, now + limits.redialMsMax)
      else void this.#dial(due)
    }
    clearTimeout(this.#timer)
    const nextAtMs = this.plan.nextAtMs()
    if (nextAtMs === undefined) return
    this.#timer = setTimeout(() => this.wake(), Math.max(1, nextAtMs - now))
  }

  async #dial({ peerId, address }: DueDial): Promise<void> {
    const { libp2p, limits, nowMs, signal, logger, passed } = this.#options
    try {
      const connection = await libp2p.dial(
        address === undefined ? peerIdFromString(peerId) : multiaddr(address),
        { signal: AbortSignal.any([signal, AbortSignal.timeout(limits.dialTimeoutMs)]) },
      )
      if (await passed(connection)) this.plan.up(peerId)
      else this.plan.failed(peerId, nowMs())
    } catch (error) {
      if (signal.aborted) return
      logger.debug({ peerId, address, error }, 'a dial failed')
      this.plan.failed(peerId, nowMs())
    }
    this.wake()
  }
}

/** The peer id at the end of a multiaddr. Errors: TransportError 'bad-address'. */
export function parsePeerAddress(address: string): { peerId: string; address: string } {
  try {
    const parsed = multiaddr(address)
    const last = parsed.getComponents().at(-1)
    if (last?.name === 'p2p' && last.value !== undefined) {
      return { peerId: peerIdFromString(last.value).toString(), address: parsed.toString() }
    }
  } catch (cause) {
    throw new TransportError('bad-address', `${address} is no multiaddr`, { cause })
  }
  throw new TransportError('bad-address', `${address} does not end in /p2p/<peer id>`)
}
