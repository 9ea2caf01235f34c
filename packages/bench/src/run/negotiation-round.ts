import {
  type Agent,
  languageOf,
  type Negotiation,
  type NegotiationSituation,
  type Situation,
  type Turn,
} from '@commonweal/node/agent'
import {
  type Cid,
  checkLaw,
  holdersOf,
  speakerOf,
  startTurns,
  type Terms,
  type TurnMove,
  type TurnRules,
  type TurnState,
  takeTurn,
  termsCid,
  termsSchema,
} from '@commonweal/protocol'

/** A negotiation from its first turn to its last. */
export interface NegotiationRecord {
  readonly round: number
  readonly turns: readonly Turn[]
  readonly outcome: TurnState['outcome']
  /** The terms agreed, where there are any. */
  readonly agreed: Terms | null
}

/** The situation of a seat before its turn; the turns so far are added to it. */
export type SituationOf = (seat: number) => Situation & Pick<Negotiation, 'covering'>

/**
 * Carries out one negotiation among agents, in the turn order that networks follow too.
 *
 * A move that could not bind (terms that no ledger would take, an acceptance of nothing) is a pass.
 */
export async function runNegotiation(
  rules: TurnRules,
  agents: readonly Agent[],
  situationOf: SituationOf,
): Promise<NegotiationRecord> {
  const tabled = new Map<Cid, Terms>()
  const turns: Turn[] = []
  let state = startTurns(rules)
  while (state.outcome.status === 'open') {
    const { turn } = state
    const seat = speakerOf(rules, turn)
    const agent = agents[seat]
    if (agent === undefined) break
    const situation: NegotiationSituation = {
      ...situationOf(seat),
      turn,
      turnsMax: rules.turnsMax,
      quorum: rules.quorum,
      standing: describeStanding(state, tabled),
      holds: state.holds,
      transcript: turns.slice(),
    }
    const answer = agent.negotiate(situation)
    const move = answer instanceof Promise ? await answer : answer
    const ruled = toTurnMove(move, situation, tabled)
    const taken = takeTurn(rules, state, seat, ruled ?? { move: 'pass' })
    const passed = taken.ok ? taken : takeTurn(rules, state, seat, { move: 'pass' })
    if (!passed.ok) break
    state = passed.value
    turns.push({ turn, seat, move: taken.ok && ruled !== undefined ? move : { move: 'pass' } })
  }
  const { outcome } = state
  const agreed = outcome.status === 'agreed' ? (tabled.get(outcome.terms) ?? null) : null
  return { round: rules.round, turns, outcome, agreed }
}

function describeStanding(
  state: TurnState,
  tabled: ReadonlyMap<Cid, Terms>,
): NegotiationSituation['standing'] {
  const { standing: id } = state
  const terms = id === null ? undefined : tabled.get(id)
  if (id === null || terms === undefined) return null
  return { id, terms, holders: holdersOf(state, id) }
}

function toTurnMove(
  move: Turn['move'],
  situation: NegotiationSituation,
  tabled: Map<Cid, Terms>,
): TurnMove | undefined {
  if (move.move !== 'propose') return { move: move.move }
  if (!mayBind(situation, move.terms)) return undefined
  const id = termsCid(move.terms)
  tabled.set(id, move.terms)
  return { move: 'propose', terms: id }
}

/** What a ledger asks of terms when they become an agreement, but for funds: collateral is for networks. */
function mayBind(situation: NegotiationSituation, terms: Terms): boolean {
  const { seats, contract, covering, epoch, contractDelay } = situation
  if (!termsSchema.safeParse(terms).success) return false
  if (terms.mode !== contract || terms.subnet !== situation.subnet) return false
  if (!terms.parties.every((party) => seats.includes(party))) return false
  if (terms.quorum < situation.quorum || terms.quorum > seats.length) return false
  if (terms.rounds[0] < epoch + contractDelay) return false
  if (covering !== null && terms.replaces !== covering.id) return false
  if (terms.law === null) return true
  return checkLaw(terms.law, languageOf(situation)).ok
}
