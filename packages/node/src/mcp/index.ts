/** The server of the Model Context Protocol, for an assistant that decides for an agent. No network stack comes with it. */

export {
  type AnswerOutcome,
  type AssistantView,
  answerOutcomeSchema,
  assistantViewSchema,
} from '../agent/assistant/assistant-view.ts'
export { TOKEN_FILE } from '../api/guard.ts'
export type { ApiServer } from '../api/listen.ts'
export { ConfigError } from '../errors.ts'
export type { AssistantPort } from './assistant-port.ts'
export { type HttpOptions, startMcpHttp } from './http.ts'
export { createMcpServer } from './mcp-server.ts'
export { serveStdio } from './stdio.ts'
