import { type AddressInfo, isIPv6 } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { ConfigError } from '../errors.ts'

export interface ApiServer {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string
  stop(): Promise<void>
}

export interface ListenAddress {
  /** What it is called where it cannot be had. */
  readonly key: string
  readonly host: string
  /** 0 takes any. */
  readonly port: number
}

/** Serves an app, which is told what `Host` may say. Errors  ConfigError where nothing can listen at the address. */
export async function listen(
  { key, host, port }: ListenAddress,
  createApp: (hosts: () => readonly string[]) => Hono,
): Promise<ApiServer> {
  const shown = isIPv6(host) ? `[${host}]` : host
  let hosts: readonly string[] = []
  const server = createAdaptorServer({ fetch: createApp(() => hosts).fetch })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error) =>
    reject(new ConfigError(key, `${shown}:${port}`, 'an address that nobody listens on', error)),
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
