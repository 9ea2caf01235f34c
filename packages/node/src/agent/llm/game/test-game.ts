import {
  type BoundLaw,
  checkLaw,
  createLawState,
  createNobleSigner,
  game,
  type Law,
  secretKeyOf,
  type Terms,
  termsCid,
} from '@commonweal/protocol'
import type { GameNegotiation, LawInForce, Standing } from '../../agent.ts'
import { composeTerms } from '../../utility/bargaining.ts'

/** The dilemma with hidden effort of the paper: actions 0 and 1 are base action 0, actions 2 and 3 base action 1. */
export const DILEMMA: object = {
  form: 'matrix',
  row: [
    [10, 7, -8, -8],
    [12, 6, -12, -12],
    [18, 18, -2, 0],
    [16, 16, -4, -6],
  ],
  cells: [0, 0, 1, 1],
  matching: 'fixed',
}

export const STATES: object = { form: 'hidden-state' }

export type Given = Partial<Omit<GameNegotiation, 'params' | 'state' | 'kind'>> & {
  readonly params?: object
  readonly round?: number
  readonly seatCount?: number
}

/** A game as seen from seat 1, in the first turn of the first round unless another is given. */
export function gameOf(given: Given = {}): GameNegotiation {
  const { params: asked = {}, round = 1, seatCount = 2, ...rest } = given
  const params = game.paramsSchema.parse({
    game: DILEMMA,
    rounds: 4,
    language: 'own-action',
    unitMicro: 1_000_000,
    ...asked,
  })
  const seats = Array.from(
    { length: seatCount },
    (_, seat) => createNobleSigner(secretKeyOf('test', seat)).agent,
  )
  return {
    kind: 'game',
    subnet: 'game',
    params,
    state: { ...game.start(params, seatCount), round },
    history: [],
    epoch: round,
    seat: 1,
    seats,
    contract: 'law',
    contractDelay: 0,
    law: null,
    agreed: null,
    signalState: null,
    turn: 0,
    turnsMax: 10,
    quorum: seatCount,
    standing: null,
    holds: seats.map(() => null),
    covering: null,
    transcript: [],
    ...rest,
  }
}

/** A fine of so many micro-tokens on whoever `when` is true of. */
export function fine(when: string, amountMicro: number | string): Law {
  const then = { primitive: 'sanction', amount: String(amountMicro) } as const
  return { clauses: [{ at: 'submission', when, then }] }
}

export function gameTermsOf(
  situation: GameNegotiation,
  law: Law,
  change: Partial<Terms> = {},
): Terms {
  return { ...composeTerms(situation, { law, text: '' }), ...change }
}

/** Terms in which every seat sets aside so much. */
export function withDeposit(situation: GameNegotiation, law: Law, micro: bigint): Terms {
  return gameTermsOf(situation, law, { collateralMicro: situation.seats.map(() => micro) })
}

/** The situation after another seat has proposed these terms. */
export function heard(
  situation: GameNegotiation,
  terms: Terms,
  by = 0,
): GameNegotiation & { readonly standing: Standing } {
  const id = termsCid(terms)
  const { turn } = situation
  return {
    ...situation,
    turn: turn + 1,
    standing: { id, terms, holders: [by] },
    holds: situation.holds.with(by, id),
    transcript: [...situation.transcript, { turn, seat: by, move: { move: 'propose', terms } }],
  }
}

/** The situation under these terms. */
export function governed(situation: GameNegotiation, terms: Terms): GameNegotiation {
  const { params, seats } = situation
  const checked = checkLaw(terms.law ?? { clauses: [] }, game.language(params, seats.length))
  if (!checked.ok) throw new TypeError(checked.error.code)
  const everybody = seats.map(() => true)
  const bound: BoundLaw = { law: checked.value, signer: everybody, bound: everybody }
  const id = termsCid(terms)
  const law: LawInForce = { id, terms, bound, state: createLawState(terms.collateralMicro) }
  return { ...situation, law, agreed: terms, covering: { id, terms } }
}
