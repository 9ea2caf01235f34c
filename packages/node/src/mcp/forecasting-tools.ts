import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import {
  hypothesesSchema,
  reasoningSchema,
  reportSchema,
  sharesSchema,
  usedSchema,
} from '../agent/llm/forecast/forecast-reply.ts'
import { giveAnswer, questionSchema, reasonSchema } from './answer.ts'
import type { AssistantPort } from './assistant-port.ts'

/** How an assistant answers in a forecasting market. */
export function addForecastingTools(server: McpServer, port: AssistantPort): void {
  server.registerTool(
    'forecast',
    {
      description:
        'Answers how probable each outcome of a question is, in basis points, by whose reports, and why. All of it is made public.',
      inputSchema: z.strictObject({
        question: questionSchema,
        report: reportSchema,
        used: usedSchema,
        reasoning: reasoningSchema,
        hypotheses: hypothesesSchema,
      }),
    },
    ({ question, ...reply }) => giveAnswer(port, question, reply),
  )
  server.registerTool(
    'pay',
    {
      description:
        'Answers which basis points of all that the agent earns go to which suppliers, by their numbers.',
      inputSchema: z.strictObject({
        question: questionSchema,
        shares: sharesSchema,
        reason: reasonSchema,
      }),
    },
    ({ question, ...reply }) => giveAnswer(port, question, reply),
  )
}
