import type { Cid } from '../codec/cid.ts'
import { createLawState, type LawState } from '../contract/law-state.ts'
import type { Terms } from '../contract/terms.ts'
import type { InstanceGenesis } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { minBigint } from '../integer.ts'
import { present } from '../invariant.ts'
import { accountOf } from '../ledger/account.ts'
import type { Ledger } from '../ledger/draft.ts'
import { adjust, holds, slash } from '../ledger/money.ts'
import { type Agreement, agreements, type Run } from './instance.ts'
import { isPunished, punishedOffences, unfundedKey } from './punished.ts'
import { roundNeedMicro } from './run.ts'
import type { Work } from './work.ts'

/** Part of its bond that an agent loses when an agreement that it accepted fails for its lack of funds. [AGR-6] */
const UNFUNDED_PPM = 1_000n
/** Rounds of fees that are left to a member of which collateral is taken without its signature. [AGR-6] */
export const COLLATERAL_RESERVE_ROUNDS_MAX = 64

/** An agreement that is about to form, or to gain signers. Lists by seat of the run. */
export interface Formation {
  readonly instance: InstanceGenesis
  readonly run: Run
  readonly id: Cid
  readonly terms: Terms
  readonly existing: Agreement | undefined
  readonly signer: readonly boolean[]
  readonly bound: readonly boolean[]
  /** The agreement that it replaces; it may be there still, where it governs an earlier round. */
  readonly replaced: Cid | null
}

/** A signer that does not have what it promised. */
export interface Unfunded {
  readonly agent: AgentId
  readonly askedMicro: bigint
  readonly balanceMicro: bigint
  /** Even with what is set aside and comes back to it. */
  readonly isAtFault: boolean
}

/** The first signer, by seat, whose balance is less than the collateral that it newly owes. [AGR-6] */
export function findUnfunded(work: Work, formation: Formation): Unfunded | null {
  for (const [seat, agent] of formation.run.seats.entries()) {
    if (!isNew(formation, seat) || formation.signer[seat] !== true) continue
    const askedMicro = askedOf(formation, seat)
    const { balanceMicro } = accountOf(work.ledger, agent)
    if (balanceMicro >= askedMicro) continue
    const comingMicro = comingBackMicro(work.ledger, formation, seat)
    return { agent, askedMicro, balanceMicro, isAtFault: balanceMicro + comingMicro < askedMicro }
  }
  return null
}

/** Who promised what it does not have loses a part of its bond, once for the same terms, and is named. [AGR-6] */
export function chargeUnfunded(work: Work, { id, terms }: Formation, unfunded: Unfunded): void {
  const { agent, isAtFault } = unfunded
  const key = unfundedKey(agent, id)
  if (!isAtFault || isPunished(work.ledger, key)) return
  punishedOffences.put(work, key, { agent, untilEpoch: terms.rounds[0] })
  const amountMicro = slash(work, { agent, ppm: UNFUNDED_PPM, reporter: null })
  work.events.push({ kind: 'slashed', agent, offence: 'unfunded-agreement', amountMicro })
}

/**
 * Takes the collateral into the agreement's custody; every signer has its part. [AGR-6]
 *
 * Of a member that did not sign no more is taken than from any signer, nor what it needs to act in the rounds to come: a
 * law must not keep anybody from acting by taking the means.
 */
export function takeCollateral(work: Work, formation: Formation): LawState | null {
  const { terms, run, signer, existing } = formation
  if (terms.mode !== 'law') return null
  const leastMicro = run.seats.reduce<bigint | null>((least, _, seat) => {
    const askedMicro = askedOf(formation, seat)
    return signer[seat] === true && (least === null || askedMicro < least) ? askedMicro : least
  }, null)
  const taken = run.seats.map((agent, seat) => {
    if (!isNew(formation, seat)) return 0n
    const askedMicro = askedOf(formation, seat)
    const takenMicro =
      signer[seat] === true
        ? askedMicro
        : minBigint(spareMicro(work, formation, agent), minBigint(askedMicro, leastMicro ?? 0n))
    adjust(work, { kind: 'balance', agent }, -takenMicro)
    return takenMicro
  })
  if (existing === undefined) return createLawState(taken)
  const before = present(existing.lawState, 'an agreement of mode law has the state of its law')
  return {
    ...before,
    collateralMicro: before.collateralMicro.map((amount, seat) => amount + (taken[seat] ?? 0n)),
  }
}

function isNew({ existing, bound }: Formation, seat: number): boolean {
  return existing?.bound[seat] !== true && bound[seat] === true
}

/** What the terms ask of a seat: nothing where they have no law, since there is nothing to pay for then. */
function askedOf({ terms, run }: Formation, seat: number): bigint {
  if (terms.mode !== 'law') return 0n
  const agent = run.seats[seat]
  const party = agent === undefined ? -1 : terms.parties.indexOf(agent)
  return terms.collateralMicro[party] ?? 0n
}

function spareMicro(work: Work, { instance, terms }: Formation, agent: AgentId): bigint {
  const [from, to] = terms.rounds
  const rounds = BigInt(Math.min(to - from + 1, COLLATERAL_RESERVE_ROUNDS_MAX))
  const neededMicro = roundNeedMicro(work, instance, rounds)
  const { balanceMicro } = accountOf(work.ledger, agent)
  return balanceMicro > neededMicro ? balanceMicro - neededMicro : 0n
}

/** Seal bonds that await their reveal, and the seat's part of an agreement that ends before this one begins. */
function comingBackMicro(ledger: Ledger, { run, replaced }: Formation, seat: number): bigint {
  const agent = run.seats[seat]
  let comingMicro = 0n
  for (const [, hold] of holds.entries(ledger)) {
    if (hold.owner === agent && hold.purpose === 'seal') comingMicro += hold.amountMicro
  }
  const state = replaced === null ? undefined : agreements.find(ledger, replaced)?.lawState
  if (state === undefined || state === null) return comingMicro
  return comingMicro + (state.collateralMicro[seat] ?? 0n) + (state.escrowMicro[seat] ?? 0n)
}
