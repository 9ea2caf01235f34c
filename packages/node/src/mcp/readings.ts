import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { ReadResourceResult } from '@modelcontextprotocol/sdk/types.js'
import type { AssistantPort } from './assistant-port.ts'
import { INSTRUCTIONS } from './instructions.ts'
import { describeView } from './view-words.ts'

/** What a person can hand to an assistant: texts to read, and the words to begin with. */
export function addReadings(server: McpServer, port: AssistantPort): void {
  const read = (uri: URL, text: string): ReadResourceResult => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text }],
  })
  server.registerResource(
    'situation',
    'commonweal://situation',
    { title: 'Where the agent stands', mimeType: 'text/plain' },
    async (uri) => read(uri, describeView(await port.look())),
  )
  server.registerResource(
    'mandate',
    'commonweal://mandate',
    { title: 'What the agent may sign', mimeType: 'text/plain' },
    async (uri) => read(uri, (await port.look()).mandate.join('\n')),
  )
  server.registerPrompt(
    'decide',
    {
      title: 'Decide for my agent',
      description: 'Answers what is asked of the agent, until told to stop.',
    },
    () => ({ messages: [{ role: 'user', content: { type: 'text', text: INSTRUCTIONS } }] }),
  )
}
