import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { giveAnswer, questionSchema, reasonSchema } from './answer.ts'
import type { AssistantPort } from './assistant-port.ts'

/** How an assistant answers what its agent does in a round. */
export function addActingTools(server: McpServer, port: AssistantPort): void {
  server.registerTool(
    'harvest',
    {
      description: 'Answers how many units to request in this round of a commons.',
      inputSchema: z.strictObject({
        question: questionSchema,
        request: z.int().min(0),
        reason: reasonSchema,
      }),
    },
    ({ question: id, ...reply }) => giveAnswer(port, id, reply),
  )
  server.registerTool(
    'play',
    {
      description: 'Answers which action to choose in this round of a game, by its number.',
      inputSchema: z.strictObject({
        question: questionSchema,
        action: z.int().min(0),
        reason: reasonSchema,
      }),
    },
    ({ question: id, ...reply }) => giveAnswer(port, id, reply),
  )
}
