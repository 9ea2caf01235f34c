import { type AddressInfo, isIPv6 } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { ConfigError } from '../errors.ts'
import type { OutsideParts } from '../outside/outside-parts.ts'
import { createA2aRoutes } from './a2a/routes.ts'
import { createApp } from './app.ts'
import { loadToken } from './guard.ts'
import type { ApiSource } from './source.ts'

export interface ApiServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  stop(): Promise<void>
}

export interface ApiOptions {
  readonly host: string
  /** 0 takes any. */
  readonly port: number
  /** Where the token is. */
  readonly folder: string
  /** For agents outside; null where they have no way in. */
  readonly outside: OutsideParts | null
}

/** Errors  ConfigError where nothing can listen at the address. */
export async function startApi(source: ApiSource, options: ApiOptions): Promise<ApiServer> {
  const { host, port, folder, outside: parts } = options
  const shown = isIPv6(host) ? `[${host}]` : host
  let hosts: readonly string[] = []
  const outside =
    parts === null ? null : createA2aRoutes({ parts, source, folder, hosts: () => hosts })
  const app = createApp(source, { token: loadToken(folder), hosts: () => hosts, outside })
  const server = createAdaptorServer({ fetch: app.fetch })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error) =>
    reject(new ConfigError('api', `${shown}:${port}`, 'an address that nobody listens on', error)),
  )
  server.listen(port, host, resolve)
  await promise
  const bound = portOf(server.address()) ?? port
  hosts = [`${shown}:${bound}`, `localhost:${bound}`]
  return {
    url: `http://${shown}:${bound}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function portOf(address: AddressInfo | string | null): number | undefined {
  return typeof address === 'object' && address !== null ? address.port : undefined
}
