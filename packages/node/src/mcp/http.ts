import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { Hono } from 'hono'
import { guardRequests, loadToken } from '../api/guard.ts'
import { type ApiServer, listen } from '../api/listen.ts'
import { formatJson } from '../json.ts'

const PATH = '/mcp'
const REQUEST_SIZE_MAX = 256 * 1024

export interface HttpOptions {
  /** 0 takes any. */
  readonly port: number
  /** Where the token is, made there at the first start. */
  readonly folder: string
  readonly createServer: () => McpServer
}

/**
 * Serves clients over HTTP, on this machine alone, to whoever has the token. Every request is served by itself: there is no
 * session that could be lost or taken over.
 *
 * Errors  ConfigError where nothing can listen at the port.
 */
export async function startMcpHttp({
  port,
  folder,
  createServer,
}: HttpOptions): Promise<ApiServer> {
  const token = loadToken(folder)
  const server = await listen({ key: '--http', host: '127.0.0.1', port }, (hosts) => {
    const app = new Hono()
    app.use(guardRequests(token, hosts))
    app.post(PATH, (context) => serveRequest(context.req.raw, createServer()))
    // Nothing is sent unasked, and there are no sessions to end.
    app.all(PATH, (context) => context.body(formatJson({ code: 'post-only' }), 405))
    app.notFound((context) => context.body(formatJson({ code: 'unknown-path' }), 404))
    return app
  })
  return { ...server, url: `${server.url}${PATH}` }
}

async function serveRequest(request: Request, server: McpServer): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    enableJsonResponse: true,
    maxRequestBodySize: REQUEST_SIZE_MAX,
  })
  try {
    await server.connect(transport)
    return await transport.handleRequest(request)
  } finally {
    await server.close()
  }
}
