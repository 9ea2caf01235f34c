import { checkLaw, type Facts, type Law, type Terms, termsCid } from '@commonweal/protocol'
import type { Agent, Move, NegotiationSituation, Turn } from '../agent/agent.ts'
import { languageOf } from '../agent/language-of.ts'
import { computeSteps } from '../agent/llm/law-trial.ts'
import { checkMove, type Mandate } from '../agent/llm/mandate.ts'
import { composeTerms } from '../agent/utility/bargaining.ts'
import type { Candidate } from '../agent/utility/candidate.ts'

/** What the agent says to an agent outside. */
export type Answer =
  /** Terms of its own. */
  | { readonly kind: 'propose'; readonly terms: Terms; readonly candidate: Candidate }
  /** It takes the clauses that it was offered. */
  | { readonly kind: 'accept'; readonly terms: Terms; readonly candidate: Candidate }
  /** No to these clauses; other ones may do. */
  | {
      readonly kind: 'reject'
      readonly code: 'law-refused' | 'not-acceptable'
      readonly facts: Facts
    }
  /** No, and that is the end of it. */
  | { readonly kind: 'refuse'; readonly code: 'outside-mandate' | 'nothing-to-offer' }

/** Where a talk with an agent outside stands: it is the agent's to speak in this turn. */
export interface Exchange {
  readonly turn: number
  /** What the agent itself has proposed in it, oldest first. */
  readonly said: readonly { readonly turn: number; readonly terms: Terms }[]
}

/** Steps that clauses from outside take for one seat at most: weighing them keeps the node from everything else. A cap takes ten. */
export const STEPS_MAX = 500

/** What the agent offers by itself. Errors  whatever the agent throws */
export async function askForOffer(agent: Agent, situation: NegotiationSituation): Promise<Answer> {
  const move = await agent.negotiate(situation)
  return move.move === 'propose'
    ? offerOf(move.terms)
    : { kind: 'refuse', code: 'nothing-to-offer' }
}

/**
 * What the agent says to clauses from outside. They are clauses and nothing else: parties, rounds, quorum and collateral (none)
 * are composed here, and a text that came with them is not shown to the agent. It sees them as terms that stand and that
 * nobody holds yet.
 *
 * Checked in this order: the language, the mandate, the agent. Errors  whatever the agent throws
 */
export async function answerClauses(
  agent: Agent,
  mandate: Mandate,
  situation: NegotiationSituation,
  exchange: Exchange,
  law: Law,
): Promise<Answer> {
  const checked = checkLaw(law, languageOf(situation))
  if (law.clauses.length === 0) return noLaw({ clauses: 0 })
  if (!checked.ok) return noLaw({ ...checked.error.facts, refusal: checked.error.code })
  const steps = computeSteps(checked.value)
  if (steps > STEPS_MAX) return noLaw({ steps, stepsMax: STEPS_MAX })
  const candidate: Candidate = { law, text: '' }
  const seen = { ...situation, ...positionOf(situation, exchange) }
  const terms = composeTerms(seen, candidate)
  if (!isWithinMandate(mandate, seen, terms)) return { kind: 'refuse', code: 'outside-mandate' }
  const move = await judge(agent, seen, terms)
  if (move.move === 'accept') return { kind: 'accept', terms, candidate }
  if (move.move === 'propose') return offerOf(move.terms)
  return { kind: 'reject', code: 'not-acceptable', facts: {} }
}

/** The agent's move if these terms stood, and nobody held them. */
export async function judge(
  agent: Agent,
  situation: NegotiationSituation,
  terms: Terms,
): Promise<Move> {
  const standing = { id: termsCid(terms), terms, holders: [] }
  return agent.negotiate({ ...situation, standing })
}

/**
 * Whether the operator lets clauses from outside become terms that the agent signs. They set no collateral aside, so that in a
 * game, where nothing else can be taken, the agent's own judgement is the limit.
 */
export function isWithinMandate(
  mandate: Mandate,
  situation: NegotiationSituation,
  terms: Terms,
): boolean {
  return (
    situation.kind !== 'commons' || checkMove(mandate, situation, { move: 'propose', terms }).ok
  )
}

function offerOf(terms: Terms): Answer {
  const { law, text, collateralMicro } = terms
  if (law === null) return { kind: 'refuse', code: 'nothing-to-offer' }
  return { kind: 'propose', terms, candidate: { law, text, collateralMicro } }
}

function noLaw(facts: Facts): Answer {
  return { kind: 'reject', code: 'law-refused', facts }
}

/** Turns run on in a talk as they do in a negotiation, so that the agent concedes as it does there. */
function positionOf(
  { seat }: NegotiationSituation,
  { turn, said }: Exchange,
): Pick<NegotiationSituation, 'turn' | 'transcript'> {
  const transcript = said.map(
    (own): Turn => ({ turn: own.turn, seat, move: { move: 'propose', terms: own.terms } }),
  )
  return { turn, transcript }
}
