import { join, resolve } from 'node:path'
import { createMcpServer, serveStdio, startMcpHttp, TOKEN_FILE } from '@commonweal/node/mcp'
import { createAssistantClient } from '../assistant-client.ts'
import { onInterrupt } from '../interrupt.ts'
import { formatPath } from '../invocation.ts'
import { createOutput } from '../output.ts'
import { InterruptedError } from '../usage-error.ts'
import type { NetworkFlags } from './ps.ts'

export interface McpFlags extends NetworkFlags {
  readonly node?: string
  readonly http?: number
}

/** Serves an assistant until it goes, or the operator ends it. Over standard output goes the protocol, and nothing else. */
export async function runMcp(flags: McpFlags): Promise<void> {
  const interrupted = new AbortController()
  const stopListening = onInterrupt(() => interrupted.abort())
  const over = new AbortController()
  const port = createAssistantClient(flags, over.signal)
  const { signal } = interrupted
  try {
    if (flags.http === undefined) await serveStdio(createMcpServer(port), signal)
    else await serveHttp(flags, flags.http, () => createMcpServer(port), signal)
  } finally {
    over.abort()
    stopListening()
  }
  if (signal.aborted) throw new InterruptedError()
}

async function serveHttp(
  flags: McpFlags,
  port: number,
  createServer: () => ReturnType<typeof createMcpServer>,
  signal: AbortSignal,
): Promise<void> {
  const output = createOutput(flags)
  const folder = resolve(flags.data)
  const server = await startMcpHttp({ port, folder, createServer })
  const tokenFile = join(folder, TOKEN_FILE)
  output.json({ kind: 'serving', url: server.url, tokenFile })
  output.line(`An assistant reaches its agent at ${server.url}`)
  output.line(
    `with the header «Authorization: Bearer …» and the token in ${formatPath(tokenFile)}. Ctrl-C ends it.`,
  )
  const { promise, resolve: end } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => end(), { once: true })
  await promise
  await server.stop()
}
