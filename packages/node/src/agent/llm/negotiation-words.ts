import { computeVariables, type Language, termsCid } from '@commonweal/protocol'
import type { NegotiationSituation } from '../agent.ts'
import { quote } from './foreign-text.ts'
import type { Values } from './prompt.ts'
import { describeTermsFor } from './terms-words.ts'

/** Most characters of the text beside a move. */
export const MOVE_TEXT_MAX = 300

/** Values that a prompt for a turn has in every kind of instance. */
export function describeTable(situation: NegotiationSituation): Values {
  const { state, seats, quorum, turn, turnsMax, contractDelay, contract } = situation
  return {
    round: String(state.round),
    target: `from ${contractDelay === 0 ? 'this round' : 'the next round'} on`,
    quorum: String(quorum),
    seatCount: String(seats.length),
    boundBy:
      contract === 'law' ? 'all seats by its clauses' : 'nobody: it is words that nobody enforces',
    turn: String(turn + 1),
    turnsMax: String(turnsMax),
    standing: describeStanding(situation),
    transcript: describeTranscript(situation),
    textMax: String(MOVE_TEXT_MAX),
  }
}

/** What differs in the words about clauses from one kind of instance to another. */
export interface ClauseWords {
  /** Of a list by seat; null where there is none. */
  readonly list: string | null
  readonly money: string
  readonly primitives: Readonly<Record<'cap' | 'override', string>>
  /** A clause, and what it does. */
  readonly example: string
}

/** What clauses may say. */
export function describeClauseForm(language: Language, words: ClauseWords): string {
  const namesAt = (point: 'submission' | 'settlement'): string =>
    Object.keys(computeVariables(language, point)).join(', ')
  const primitives = { ...words.primitives, ...PAYMENTS }
  const admitted = Object.entries(primitives).filter(
    ([name]) => language.primitives?.some((primitive) => primitive === name) ?? true,
  )
  const lists = words.list === null ? '' : ` Lists are by seat: ${words.list}.`
  return [
    'A clause has `at`, `when` and `then`. It is carried out for every seat for which `when` is true ("true" for all).',
    `At "submission" it may name ${namesAt('submission')}.`,
    ...(Object.keys(language.settlement).length === 0
      ? []
      : [`At "settlement" it may name ${namesAt('settlement')}.`]),
    `\`self\` is the seat's own number from 0, \`n\` the number of seats.${lists}`,
    'Expressions are whole numbers with + - * / % (division rounds down), comparisons, && || !, c ? a : b, indexing, size, sum, min, max. No text and no comments.',
    words.money,
    '`then` is one of:',
    ...admitted.map(([name, says]) => `- ${name}: ${says}`),
    `Example: ${words.example}`,
  ].join('\n')
}

const PAYMENTS: Readonly<Record<string, string>> = {
  transfer: 'the seat pays `amount` to seat `to`',
  escrow: 'the seat puts `amount` into its escrow',
  release: 'the seat pays `amount` of its escrow to seat `to`',
  sanction: 'the seat is fined `amount`',
  graduatedSanction: 'the seat is fined `base`, times `multiplier` for every violation before',
  insurance: 'the seat pays `premium` into the pool and gets `payout` from it',
  participationCost: 'the seat pays `amount`',
}

function describeStanding(situation: NegotiationSituation): string {
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

function describeTranscript({ transcript, seat }: NegotiationSituation): string {
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
