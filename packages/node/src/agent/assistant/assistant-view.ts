import { z } from 'zod'

/** What is asked of an assistant, as it is told. */
export interface OpenQuestion {
  /** Names it in an answer, so that one that comes late answers no other question. */
  readonly id: string
  /** What kind of answer is wanted: `request`, `move`. */
  readonly asks: string
  readonly epoch: number
  readonly secondsLeft: number
  /** The rules, and what the agent cares about. */
  readonly role: string
  /** What there is to be known, and the question. */
  readonly words: string
}

/** All that an assistant is told of the node that it decides for. */
export interface AssistantView {
  readonly agent: string
  /** `assistant λ=0.6` */
  readonly name: string
  /** Who decides where the assistant does not: `utility λ=0.6`. */
  readonly fallback: string
  readonly epoch: number
  readonly phase: string
  readonly questions: readonly OpenQuestion[]
  /** Where each instance stands in which the agent has a seat. */
  readonly situations: readonly { readonly subnet: string; readonly words: string }[]
  /** What the agent may sign, a line each. */
  readonly mandate: readonly string[]
  /** Questions that the assistant answered, and those that it did not, by reason. */
  readonly answered: number
  readonly unanswered: Readonly<Record<string, number>>
}

/** What came of an answer. A refusal says why, and how often another may be given. */
export type AnswerOutcome =
  | { readonly status: 'accepted'; readonly question: string }
  | {
      readonly status: 'refused'
      readonly question: string
      readonly code: string
      readonly detail: string
      readonly triesLeft: number
    }

const questionSchema: z.ZodType<OpenQuestion, unknown> = z.object({
  id: z.string(),
  asks: z.string(),
  epoch: z.int(),
  secondsLeft: z.int(),
  role: z.string(),
  words: z.string(),
})

export const assistantViewSchema: z.ZodType<AssistantView, unknown> = z.object({
  agent: z.string(),
  name: z.string(),
  fallback: z.string(),
  epoch: z.int(),
  phase: z.string(),
  questions: z.array(questionSchema),
  situations: z.array(z.object({ subnet: z.string(), words: z.string() })),
  mandate: z.array(z.string()),
  answered: z.int(),
  unanswered: z.record(z.string(), z.int()),
})

export const answerOutcomeSchema: z.ZodType<AnswerOutcome, unknown> = z.discriminatedUnion(
  'status',
  [
    z.object({ status: z.literal('accepted'), question: z.string() }),
    z.object({
      status: z.literal('refused'),
      question: z.string(),
      code: z.string(),
      detail: z.string(),
      triesLeft: z.int(),
    }),
  ],
)
