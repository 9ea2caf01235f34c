import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import { formatJson } from '../json.ts'

/** In the node's folder: whoever can read it may change things. */
export const TOKEN_FILE = 'api-token'

/**
 * - `wrong-host`: the request names a host that this API does not serve: a page that made a name of its own point here.
 * - `cross-origin`: a page of another origin asks for a change.
 * - `token-required`: a change without the node's token.
 */
export type GuardCode = 'wrong-host' | 'cross-origin' | 'token-required'

/**
 * Keeps pages that a browser shows away from the node: a request must name the address that it was sent to, and a change must
 * come from no page at all and carry the node's token.
 */
export function guardRequests(token: string, hosts: () => readonly string[]): MiddlewareHandler {
  const expected = Buffer.from(`Bearer ${token}`)
  return async (context, next) => {
    const { req } = context
    const refuse = (code: GuardCode, status: 401 | 403): Response =>
      context.body(formatJson({ code }), status, { 'content-type': 'application/json' })
    const host = req.header('host')
    if (host === undefined || !hosts().includes(host)) return refuse('wrong-host', 403)
    if (req.method === 'GET' || req.method === 'HEAD') return next()
    const origin = req.header('origin')
    if (origin !== undefined && origin !== `http://${host}`) return refuse('cross-origin', 403)
    const given = Buffer.from(req.header('authorization') ?? '')
    const isRight = given.length === expected.length && timingSafeEqual(given, expected)
    return isRight ? next() : refuse('token-required', 401)
  }
}

/** The token of a node's folder, made at the first start and readable by its owner alone. */
export function loadToken(folder: string): string {
  const path = join(folder, TOKEN_FILE)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
  }
  const token = randomBytes(32).toString('hex')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  return token
}
