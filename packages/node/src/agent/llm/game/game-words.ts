import { type GameRow, game } from '@commonweal/protocol'
import type { GameNegotiation, GameSituation } from '../../agent.ts'
import type { Telling } from '../commons-words.ts'
import { rememberLatest } from '../memory.ts'
import { type ClauseWords, describeClauseForm, describeTable } from '../negotiation-words.ts'
import type { Values } from '../prompt.ts'
import { describeTermsFor } from '../terms-words.ts'
import { describeWeight } from '../weight-words.ts'
import { describeRules, describeSight } from './game-rules.ts'

/** Values of `game-role`: the rules, and what the agent cares about. */
export function describeRole(situation: GameSituation, telling: Telling): Values {
  const { params, seat, seats } = situation
  return {
    seat: String(seat),
    seatCount: String(seats.length),
    lastSeat: String(seats.length - 1),
    defaultAction: String(params.defaultAction),
    rules: describeRules(situation),
    contracts: describeSight(params),
    money: describeMoney(params.unitMicro),
    horizon: telling.showsHorizon
      ? `There are ${params.rounds} rounds.`
      : 'Nobody tells you how many rounds there are.',
    weight: describeWeight(telling.prosociality),
  }
}

function describeMoney(unitMicro: bigint): string {
  if (unitMicro === 0n) return 'Payoffs are counted in units. Tokens count for nothing.'
  return `Payoffs are counted in units. Contracts move millionths of a token, of which ${unitMicro} weigh as much as one unit.`
}

/** Values of `game-act`. */
export function describeAct(
  situation: GameSituation,
  telling: Telling,
  actions: readonly number[],
): Values {
  const { state, agreed, signalState } = situation
  return {
    round: String(state.round),
    signal: signalState === null ? '' : `The state of this round is ${signalState}.`,
    contract: agreed === null ? 'none.' : describeTermsFor(situation, agreed, 'the contract'),
    memory: describeMemory(situation, telling),
    actions: actions.join(', '),
  }
}

/** Values of `game-negotiate`. The state of a round is for those who act: it is not there yet. */
export function describeNegotiation(
  situation: GameNegotiation,
  telling: Telling,
  depositMicroMax: bigint | null,
): Values {
  const isLaw = situation.contract === 'law'
  return {
    ...describeTable(situation),
    memory: describeMemory(situation, telling),
    language: isLaw ? describeLanguage(situation) : '',
    howToPropose: isLaw ? describeProposal(depositMicroMax) : WORDS_ONLY,
  }
}

const WORDS_ONLY = 'Give `words`: the agreement as all shall read it.'

function describeProposal(depositMicroMax: bigint | null): string {
  const limit = depositMicroMax === null ? 'from 0 up' : `0 to ${depositMicroMax}`
  return [
    'Give `law`; or give `words`, what the law shall say, and you are asked for its clauses next.',
    `Give with it \`deposit\`: how many millionths of a token every seat sets aside for each round, ${limit}. What the contract does not take of it comes back.`,
  ].join(' ')
}

/** What clauses may say. */
export function describeLanguage({ params, seats }: GameSituation): string {
  const language = game.language(params, seats.length)
  return describeClauseForm(language, {
    ...CLAUSE_WORDS,
    list: params.language === 'own-action' ? null : 'bases[self]',
  })
}

const CLAUSE_WORDS: Omit<ClauseWords, 'list'> = {
  money:
    'Money is in millionths of a token, and no more can be taken from a seat than it has set aside as its deposit.',
  primitives: {
    cap: 'an action with a greater number becomes `limit`, or `limit` / `over`',
    override: 'the action becomes the one with the number `action`, or `action` / `over`',
  },
  // One that nobody would want: an example that is worth agreeing upon would be agreed upon.
  example:
    '{"at": "submission", "when": "round > 2 && base == self % 2", "then": {"primitive": "sanction", "amount": "5000000"}} fines a seat five tokens where, after the second round, its base action is the remainder of its own number by two.',
}

function describeMemory({ history, seat }: GameSituation, { memoryTokensMax }: Telling): string {
  return rememberLatest(history, (row) => describeRound(row, seat), memoryTokensMax)
}

/** The public report of a round, as the seat sees it. */
function describeRound(row: GameRow, seat: number): string {
  const { round, actions, enforced, absent, partners, payoffs, state } = row
  const played = actions.map((action, other) => (absent[other] === true ? '-' : action))
  const isChanged = enforced.some((action, other) => action !== actions[other])
  const partner = partners[seat] ?? seat
  return [
    `- round ${round}: ${state === null ? '' : `state ${state}, `}actions by seat ${played.join(' ')}`,
    ...(isChanged ? [`which the contract made ${enforced.join(' ')}`] : []),
    ...(partner === seat ? [] : [`you met seat ${partner}`]),
    `units by seat ${payoffs.join(' ')}`,
  ].join(', ')
}
