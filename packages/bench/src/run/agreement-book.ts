import type { LawInForce } from '@commonweal/node/agent'
import {
  type AgentId,
  type Binding,
  type BoundLaw,
  type Cid,
  checkLaw,
  createLawState,
  type EnforcementRecord,
  type Language,
  type LawOutcome,
  present,
  settleEnd,
  type Terms,
} from '@commonweal/protocol'

export interface AgreementRecord {
  readonly id: Cid
  readonly terms: Terms
  /** Seats that signed. */
  readonly holders: readonly number[]
  /** The round in which it was negotiated. */
  readonly round: number
}

export interface LawRecord {
  readonly round: number
  readonly agreement: Cid
  readonly records: readonly EnforcementRecord[]
}

/** What a round of a run did with money. */
interface Settled {
  readonly laws: readonly LawOutcome[]
  readonly creditsMicro: readonly bigint[]
  readonly burnedMicro: bigint
}

export interface BookOptions {
  readonly seats: readonly AgentId[]
  readonly binding: Binding
  readonly language: Language
  /** By seat: what it can set aside. Without it everybody has enough. */
  readonly fundsMicro?: readonly bigint[]
}

interface Covering extends AgreementRecord {
  readonly law: LawInForce | null
}

/** The agreements of a run without a ledger: whom they bind, what their laws hold, and what they have paid. */
export class AgreementBook {
  readonly laws: LawRecord[] = []
  burnedMicro = 0n
  readonly #options: BookOptions
  readonly #agreements: Covering[] = []
  #creditsMicro: readonly bigint[]

  constructor(options: BookOptions) {
    this.#options = options
    this.#creditsMicro = options.seats.map(() => 0n)
  }

  get agreements(): readonly AgreementRecord[] {
    return this.#agreements.map(({ id, terms, holders, round }) => ({ id, terms, holders, round }))
  }

  /** The last agreement that covers a round: one that replaces another comes after it. */
  coveringAt(round: number): Covering | undefined {
    return this.#agreements[this.#indexCovering(round)]
  }

  /** Binds the seats to terms that were agreed; not where a signer has not the collateral that it promised. [AGR-6] */
  form({ id, terms, holders, round }: AgreementRecord): void {
    const { seats, language } = this.#options
    const collateralMicro = this.#collateralOf(terms)
    const signer = seats.map((_, seat) => holders.includes(seat))
    if (!this.#isFunded(collateralMicro, signer)) return
    const agreement = { id, terms, holders, round }
    if (terms.law === null) {
      this.#agreements.push({ ...agreement, law: null })
      return
    }
    const checked = checkLaw(terms.law, language)
    const law = present(checked.ok ? checked.value : null, 'terms that were tabled have a good law')
    const bound = this.#bind(law, signer)
    const state = createLawState(collateralMicro)
    this.#agreements.push({ ...agreement, law: { id, terms, bound, state } })
  }

  /** Takes over what the law in force did in a round. */
  settle(round: number, settled: Settled): void {
    const index = this.#indexCovering(round)
    const covering = this.#agreements[index]
    const law = covering?.law ?? null
    const [outcome] = settled.laws
    if (covering === undefined || law === null || outcome === undefined) return
    this.#agreements[index] = { ...covering, law: { ...law, state: outcome.state } }
    this.laws.push({ round, agreement: covering.id, records: outcome.records })
    this.burnedMicro += settled.burnedMicro
    this.#creditsMicro = this.#creditsMicro.map(
      (credit, seat) => credit + (settled.creditsMicro[seat] ?? 0n),
    )
  }

  /** By seat: what laws paid it, less what they took; collateral that comes back at the end is neither. */
  computeNetCredits(): readonly bigint[] {
    const net = [...this.#creditsMicro]
    for (const { law } of this.#agreements) {
      if (law === null) continue
      const collateral = this.#collateralOf(law.terms)
      settleEnd(law.state).forEach((returned, seat) => {
        net[seat] = (net[seat] ?? 0n) + returned - (collateral[seat] ?? 0n)
      })
    }
    return net
  }

  #isFunded(collateralMicro: readonly bigint[], signer: readonly boolean[]): boolean {
    const { fundsMicro } = this.#options
    if (fundsMicro === undefined) return true
    return collateralMicro.every(
      (asked, seat) => signer[seat] !== true || asked <= (fundsMicro[seat] ?? 0n),
    )
  }

  #collateralOf({ parties, collateralMicro }: Terms): readonly bigint[] {
    return this.#options.seats.map((agent) => collateralMicro[parties.indexOf(agent)] ?? 0n)
  }

  /** Under `members` every seat is bound; under `signers` those that signed. */
  #bind(law: BoundLaw['law'], signer: readonly boolean[]): BoundLaw {
    const isBinding = this.#options.binding === 'members'
    return { law, signer, bound: isBinding ? signer.map(() => true) : signer }
  }

  #indexCovering(round: number): number {
    return this.#agreements.findLastIndex(
      ({ terms }) => terms.rounds[0] <= round && round <= terms.rounds[1],
    )
  }
}
