import { lawSchema } from '@commonweal/protocol'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { depositSchema, textSchema, wordsSchema } from '../agent/llm/negotiation-reply.ts'
import { giveAnswer, questionSchema } from './answer.ts'
import type { AssistantPort } from './assistant-port.ts'

/** How an assistant takes its turn in a negotiation. */
export function addNegotiatingTools(server: McpServer, port: AssistantPort): void {
  server.registerTool(
    'propose',
    {
      description:
        'Takes a turn in a negotiation: proposes terms. `law` where contracts are clauses, `words` where they are words. `text` is read by the others and binds nobody; `deposit`, in a game, is what every seat sets aside for each round.',
      inputSchema: z.strictObject({
        question: questionSchema,
        law: z.exactOptional(lawSchema),
        words: wordsSchema,
        text: textSchema,
        deposit: depositSchema,
      }),
    },
    ({ question: id, ...reply }) => giveAnswer(port, id, { move: 'propose', ...reply }),
  )
  server.registerTool(
    'accept',
    {
      description:
        'Takes a turn in a negotiation: accepts the terms on the table. That signs them for the agent.',
      inputSchema: z.strictObject({ question: questionSchema }),
    },
    ({ question: id }) => giveAnswer(port, id, { move: 'accept' }),
  )
  server.registerTool(
    'reject',
    {
      description:
        'Takes a turn in a negotiation: says no to the terms on the table, and in `text` why.',
      inputSchema: z.strictObject({ question: questionSchema, text: textSchema }),
    },
    ({ question: id, ...reply }) => giveAnswer(port, id, { move: 'reject', ...reply }),
  )
  server.registerTool(
    'pass',
    {
      description: 'Takes a turn in a negotiation: says nothing. What is in force stays.',
      inputSchema: z.strictObject({ question: questionSchema }),
    },
    ({ question: id }) => giveAnswer(port, id, { move: 'pass' }),
  )
}
