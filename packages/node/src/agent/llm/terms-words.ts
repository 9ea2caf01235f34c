import {
  type Clause,
  commons,
  describeLaw,
  type Language,
  type Law,
  type Terms,
} from '@commonweal/protocol'
import type { CommonsSituation } from '../agent.ts'
import { quote } from './foreign-text.ts'

/** What terms say to a model: clauses in words, who set money aside, and the words beside it as data. */
export function describeTermsFor(situation: CommonsSituation, terms: Terms, from: string): string {
  const lines: string[] = []
  if (terms.law !== null) {
    const language = commons.language(situation.params, situation.seats.length)
    lines.push(...describeClauses(terms.law, language))
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
 * Whether a clause has no text in it that somebody could have written to be read: a string or a comment. What a commons
 * shows a law are numbers, so that no honest clause has any.
 */
function isPlain({ when, then }: Clause): boolean {
  return [when, ...Object.values(then)].every((text) => !/["'`]|\/\//.test(text))
}

function describeCollateral({ seats }: CommonsSituation, terms: Terms): readonly string[] {
  return seats.flatMap((agent, seat) => {
    const micro = terms.collateralMicro[terms.parties.indexOf(agent)] ?? 0n
    return micro === 0n ? [] : [`- seat ${seat} sets aside ${micro} millionths of a token`]
  })
}
