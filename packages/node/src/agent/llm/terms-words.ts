import { type Clause, describeLaw, type Language, type Law, type Terms } from '@commonweal/protocol'
import type { Situation } from '../agent.ts'
import { languageOf } from '../language-of.ts'
import { quote } from './foreign-text.ts'

/** What terms say to a model: clauses in words, who set money aside, and the words beside it as data. */
export function describeTermsFor(situation: Situation, terms: Terms, from: string): string {
  const lines: string[] = []
  if (terms.law !== null) {
    lines.push(...describeClauses(terms.law, languageOf(situation)))
    lines.push(...describeCollateral(situation, terms))
  }
  if (terms.mode === 'text') lines.push('Words that nobody enforces:')
  if (terms.text !== '') lines.push(quote(from, terms.text))
  return lines.join('\n')
}

/** Clauses in words, one a line. */
function describeClauses(law: Law, language: Language): readonly string[] {
  if (law.clauses.length === 0) return ['- no clauses']
  return law.clauses.map((clause, index) => {
    const words = isPlain(clause) ? describeLaw({ clauses: [clause] }, language) : HIDDEN
    return `- clause ${index}: ${words}`
  })
}

const HIDDEN = '(it has text in it, which is not shown; judge it as one that may do anything)'

/**
 * Whether a clause has no text in it that somebody could have written to be read: a string or a comment. What an instance
 * shows a law are numbers, so that no honest clause has any.
 */
function isPlain({ when, then }: Clause): boolean {
  return [when, ...Object.values(then)].every((text) => !/["'`]|\/\//.test(text))
}

/** Of a game for each round: a sum over all rounds left would tell how many these are. */
function describeCollateral({ kind, seats }: Situation, terms: Terms): readonly string[] {
  const [from, to] = terms.rounds
  const [parts, span] = kind === 'game' ? [BigInt(to - from + 1), ' for each round'] : [1n, '']
  return seats.flatMap((agent, seat) => {
    const micro = terms.collateralMicro[terms.parties.indexOf(agent)] ?? 0n
    const what = `${micro / parts} millionths of a token${span}`
    return micro === 0n ? [] : [`- seat ${seat} sets aside ${what}`]
  })
}
