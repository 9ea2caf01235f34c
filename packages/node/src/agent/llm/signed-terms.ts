import { checkLaw, ok, type Result, reject, type Terms } from '@commonweal/protocol'
import type { Move, NegotiationSituation } from '../agent.ts'
import { languageOf } from '../language-of.ts'
import { fitsProposal } from '../terms-fit.ts'

/**
 * Whether a move may be signed: a pass and a rejection always may; terms that are proposed or accepted must be legal here, and
 * nothing that `findBreach` names.
 *
 * Errors  'outside-mandate'
 */
export function checkSigned(
  situation: NegotiationSituation,
  move: Move,
  findBreach: (terms: Terms) => string | undefined,
): Result<Move, 'outside-mandate'> {
  if (move.move === 'pass' || move.move === 'reject') return ok(move)
  const { standing, holds, seat } = situation
  if (move.move === 'accept') {
    if (standing === null) return refuse('there are no terms on the table to accept')
    if (holds[seat] === standing.id) return refuse('you hold these terms already')
  }
  const terms = move.move === 'propose' ? move.terms : standing?.terms
  if (terms === undefined) return refuse('there are no terms on the table to accept')
  const problem = findIllegality(situation, terms) ?? findBreach(terms)
  return problem === undefined ? ok(move) : refuse(problem)
}

/** What would keep terms from binding, or make them bind something else than this negotiation is about. */
function findIllegality(situation: NegotiationSituation, terms: Terms): string | undefined {
  const { epoch, contractDelay, params, state, seats, covering, contract, quorum } = situation
  const [from, to] = terms.rounds
  const target = epoch + contractDelay
  const last = epoch + params.rounds - state.round
  if (terms.subnet !== situation.subnet) return 'the terms are about something else'
  if (terms.mode !== contract) return `the terms are no contract of the kind ${contract}`
  if (from !== target || to > last) return 'the terms are for other rounds than those of this run'
  if (terms.quorum < quorum || terms.quorum > seats.length) return 'the quorum is out of range'
  if (terms.replaces !== (covering?.id ?? null)) return 'the terms replace another contract'
  if (!fitsProposal(terms)) return 'the terms are too long for a proposal'
  if (terms.law === null) return undefined
  const checked = checkLaw(terms.law, languageOf(situation))
  return checked.ok ? undefined : `no ledger takes the law: ${checked.error.code}`
}

/** Whether terms name exactly the seats as parties. */
export function isAmongSeats({ seats }: NegotiationSituation, { parties }: Terms): boolean {
  return parties.length === seats.length && seats.every((agent) => parties.includes(agent))
}

/** What a seat sets aside under terms, in micro-tokens. */
export function collateralOfSeat(
  { seats }: NegotiationSituation,
  { parties, collateralMicro }: Terms,
  seat: number,
): bigint {
  return collateralMicro[parties.findIndex((agent) => agent === seats[seat])] ?? 0n
}

/** The terms that the seat itself proposed last, if it has. */
export function findOwnProposal({ seat, transcript }: NegotiationSituation): Terms | undefined {
  const before = transcript.findLast((turn) => turn.seat === seat && turn.move.move === 'propose')
  return before?.move.move === 'propose' ? before.move.terms : undefined
}

/** Errors  'outside-mandate', always */
export function refuse(detail: string): ReturnType<typeof reject<'outside-mandate'>> {
  return reject('outside-mandate', { detail })
}
