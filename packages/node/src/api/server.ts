import type { OutsideParts } from '../outside/outside-parts.ts'
import { createA2aRoutes } from './a2a/routes.ts'
import { createApp } from './app.ts'
import { loadToken } from './guard.ts'
import { type ApiServer, listen } from './listen.ts'
import type { ApiSource } from './source.ts'

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
export function startApi(source: ApiSource, options: ApiOptions): Promise<ApiServer> {
  const { host, port, folder, outside: parts } = options
  const token = loadToken(folder)
  return listen({ key: 'api', host, port }, (hosts) => {
    const outside = parts === null ? null : createA2aRoutes({ parts, source, folder, hosts })
    return createApp(source, { token, hosts, outside })
  })
}
