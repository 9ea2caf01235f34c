import { checkLaw, type Terms, termsCid } from '@commonweal/protocol'
import type { Agent, Move, NegotiationSituation } from '../agent/agent.ts'
import { languageOf } from '../agent/language-of.ts'
import type { Mandate } from '../agent/llm/mandate.ts'
import { composeTerms } from '../agent/utility/bargaining.ts'
import { isWithinMandate, judge } from './exchange.ts'
import type { Offer, OfferBook, RefusedCode } from './offer-book.ts'

/**
 * An agent that brings what was agreed outside into the network's negotiation, as its own next proposal.
 *
 * A deal in hand goes first: it takes standing terms that it would take anyway, and leaves alone those that it holds itself.
 * What it brings is composed anew for the round at stake, and checked and weighed anew.
 */
export function bringOffers(agent: Agent, offers: OfferBook, mandate: Mandate): Agent {
  async function negotiate(situation: NegotiationSituation, offer: Offer): Promise<Move> {
    const { standing, seat } = situation
    if (standing !== null) {
      const own = await agent.negotiate(situation)
      if (own.move === 'accept' || standing.holders.includes(seat)) return own
      return (await bring(situation, offer)) ?? own
    }
    return (await bring(situation, offer)) ?? agent.negotiate(situation)
  }

  async function bring(situation: NegotiationSituation, offer: Offer): Promise<Move | undefined> {
    const terms = composeTerms(situation, offer.candidate)
    const problem = await findProblem(situation, offer, terms)
    if (problem === undefined) {
      offers.moved(offer, terms, situation.epoch)
      return { move: 'propose', terms }
    }
    offers.refused(offer, problem)
    return undefined
  }

  async function findProblem(
    situation: NegotiationSituation,
    { isForeign, turn }: Offer,
    terms: Terms,
  ): Promise<RefusedCode | undefined> {
    const { seats, seat } = situation
    if (terms.law === null || terms.collateralMicro.length !== seats.length) return 'law-refused'
    if (!checkLaw(terms.law, languageOf(situation)).ok) return 'law-refused'
    if (isForeign && !isWithinMandate(mandate, situation, terms)) return 'outside-mandate'
    const then = {
      ...situation,
      turn: Math.max(turn, situation.turn),
      holds: situation.holds.with(seat, null),
    }
    const move = await judge(agent, then, terms).catch(() => null)
    // The turn is still the agent's own to use.
    if (move === null) return 'agent-failed'
    const isStill = move.move === 'propose' && termsCid(move.terms) === termsCid(terms)
    return move.move === 'accept' || isStill ? undefined : 'not-acceptable'
  }

  return {
    ...agent,
    act: (situation) => agent.act(situation),
    negotiate(situation) {
      const offer = situation.covering === null ? offers.next(situation.subnet) : undefined
      return offer === undefined ? agent.negotiate(situation) : negotiate(situation, offer)
    },
  }
}
