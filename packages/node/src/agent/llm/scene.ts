import type { Result } from '@commonweal/protocol'
import type { z } from 'zod'
import type { Move, Negotiation, Situation } from '../agent.ts'
import type { Prompt, Values } from './prompt.ts'

/** The words, the form and the limits with which a model plays one kind of instance. */
export interface Scene<Seen extends Situation> {
  /** `role` is what it is told whatever it is asked. */
  readonly prompts: Readonly<Record<'role' | 'act' | 'negotiate' | 'compile', Prompt>>
  /** What an action is called in the form that a model fills in. */
  readonly actName: string
  readonly actSchema: z.ZodType<number, unknown>
  describeRole(situation: Seen): Values
  describeAct(situation: Seen): Values
  describeNegotiation(situation: Seen & Negotiation): Values
  /** What clauses may say. */
  describeLanguage(situation: Seen): string
  checkAction(situation: Seen, action: number): Result<bigint, 'outside-mandate'>
  /** Whether a move may be signed. */
  checkMove(situation: Seen & Negotiation, move: Move): Result<Move, 'outside-mandate'>
}
