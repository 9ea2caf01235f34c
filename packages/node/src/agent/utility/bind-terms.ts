import { checkLaw, createLawState, type Law, type RoundLaw, type Terms } from '@commonweal/protocol'
import type { LawInForce, Negotiation, Situation, Standing } from '../agent.ts'
import { languageOf } from '../language-of.ts'
import { expectSigners } from './supposition.ts'

/** A law in a look-ahead, and the last epoch that it covers. */
export interface ForeseenLaw extends RoundLaw {
  readonly until: number
}

/** The law in force, as a look-ahead needs it. */
export function lawInForce({ law }: { readonly law: LawInForce | null }): ForeseenLaw | null {
  return law === null ? null : { bound: law.bound, state: law.state, until: law.terms.rounds[1] }
}

/** The law of the contract that covers the round at stake, if any. */
export function coveringLaw(situation: Situation & Negotiation): ForeseenLaw | null {
  const { covering, law, seats } = situation
  if (covering === null) return null
  if (covering.id === law?.id) return lawInForce(situation)
  const everybody = seats.map(() => true)
  return bindTerms(situation, covering.terms, everybody) ?? null
}

/** The law of terms on the table, as it would bind; `words` where there is none, undefined where they could not bind. */
export function bindStanding(
  situation: Situation & Negotiation,
  { terms, holders }: Standing,
): ForeseenLaw | 'words' | undefined {
  const target = situation.epoch + situation.contractDelay
  if (terms.subnet !== situation.subnet) return undefined
  if (terms.rounds[0] > target || terms.rounds[1] < target) return undefined
  if (!situation.seats.every((agent) => terms.parties.includes(agent))) return undefined
  if (terms.mode !== 'law') return 'words'
  if (situation.contract !== 'law') return undefined
  return bindTerms(situation, terms, expectSigners(situation, holders))
}

function bindTerms(
  situation: Situation,
  terms: Terms,
  signer: readonly boolean[],
): ForeseenLaw | undefined {
  if (terms.law === null) return undefined
  const collateral = situation.seats.map((agent) => {
    const party = terms.parties.indexOf(agent)
    return terms.collateralMicro[party] ?? 0n
  })
  const bound = bindLaw(situation, terms.law, signer, collateral)
  return bound === undefined ? undefined : { ...bound, until: terms.rounds[1] }
}

/** A law that these seats sign and that binds all; `undefined` if the instance's language does not allow it. */
export function bindLaw(
  situation: Situation,
  law: Law,
  signer: readonly boolean[],
  collateralMicro: readonly bigint[],
): RoundLaw | undefined {
  const language = languageOf(situation)
  const key = JSON.stringify([law, signer, collateralMicro.map(String), language])
  const found = known.get(key)
  if (found !== undefined) return found
  const checked = checkLaw(law, language)
  if (!checked.ok) return undefined
  const made = {
    bound: { law: checked.value, signer, bound: situation.seats.map(() => true) },
    state: createLawState(collateralMicro),
  }
  if (known.size >= KNOWN_LAWS_MAX) known.clear()
  known.set(key, made)
  return made
}

/**
 * Laws that are remembered: the same few are weighed turn after turn, by every seat and in every run, and what a look-ahead
 * remembers of a law hangs on its object.
 */
const KNOWN_LAWS_MAX = 500
const known = new Map<string, RoundLaw>()
