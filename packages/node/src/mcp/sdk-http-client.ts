import { registerHooks } from 'node:module'
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

/**
 * The SDK's transport, for tests. A library that it needs has a `source` of its own, which Node does not run from
 * node_modules: for that library our condition does not count.
 */
export async function loadHttpTransport(): Promise<typeof StreamableHTTPClientTransport> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier.startsWith('eventsource-parser')
        ? next(specifier, {
            ...context,
            conditions: context.conditions.filter((condition) => condition !== 'source'),
          })
        : next(specifier, context),
  })
  try {
    const module = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
    return module.StreamableHTTPClientTransport
  } finally {
    hooks.deregister()
  }
}
