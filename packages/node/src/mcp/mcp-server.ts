import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { addActingTools } from './acting-tools.ts'
import type { AssistantPort } from './assistant-port.ts'
import { addForecastingTools } from './forecasting-tools.ts'
import { INSTRUCTIONS } from './instructions.ts'
import { addLookingTools } from './looking-tools.ts'
import { addNegotiatingTools } from './negotiating-tools.ts'
import { addReadings } from './readings.ts'

/**
 * The server that an assistant speaks to over the Model Context Protocol: what is asked of an agent, and tools to answer. It
 * holds no key; what it passes on is judged where the agent is.
 */
export function createMcpServer(port: AssistantPort): McpServer {
  const server = new McpServer(
    { name: 'commonweal', title: 'Commonweal', version: '0.1.0' },
    { instructions: INSTRUCTIONS },
  )
  addLookingTools(server, port)
  addActingTools(server, port)
  addNegotiatingTools(server, port)
  addForecastingTools(server, port)
  addReadings(server, port)
  return server
}
