import { type CommonsParams, commons, valuePercentOf } from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import type { ActBounds } from './mandate.ts'
import { describeRounds } from './memory.ts'
import { type ClauseWords, describeClauseForm, describeTable } from './negotiation-words.ts'
import type { Values } from './prompt.ts'
import { describeTermsFor } from './terms-words.ts'
import { describeWeight } from './weight-words.ts'

/** How much of a situation a model is told. */
export interface Telling {
  readonly prosociality: Prosociality
  readonly memoryTokensMax: number
  readonly showsHorizon: boolean
}

/** Values of `commons-role`: the rules, and what the agent cares about. */
export function describeRole(situation: CommonsSituation, telling: Telling): Values {
  const { params, seat, seats } = situation
  return {
    seat: String(seat),
    seatCount: String(seats.length),
    lastSeat: String(seats.length - 1),
    renewal: describeRenewal(params),
    collapseBelow: String(params.collapseBelow),
    horizon: telling.showsHorizon
      ? `There are at most ${params.rounds} rounds.`
      : 'Nobody tells you how many rounds there are.',
    values: describeValues(situation),
    weight: describeWeight(telling.prosociality),
  }
}

/** Values of `commons-act`. */
export function describeAct(
  situation: CommonsSituation,
  telling: Telling,
  bounds: ActBounds,
): Values {
  const { state, agreed, seat, history } = situation
  return {
    round: String(state.round),
    stock: String(state.stock),
    signal: describeSignal(situation),
    contract: agreed === null ? 'none.' : describeTermsFor(situation, agreed, 'the contract'),
    memory: describeRounds(history, seat, telling.memoryTokensMax),
    requestMin: String(bounds.min),
    requestMax: String(bounds.max),
  }
}

/** Values of `commons-negotiate`. */
export function describeNegotiation(situation: CommonsNegotiation, telling: Telling): Values {
  const { state, contract, history, seat } = situation
  const isLaw = contract === 'law'
  return {
    ...describeTable(situation),
    stock: String(state.stock),
    memory: describeRounds(history, seat, telling.memoryTokensMax),
    language: isLaw ? describeLanguage(situation) : '',
    howToPropose: isLaw
      ? 'Give `law`; or give `words`, what the law shall say, and you are asked for its clauses next.'
      : 'Give `words`: the agreement as all shall read it.',
  }
}

/** What clauses may say: for proposing, and for putting words into clauses. */
export function describeLanguage({ params, seats }: CommonsSituation): string {
  return describeClauseForm(commons.language(params, seats.length), CLAUSE_WORDS)
}

const CLAUSE_WORDS: ClauseWords = {
  list: 'requests[self]',
  money:
    'Money is in millionths of a token, and only what a party has set aside can be taken; you set nothing aside.',
  primitives: {
    cap: 'a larger request becomes `limit`, or `limit` / `over`',
    override: 'the request becomes `action`, or `action` / `over`',
  },
  example:
    '{"at": "submission", "when": "true", "then": {"primitive": "cap", "limit": "stock / 10"}} caps every request at a tenth of the stock.',
}

function describeRenewal(params: CommonsParams): string {
  const { regeneration, capacity } = params
  const limit = `It never holds more than ${capacity} units.`
  switch (regeneration.mode) {
    case 'deterministic':
      return `After each harvest what is left is multiplied by ${regeneration.ratePercent / 100}. ${limit}`
    case 'iid':
      return `After each harvest what is left grows by a factor that is drawn anew each round and not announced. ${limit}`
    case 'private-signal':
      return `After each harvest what is left grows by a factor that is drawn anew each round. You are told it before you harvest; no contract can name it. ${limit}`
    case 'hysteresis':
      return `After each harvest what is left grows by a factor that depends on whether the stock is healthy or degraded. Heavy harvests can degrade it, light ones can let it recover. ${limit}`
  }
}

function describeValues({ params, seats, seat }: CommonsSituation): string {
  const values = seats.map((_, other) => valuePercentOf(params, other) / 100)
  if (values.every((value) => value === values[0])) return 'A unit is worth the same to every seat.'
  return `A unit is worth ${values[seat] ?? 1} to you; by seat it is worth ${values.join(' ')}. Units below are counted at what they are worth.`
}

function describeSignal({ params, state, signalRatePercent }: CommonsSituation): string {
  if (signalRatePercent !== null) {
    return `What is left after this harvest will be multiplied by ${signalRatePercent / 100}.`
  }
  return params.regeneration.mode === 'hysteresis' ? `The stock is ${state.regime}.` : ''
}
