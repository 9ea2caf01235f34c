import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'

/** Serves one client over standard input and output. Resolves when it has gone, or the signal aborts. */
export async function serveStdio(server: McpServer, signal: AbortSignal): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  process.stdin.once('end', resolve)
  process.stdin.once('close', resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await server.connect(new StdioServerTransport())
  await over
  await server.close()
}
