/** A peer as a node that keeps the rules has it. */
export interface Blamed {
  readonly agent: string | null
  readonly peerId: string
  readonly reputation: number
  readonly isBanned: boolean
  readonly codes: Readonly<Record<string, number>>
}

/** Whom one node blames. */
export interface Opinion {
  /** Name of the node. */
  readonly by: string
  readonly blamed: readonly Blamed[]
}

/** All that is known of who broke the protocol. */
export interface OffenceFacts {
  readonly seats: readonly {
    readonly agent: string
    readonly name: string
    /** What it was started to do, as it is written; null for one that keeps the rules. */
    readonly fault: string | null
  }[]
  readonly slashes: readonly {
    readonly agent: string
    readonly offence: string
    readonly amountMicro: bigint
  }[]
  /** Of the nodes that keep the rules. */
  readonly opinions: readonly Opinion[]
}

/** Who was started as an adversary, slashed, or scored down, and why. */
export interface OffenderReport {
  readonly name: string
  readonly fault: string | null
  /** What the ledger took, by offence. */
  readonly slashed: readonly {
    readonly offence: string
    readonly count: number
    readonly amountMicro: bigint
  }[]
  readonly scoredDownBy: readonly string[]
  readonly bannedBy: readonly string[]
  /** What they blame it for, all together. */
  readonly codes: Readonly<Record<string, number>>
}

/** Names them: seats in their order, then peers that have none. */
export function nameOffenders(facts: OffenceFacts): readonly OffenderReport[] {
  const { seats, slashes, opinions } = facts
  const seated = seats.map(({ agent: id, name, fault }): Named => ({ id, name, fault }))
  const strangers = [
    ...opinions.flatMap(({ blamed }) => blamed.map((one) => [idOf(one), one.peerId] as const)),
    ...slashes.map(({ agent }) => [agent, agent] as const),
  ].filter(([id]) => !seats.some(({ agent }) => agent === id))
  const others = [...new Map(strangers)].map(([id, name]): Named => {
    return { id, name: `…${name.slice(-8)}`, fault: null }
  })
  return [...seated, ...others]
    .map((named) => report(facts, named))
    .filter(
      ({ fault, slashed, scoredDownBy }) =>
        fault !== null || slashed.length > 0 || scoredDownBy.length > 0,
    )
}

interface Named {
  /** Of its agent, or of the peer where that is none. */
  readonly id: string
  readonly name: string
  readonly fault: string | null
}

function idOf({ agent, peerId }: Blamed): string {
  return agent ?? peerId
}

function report({ slashes, opinions }: OffenceFacts, { id, name, fault }: Named): OffenderReport {
  const own = opinions.flatMap(({ by, blamed }) =>
    blamed.filter((one) => idOf(one) === id).map((one) => ({ by, ...one })),
  )
  const codes = new Map<string, number>()
  for (const [code, count] of own.flatMap((one) => Object.entries(one.codes))) {
    codes.set(code, (codes.get(code) ?? 0) + count)
  }
  const offences = Map.groupBy(
    slashes.filter(({ agent }) => agent === id),
    ({ offence }) => offence,
  )
  return {
    name,
    fault,
    slashed: [...offences].map(([offence, taken]) => ({
      offence,
      count: taken.length,
      amountMicro: taken.reduce((sum, { amountMicro }) => sum + amountMicro, 0n),
    })),
    scoredDownBy: own.map(({ by }) => by),
    bannedBy: own.filter(({ isBanned }) => isBanned).map(({ by }) => by),
    codes: Object.fromEntries([...codes].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}
