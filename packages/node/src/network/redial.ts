import type { NetworkLimits } from './limits.ts'

export type RedialLimits = Pick<
  NetworkLimits,
  'redialMsMin' | 'redialMsMax' | 'dialDeferMs' | 'forgetMs'
>

interface Target {
  /** Where to dial; without one, the addresses that the peer told us at an earlier connection. */
  readonly address: string | undefined
  /** Boot nodes and peers that the operator named are never forgotten. */
  readonly isPermanent: boolean
  readonly failures: number
  readonly nextAtMs: number
  readonly lostAtMs: number
  readonly status: 'waiting' | 'dialling' | 'connected'
}

export interface DueDial {
  readonly peerId: string
  readonly address: string | undefined
}

/**
 * Whom to dial, and when. libp2p dials a boot node once; this goes on for as long as the node runs. Pure: the caller
 * brings the clock and does the dialling.
 *
 * Of two peers the one with the lower id dials at once; the other waits `dialDeferMs` first, so that two dials rarely
 * cross. Each failure doubles the pause, from `redialMsMin` to `redialMsMax`.
 *
 * Source  spec/wire.md §3 [WIRE-11] [WIRE-12]
 */
export class RedialPlan {
  readonly #selfId: string
  readonly #limits: RedialLimits
  readonly #targets = new Map<string, Target>()

  constructor(selfId: string, limits: RedialLimits) {
    this.#selfId = selfId
    this.#limits = limits
  }

  /** Adds a peer to keep connected to. A permanent one stays permanent. */
  add(peerId: string, address: string | undefined, isPermanent: boolean, nowMs: number): void {
    if (peerId === this.#selfId) return
    const known = this.#targets.get(peerId)
    if (known !== undefined) {
      const keepsAddress = address === undefined || (known.isPermanent && !isPermanent)
      this.#set(peerId, {
        ...known,
        address: keepsAddress ? known.address : address,
        isPermanent: known.isPermanent || isPermanent,
      })
      return
    }
    this.#set(peerId, {
      address,
      isPermanent,
      failures: 0,
      nextAtMs: nowMs + this.#deferMs(peerId),
      lostAtMs: nowMs,
      status: 'waiting',
    })
  }

  /** The peers to dial at this instant; they count as being dialled from here on. */
  takeDue(nowMs: number): DueDial[] {
    const due: DueDial[] = []
    for (const [peerId, target] of this.#targets) {
      if (target.status !== 'waiting' || nowMs < target.nextAtMs) continue
      if (!target.isPermanent && nowMs - target.lostAtMs > this.#limits.forgetMs) {
        this.#targets.delete(peerId)
        continue
      }
      this.#set(peerId, { ...target, status: 'dialling' })
      due.push({ peerId, address: target.address })
    }
    return due
  }

  /** The instant of the next dial; undefined where nobody waits for one. */
  nextAtMs(): number | undefined {
    let next: number | undefined
    for (const target of this.#targets.values()) {
      if (target.status === 'waiting') next = Math.min(next ?? target.nextAtMs, target.nextAtMs)
    }
    return next
  }

  up(peerId: string): void {
    const target = this.#targets.get(peerId)
    if (target !== undefined) this.#set(peerId, { ...target, failures: 0, status: 'connected' })
  }

  down(peerId: string, nowMs: number): void {
    const target = this.#targets.get(peerId)
    if (target?.status !== 'connected') return
    const nextAtMs = nowMs + this.#deferMs(peerId)
    this.#set(peerId, { ...target, status: 'waiting', nextAtMs, lostAtMs: nowMs })
  }

  /** A dial ended without an admitted connection. */
  failed(peerId: string, nowMs: number): void {
    const target = this.#targets.get(peerId)
    if (target?.status !== 'dialling') return
    const { redialMsMin, redialMsMax } = this.#limits
    const pauseMs = Math.min(redialMsMax, redialMsMin * 2 ** target.failures)
    const failures = Math.min(target.failures + 1, 32)
    this.#set(peerId, { ...target, status: 'waiting', failures, nextAtMs: nowMs + pauseMs })
  }

  /** Leaves the peer alone until that instant: it is of another network, banned or blocked. */
  pause(peerId: string, untilMs: number): void {
    const target = this.#targets.get(peerId)
    if (target !== undefined) this.#set(peerId, { ...target, status: 'waiting', nextAtMs: untilMs })
  }

  /** Dials a waiting peer without further delay: the operator asked, or a block was lifted. */
  hurry(peerId: string, nowMs: number): void {
    const target = this.#targets.get(peerId)
    if (target?.status !== 'waiting') return
    this.#set(peerId, { ...target, failures: 0, nextAtMs: nowMs })
  }

  #deferMs(peerId: string): number {
    return this.#selfId < peerId ? 0 : this.#limits.dialDeferMs
  }

  #set(peerId: string, target: Target): void {
    this.#targets.set(peerId, target)
  }
}
