import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { WAIT_MS_MAX } from '../agent/assistant/assistant-desk.ts'
import type { AssistantView } from '../agent/assistant/assistant-view.ts'
import type { AssistantPort } from './assistant-port.ts'
import { describeView } from './view-words.ts'

const WAIT_SECONDS_MAX = WAIT_MS_MAX / 1_000
const READS = { readOnlyHint: true, openWorldHint: false } as const

/** What an assistant may look at. */
export function addLookingTools(server: McpServer, port: AssistantPort): void {
  server.registerTool(
    'get_situation',
    {
      title: 'What is asked now',
      description:
        'What is asked of the agent right now and until when; or, where nothing is, how its resource, its contract and past rounds stand.',
      annotations: READS,
    },
    async () => toResult(await port.look()),
  )
  server.registerTool(
    'wait_for_question',
    {
      title: 'Wait for a question',
      description: `Waits until something is asked of the agent, ${WAIT_SECONDS_MAX} seconds at most, and tells what. Call it again where nothing was.`,
      inputSchema: z.strictObject({
        seconds: z.number().min(0).max(WAIT_SECONDS_MAX).default(WAIT_SECONDS_MAX),
      }),
      annotations: READS,
    },
    async ({ seconds }) => toResult(await port.wait(seconds)),
  )
  server.registerTool(
    'get_mandate',
    {
      title: 'What may be signed',
      description: 'The limits that the operator has set: an answer outside of them is refused.',
      annotations: READS,
    },
    async () => {
      const { mandate } = await port.look()
      return { content: [{ type: 'text', text: mandate.join('\n') }] }
    },
  )
}

/** As text for a model; for a program also as data, without what the text says at length. */
function toResult(view: AssistantView): CallToolResult {
  const { agent, epoch, phase, answered, unanswered } = view
  const questions = view.questions.map(({ id, asks, epoch: since, secondsLeft }) => ({
    id,
    asks,
    epoch: since,
    secondsLeft,
  }))
  return {
    content: [{ type: 'text', text: describeView(view) }],
    structuredContent: { agent, epoch, phase, questions, answered, unanswered },
  }
}
