import {
  type CommonsParams,
  commons,
  computeVariables,
  termsCid,
  valuePercentOf,
} from '@commonweal/protocol'
import type { CommonsNegotiation, CommonsSituation } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import { quote } from './foreign-text.ts'
import type { ActBounds } from './mandate.ts'
import { describeRounds } from './memory.ts'
import { describeTermsFor } from './terms-words.ts'
import { describeWeight } from './weight-words.ts'

/** How much of a situation a model is told. */
export interface Telling {
  readonly prosociality: Prosociality
  readonly memoryTokensMax: number
  readonly showsHorizon: boolean
}

export type Values = Readonly<Record<string, string>>

/** Most characters of the text beside a move. */
export const MOVE_TEXT_MAX = 300

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
  const { state, seats, quorum, turn, turnsMax, contractDelay, contract, history } = situation
  const isLaw = contract === 'law'
  return {
    round: String(state.round),
    stock: String(state.stock),
    target: `from ${contractDelay === 0 ? 'this round' : 'the next round'} on`,
    quorum: String(quorum),
    seatCount: String(seats.length),
    boundBy: isLaw ? 'all seats by its clauses' : 'nobody: it is words that nobody enforces',
    turn: String(turn + 1),
    turnsMax: String(turnsMax),
    standing: describeStanding(situation),
    transcript: describeTranscript(situation),
    memory: describeRounds(history, situation.seat, telling.memoryTokensMax),
    language: isLaw ? describeLanguage(situation) : '',
    howToPropose: isLaw
      ? 'Give `law`; or give `words`, what the law shall say, and you are asked for its clauses next.'
      : 'Give `words`: the agreement as all shall read it.',
    textMax: String(MOVE_TEXT_MAX),
  }
}

/** What clauses may say: for proposing, and for putting words into clauses. */
export function describeLanguage({ params, seats }: CommonsSituation): string {
  const language = commons.language(params, seats.length)
  const namesAt = (point: 'submission' | 'settlement'): string =>
    Object.keys(computeVariables(language, point)).join(', ')
  const admitted = Object.entries(PRIMITIVES).filter(
    ([name]) => language.primitives?.some((primitive) => primitive === name) ?? true,
  )
  return [
    'A clause has `at`, `when` and `then`. It is carried out for every seat for which `when` is true ("true" for all).',
    `At "submission" it may name ${namesAt('submission')}.`,
    ...(Object.keys(language.settlement).length === 0
      ? []
      : [`At "settlement" it may name ${namesAt('settlement')}.`]),
    `\`self\` is the seat's own number from 0, \`n\` the number of seats. Lists are by seat: requests[self].`,
    'Expressions are whole numbers with + - * / % (division rounds down), comparisons, && || !, c ? a : b, indexing, size, sum, min, max. No text and no comments.',
    'Money is in millionths of a token, and only what a party has set aside can be taken; you set nothing aside.',
    '`then` is one of:',
    ...admitted.map(([name, says]) => `- ${name}: ${says}`),
    'Example: {"at": "submission", "when": "true", "then": {"primitive": "cap", "limit": "stock / 10"}} caps every request at a tenth of the stock.',
  ].join('\n')
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  cap: 'a larger request becomes `limit`, or `limit` / `over`',
  override: 'the request becomes `action`, or `action` / `over`',
  transfer: 'the seat pays `amount` to seat `to`',
  escrow: 'the seat puts `amount` into its escrow',
  release: 'the seat pays `amount` of its escrow to seat `to`',
  sanction: 'the seat is fined `amount`',
  graduatedSanction: 'the seat is fined `base`, times `multiplier` for every violation before',
  insurance: 'the seat pays `premium` into the pool and gets `payout` from it',
  participationCost: 'the seat pays `amount`',
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

function describeStanding(situation: CommonsNegotiation): string {
  const { standing, seat, transcript } = situation
  if (standing === null) return 'none.'
  const proposer = transcript.find(
    ({ move }) => move.move === 'propose' && termsCid(move.terms) === standing.id,
  )
  const holders = standing.holders.map((holder) => nameOf(holder, seat))
  const said = describeTermsFor(situation, standing.terms, nameOf(proposer?.seat ?? -1, seat))
  return `${said}\nHeld by: ${holders.length === 0 ? 'nobody yet' : holders.join(', ')}.`
}

function nameOf(seat: number, own: number): string {
  if (seat === own) return 'you'
  return seat < 0 ? 'a seat' : `seat ${seat}`
}

/** Turns of which the model is told. */
const TURNS_TOLD = 12

function describeTranscript({ transcript, seat }: CommonsNegotiation): string {
  if (transcript.length === 0) return 'nothing yet.'
  return transcript
    .slice(-TURNS_TOLD)
    .map(({ seat: speaker, move }) => {
      const who = nameOf(speaker, seat)
      if (move.move !== 'reject' || move.text === '') return `- ${who}: ${move.move}`
      return `- ${who}: reject ${quote(who, move.text)}`
    })
    .join('\n')
}
