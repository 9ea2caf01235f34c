import type { Question } from '../llm/ask.ts'
import { ModelFailure } from '../llm/model-failure.ts'
import { checkReply } from '../llm/parse-reply.ts'

/** A question that is held open, whatever the shape of its answer. */
export interface HeldQuestion {
  readonly name: string
  readonly epoch: number
  readonly role: string
  readonly words: string
  readonly deadlineAtMs: number
  /** Takes an answer that passes every check. Result  what is wrong with it, else undefined. */
  judge(reply: unknown): Promise<ModelFailure | undefined>
  giveUp(failure: ModelFailure): void
}

export interface Holding<Meant> {
  readonly held: HeldQuestion
  /** Rejects with the failure that the question is given up for. */
  readonly answer: Promise<Meant>
}

/** Opens a question. `onEnd` is called once, when it is answered or given up. */
export function holdQuestion<Said, Meant>(
  question: Question<Said, Meant>,
  deadlineAtMs: number,
  onEnd: (failure: ModelFailure | undefined) => void,
): Holding<Meant> {
  const { promise, resolve, reject } = Promise.withResolvers<Meant>()
  const over = new AbortController()
  const end = (failure: ModelFailure | undefined): void => {
    over.abort(new ModelFailure('cancelled', 'the question is over'))
    onEnd(failure)
  }
  const told = (role: string): string =>
    question.messages
      .flatMap((message) => (message.role === role ? [message.content] : []))
      .join('\n\n')
  return {
    answer: promise,
    held: {
      name: question.name,
      epoch: question.epoch,
      role: told('system'),
      words: told('user'),
      deadlineAtMs,
      async judge(reply) {
        const judged = await judgeReply(question, reply, over.signal)
        if (over.signal.aborted) return new ModelFailure('timed-out', 'its time is over')
        if (judged instanceof ModelFailure) return judged
        end(undefined)
        resolve(judged.meant)
        return undefined
      },
      giveUp(failure) {
        end(failure)
        reject(failure)
      },
    },
  }
}

/** What a reply means, or what is wrong with it: by all that a model's reply is judged by. */
async function judgeReply<Said, Meant>(
  question: Question<Said, Meant>,
  reply: unknown,
  signal: AbortSignal,
): Promise<{ readonly meant: Meant } | ModelFailure> {
  const said = checkReply(reply, question.schema)
  try {
    const checked = said.ok ? await question.check(said.value, signal) : said
    if (checked.ok) return { meant: checked.value }
    const { code, facts } = checked.error
    return new ModelFailure(code, String(facts['detail'] ?? code))
  } catch (error) {
    if (error instanceof ModelFailure) return error
    throw error
  }
}
