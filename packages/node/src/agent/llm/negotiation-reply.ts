import { checkLaw, type Law, lawSchema, ok, type Result, reject } from '@commonweal/protocol'
import { z } from 'zod'
import type { Move, NegotiationSituation, Situation } from '../agent.ts'
import { languageOf } from '../language-of.ts'
import { composeTerms } from '../utility/bargaining.ts'
import { repeatsForeign } from './foreign-text.ts'
import { computeCollateral } from './game/deposit.ts'
import { MOVE_TEXT_MAX } from './negotiation-words.ts'
import { sayRejection } from './say-rejection.ts'

/** Longest words that are put into clauses, or agreed upon as words. */
export const WORDS_MAX = 1_000

/** What a model says in a turn, in the form of the wire where it is about law. */
export interface NegotiationReply {
  readonly move: 'propose' | 'accept' | 'reject' | 'pass'
  readonly law?: Law
  readonly words?: string
  readonly text?: string
  /** In a game: what every seat sets aside for each round, in micro-tokens. */
  readonly deposit?: number
}

const moveSchema = z.enum(['propose', 'accept', 'reject', 'pass'])
/** JSON can write half of a surrogate pair, which has no bytes that could be signed. */
const signable = z.string().refine((text) => text.isWellFormed(), 'half of a character')
export const wordsSchema: z.ZodExactOptional<z.ZodString> = z.exactOptional(
  signable.min(1).max(WORDS_MAX),
)
export const textSchema: z.ZodExactOptional<z.ZodString> = z.exactOptional(
  signable.max(MOVE_TEXT_MAX),
)

export const depositSchema: z.ZodExactOptional<z.ZodInt> = z.exactOptional(z.int().min(0))

const lawReply = {
  move: moveSchema,
  law: z.exactOptional(lawSchema),
  words: wordsSchema,
  text: textSchema,
}
const lawReplySchema: z.ZodType<NegotiationReply, unknown> = z.strictObject(lawReply)
const gameReplySchema: z.ZodType<NegotiationReply, unknown> = z.strictObject({
  ...lawReply,
  deposit: depositSchema,
})
const wordsReplySchema: z.ZodType<NegotiationReply, unknown> = z.strictObject({
  move: moveSchema,
  words: wordsSchema,
  text: textSchema,
})

/** Where contracts are words a model is not asked for a law. */
export function replySchemaOf({
  contract,
  kind,
}: NegotiationSituation): z.ZodType<NegotiationReply, unknown> {
  if (contract !== 'law') return wordsReplySchema
  return kind === 'game' ? gameReplySchema : lawReplySchema
}

/** What becomes of words that a model gives in the place of clauses. Errors  as `ask` has them. */
export type CompileWords = (words: string) => Promise<Law>

export interface MoveParts {
  readonly compile: CompileWords
  /** Whether texts that repeat a peer's are left out. */
  readonly isGuarded: boolean
}

/**
 * The move that a reply means. Who is bound, for how long, and with what money is not the model's to say: the terms are
 * composed here, of its clauses or words.
 *
 * Errors  'law-refused' · 'wrong-shape', with `detail`
 */
export async function toMove(
  situation: NegotiationSituation,
  reply: NegotiationReply,
  { compile, isGuarded }: MoveParts,
): Promise<Result<Move, 'law-refused' | 'wrong-shape'>> {
  const own = (said: string): string => (isGuarded ? ownWords(situation, said) : said)
  const text = own(reply.text ?? '')
  switch (reply.move) {
    case 'accept':
    case 'pass':
      return ok({ move: reply.move })
    case 'reject':
      return ok({ move: 'reject', reason: 'terms', text })
    case 'propose':
      break
  }
  if (situation.contract !== 'law') {
    const words = own(reply.words ?? '')
    if (words === '')
      return reject('wrong-shape', { detail: 'a proposal needs `words` of your own' })
    return ok({ move: 'propose', terms: composeTerms(situation, { law: NO_LAW, text: words }) })
  }
  const law = reply.law ?? (reply.words === undefined ? undefined : await compile(reply.words))
  if (law === undefined)
    return reject('wrong-shape', { detail: 'a proposal needs `law` or `words`' })
  const checked = checkClauses(situation, law)
  if (!checked.ok) return checked
  const collateralMicro = computeCollateral(situation, reply.deposit ?? 0)
  return ok({ move: 'propose', terms: composeTerms(situation, { law, text, collateralMicro }) })
}

const NO_LAW: Law = { clauses: [] }

/** Errors  'law-refused', with the clause, the argument and the place where it is wrong */
export function checkClauses(situation: Situation, law: Law): Result<Law, 'law-refused'> {
  if (law.clauses.length === 0) return reject('law-refused', { detail: 'a law needs a clause' })
  const checked = checkLaw(law, languageOf(situation))
  if (checked.ok) return ok(law)
  return reject('law-refused', { detail: sayRejection(checked.error) })
}

/** What a peer wrote is not passed on: such a text is left out. */
function ownWords(situation: NegotiationSituation, text: string): string {
  return repeatsForeign(text, textsOfOthers(situation)) ? '' : text
}

function textsOfOthers({ transcript, seat, covering }: NegotiationSituation): readonly string[] {
  const said = transcript
    .filter((turn) => turn.seat !== seat)
    .map(({ move }) => {
      if (move.move === 'propose') return move.terms.text
      return move.move === 'reject' ? move.text : ''
    })
  return [...said, covering?.terms.text ?? ''].filter((text) => text !== '')
}
