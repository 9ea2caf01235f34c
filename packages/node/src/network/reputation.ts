import type { NetworkLimits } from './limits.ts'

export type ReputationLimits = Pick<
  NetworkLimits,
  'banReputation' | 'banMs' | 'reputationHalfLifeMs' | 'reputationCountMax'
>

interface Record {
  readonly value: number
  readonly atMs: number
  readonly bannedUntilMs: number
}

/**
 * What we remember of each peer, whether it is connected or not: 0 for a stranger, less for each fault, halved every
 * half-life. Gossip's own score forgets a peer that reconnects; this does not.
 *
 * Units   points; a peer at `banReputation` is banned for `banMs`.
 * Shape   at most `reputationCountMax` peers; the one nearest to a stranger gives way, a banned one last.
 * Source  spec/wire.md §6 [WIRE-24] [WIRE-25]
 */
export class Reputation {
  readonly #limits: ReputationLimits
  readonly #records = new Map<string, Record>()

  constructor(limits: ReputationLimits) {
    this.#limits = limits
  }

  /** Takes points off; says whether this is what banned the peer. */
  penalise(peerId: string, points: number, nowMs: number): boolean {
    const wasBanned = this.isBanned(peerId, nowMs)
    const value = Math.max(this.#limits.banReputation, this.valueOf(peerId, nowMs) - points)
    if (value > this.#limits.banReputation) {
      const bannedUntilMs = this.#records.get(peerId)?.bannedUntilMs ?? 0
      this.#keep(peerId, { value, atMs: nowMs, bannedUntilMs }, nowMs)
      return false
    }
    this.ban(peerId, nowMs)
    return !wasBanned
  }

  ban(peerId: string, nowMs: number): void {
    const { banReputation, banMs } = this.#limits
    this.#keep(peerId, { value: banReputation, atMs: nowMs, bannedUntilMs: nowMs + banMs }, nowMs)
  }

  valueOf(peerId: string, nowMs: number): number {
    const record = this.#records.get(peerId)
    return record === undefined ? 0 : this.#decayed(record, nowMs)
  }

  isBanned(peerId: string, nowMs: number): boolean {
    const record = this.#records.get(peerId)
    return record !== undefined && nowMs < record.bannedUntilMs
  }

  get size(): number {
    return this.#records.size
  }

  // [WIRE-24]
  #decayed(record: Record, nowMs: number): number {
    const halfLives = Math.max(0, nowMs - record.atMs) / this.#limits.reputationHalfLifeMs
    return record.value * 0.5 ** halfLives
  }

  #keep(peerId: string, record: Record, nowMs: number): void {
    this.#records.set(peerId, record)
    if (this.#records.size <= this.#limits.reputationCountMax) return
    let forgotten = peerId
    let best = Number.NEGATIVE_INFINITY
    for (const [candidate, kept] of this.#records) {
      const value =
        this.#decayed(kept, nowMs) + (nowMs < kept.bannedUntilMs ? this.#limits.banReputation : 0)
      if (candidate === peerId || value <= best) continue
      best = value
      forgotten = candidate
    }
    this.#records.delete(forgotten)
  }
}
