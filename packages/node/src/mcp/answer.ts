import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { AnswerOutcome } from '../agent/assistant/assistant-view.ts'
import type { AssistantPort } from './assistant-port.ts'

/** Names the question in every answer. */
export const questionSchema: z.ZodString = z
  .string()
  .max(64)
  .describe('the id of the question that this answers')

export const reasonSchema: z.ZodExactOptional<z.ZodString> = z
  .exactOptional(z.string().max(1_000))
  .describe('for the record; nobody else sees it')

/** Gives an answer in the form of a model's reply. A refusal is an error that says what is wrong. */
export async function giveAnswer(
  port: AssistantPort,
  question: string,
  reply: object,
): Promise<CallToolResult> {
  return toResult(await port.answer(question, reply))
}

function toResult(outcome: AnswerOutcome): CallToolResult {
  const text = describeOutcome(outcome)
  const content: CallToolResult['content'] = [{ type: 'text', text }]
  const isError = outcome.status === 'refused'
  return { content, structuredContent: { ...outcome }, ...(isError ? { isError } : {}) }
}

function describeOutcome(outcome: AnswerOutcome): string {
  const { question: id } = outcome
  if (outcome.status === 'accepted') return `Question ${id} is answered. Wait for the next one.`
  const { code, detail, triesLeft } = outcome
  const more =
    triesLeft === 0 ? '' : ` Nothing is signed yet: ${triesLeft} more answers may be given.`
  return `The answer to ${id} cannot be used (${code}): ${detail}.${more}`
}
