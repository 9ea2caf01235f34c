import {
  type BoundLaw,
  type Clause,
  checkLaw,
  createLawState,
  type Digest,
  digestOf,
  game,
  type Law,
  present,
  settleEnd,
  settleRound,
  signalState,
} from '@commonweal/protocol'
import type { Profile, StageGame } from './stage-game.ts'

/**
 * What a contract does to a round: whom it charges, and which actions it leaves.
 *
 * Charges are between seats and the ledger and are no part of welfare, as in the published figures.
 */
export interface Mechanism {
  readonly name: string
  /** Net of receipts, by seat, in micro-tokens. */
  chargesMicro(game: StageGame, profile: Profile): readonly number[]
  allows(game: StageGame, action: number): boolean
}

export const NO_CONTRACT: Mechanism = {
  name: 'no contract',
  chargesMicro: (_, profile) => profile.map(() => 0),
  allows: () => true,
}

/** A contract that nobody can break: every action has this base action. */
export function forceBase(base: number): Mechanism {
  return {
    ...NO_CONTRACT,
    name: `base action ${base} is forced`,
    allows: (stage, action) => stage.base(action) === base,
  }
}

/** Enough for any fine that a search draws. */
const COLLATERAL_MICRO = 10n ** 15n

/**
 * A law in the language of the instance, as the ledger would carry it out; everybody has signed.
 *
 * Throws RangeError where the language does not admit it: a law of a class names no more than the class may.
 * Cost    one round of the subnet for each thing that the law can tell apart, the first time that it occurs.
 */
export function enact(stages: readonly StageGame[], law: Law, name: string): Mechanism {
  const { params, seatCount } = present(stages[0], 'a game has a stage')
  const checked = checkLaw(law, game.language(params, seatCount))
  if (!checked.ok) {
    throw new RangeError(`${params.language} does not admit ${name}: ${checked.error.code}`)
  }
  const everybody = Array.from({ length: seatCount }, () => true)
  const bound: BoundLaw = { law: checked.value, signer: everybody, bound: everybody }
  const charges = new Map<string, readonly number[]>()
  return {
    ...NO_CONTRACT,
    name,
    chargesMicro(stage, profile) {
      const key = sightOf(stage, profile)
      const known = charges.get(key)
      if (known !== undefined) return known
      const made = chargeOnce(stage, bound, profile)
      charges.set(key, made)
      return made
    },
  }
}

/** What a law of the class can tell of a round: base actions alone, unless it sees everything. [GAM-8] */
function sightOf(stage: StageGame, profile: Profile): string {
  if (stage.params.language === 'full') return `${stage.state}/${profile.join()}`
  return profile.map((action) => stage.base(action)).join()
}

/** A law of one clause that fines for whom a condition holds. */
export function fineLaw(when: string, amountMicro: string, at: Clause['at'] = 'submission'): Law {
  return { clauses: [{ at, when, then: { primitive: 'sanction', amount: amountMicro } }] }
}

/** Both laws, one after the other. */
export function joinLaws(...laws: readonly Law[]): Law {
  return { clauses: laws.flatMap(({ clauses }) => clauses) }
}

function chargeOnce(stage: StageGame, bound: BoundLaw, profile: Profile): readonly number[] {
  const { params, seatCount } = stage
  const settled = settleRound(game, {
    params,
    state: game.start(params, seatCount),
    actions: profile.map((action) => ({ action: BigInt(action), absent: false })),
    laws: [{ bound, state: createLawState(profile.map(() => COLLATERAL_MICRO)) }],
    randomness: { beacon: ANY_DIGEST, signal: signalOf(stage) },
  })
  const kept = settleEnd(present(settled.laws[0], 'a law that was given is settled').state)
  return profile.map((_, seat) =>
    Number(COLLATERAL_MICRO - (kept[seat] ?? 0n) - (settled.creditsMicro[seat] ?? 0n)),
  )
}

const ANY_DIGEST = digestOf(Uint8Array.of(0))

/** A signal that announces this state. */
function signalOf({ params, state }: StageGame): Digest | null {
  if (state === null) return null
  for (let seed = 0; ; seed++) {
    const digest = digestOf(Uint8Array.of(seed & 0xff, seed >> 8))
    if (signalState(params, digest) === state) return digest
  }
}
