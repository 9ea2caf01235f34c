import type { Result } from '@commonweal/protocol'
import type { z } from 'zod'
import type { ClockPort } from '../../ports.ts'
import type { ChatMessage, ChatModel, ChatParameters } from './chat-model.ts'
import { ModelFailure, type ModelFailureCode } from './model-failure.ts'
import { toOutputSchema } from './output-schema.ts'
import { parseReply } from './parse-reply.ts'

/** Times that a reply which will not do goes back with what is wrong with it. */
export const REPAIRS_MAX = 2
/** Longest part of a bad reply that goes back to the model. */
const ECHO_LENGTH_MAX = 2_000

/** One model, with all that its calls need. */
export interface Questioner {
  readonly chat: ChatModel
  readonly model: string
  readonly parameters: ChatParameters
  readonly clock: ClockPort
  /** For one turn, repairs and retries included. */
  readonly deadlineMs: number
  /** Ends every turn: the node stops. */
  readonly signal: AbortSignal
  readonly onFault: (code: ModelFailureCode) => void
}

/** What is asked, and what an answer must be. */
export interface Question<Said, Meant> {
  readonly name: string
  readonly messages: readonly ChatMessage[]
  readonly schema: z.ZodType<Said, unknown>
  readonly epoch: number
  /** Beyond the shape: what will not do goes back to the model with `detail`. */
  check(said: Said, signal: AbortSignal): Promise<Result<Meant, ModelFailureCode>>
}

/**
 * Puts one question to the model, within the deadline of a turn.
 *
 * Errors  ModelFailure: no answer that passes every check, in time and within {@link REPAIRS_MAX} repairs.
 */
export async function ask<Said, Meant>(
  questioner: Questioner,
  question: Question<Said, Meant>,
): Promise<Meant> {
  const turn = new AbortController()
  const { clock, deadlineMs } = questioner
  const callOff = clock.alarm(deadlineMs, () => {
    turn.abort(new ModelFailure('timed-out', `no answer within ${deadlineMs} ms`))
  })
  const onStop = (): void => turn.abort(new ModelFailure('cancelled', 'the node stops'))
  if (questioner.signal.aborted) onStop()
  questioner.signal.addEventListener('abort', onStop, { once: true })
  try {
    return await untilAborted(turn.signal, askUntilGood(questioner, question, turn.signal))
  } finally {
    callOff()
    questioner.signal.removeEventListener('abort', onStop)
    // What still runs has nobody who waits for it.
    turn.abort(new ModelFailure('cancelled', 'the turn is over'))
  }
}

async function askUntilGood<Said, Meant>(
  questioner: Questioner,
  question: Question<Said, Meant>,
  signal: AbortSignal,
): Promise<Meant> {
  let messages = question.messages
  for (let repair = 0; ; repair++) {
    const { problem, text, meant } = await attempt(questioner, question, messages, signal)
    if (problem === undefined) return meant
    questioner.onFault(problem.code)
    if (repair >= REPAIRS_MAX) throw problem
    messages = [
      ...question.messages,
      { role: 'assistant', content: text.slice(0, ECHO_LENGTH_MAX) },
      { role: 'user', content: describeProblem(problem) },
    ]
  }
}

type Attempt<Meant> =
  | { readonly problem: undefined; readonly meant: Meant; readonly text: string }
  | { readonly problem: ModelFailure; readonly meant: undefined; readonly text: string }

/** Replies that are worth another try, said otherwise. */
const REPAIRABLE: ReadonlySet<ModelFailureCode> = new Set(['refused', 'empty-reply', 'cut-off'])

async function attempt<Said, Meant>(
  { chat, model, parameters }: Questioner,
  question: Question<Said, Meant>,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): Promise<Attempt<Meant>> {
  const { name, schema, epoch } = question
  const request = { model, messages, schema: { name, json: toOutputSchema(schema) }, parameters }
  let text = ''
  try {
    const reply = await chat.complete(request, { signal, epoch })
    text = reply.text
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ModelFailure) || !REPAIRABLE.has(error.code)) throw error
    return { problem: error, meant: undefined, text }
  }
  const said = parseReply(text, schema)
  const checked = said.ok ? await question.check(said.value, signal) : said
  if (checked.ok) return { problem: undefined, meant: checked.value, text }
  const { code, facts } = checked.error
  const sentence = String(facts['detail'] ?? code)
  return { problem: new ModelFailure(code, sentence), meant: undefined, text }
}

function describeProblem({ code, message }: ModelFailure): string {
  return `That answer cannot be used (${code}): ${message}\nAnswer again, in the form that was asked for.`
}

/** The work, or the reason of the signal where that comes first. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  work.catch(() => undefined)
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort))
}
