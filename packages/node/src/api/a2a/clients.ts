import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TokenBucket } from '../../network/token-bucket.ts'
import type { ClockPort } from '../../ports.ts'

/** In the node's folder: a line for each agent outside that may open tasks, its name and its token. */
export const CLIENTS_FILE = 'outside-clients'
/** Lines that are read. */
const CLIENT_COUNT_MAX = 64
const LINE = /^([\w.-]{1,64})\s+(\S{16,128})$/

/** Requests of one client: on average a second, and at once. */
export const REQUESTS_PER_SECOND = 10
export const REQUEST_BURST = 50
/** Messages of one client over which the agent thinks: on average a minute, and at once. */
export const THOUGHTS_PER_MINUTE = 30
export const THOUGHT_BURST = 10

interface Allowance {
  readonly requests: TokenBucket
  readonly thoughts: TokenBucket
}

/**
 * Who may open tasks, and how fast. A token of theirs allows nothing else: it is not the operator's.
 *
 * The file is read at every request, so that a line that is taken out of it counts at once.
 */
export class OutsideClients {
  readonly #path: string
  readonly #clock: ClockPort
  readonly #allowances = new Map<string, Allowance>()

  /** Makes the file, with one client, where there is none. */
  constructor(folder: string, clock: ClockPort) {
    this.#path = join(folder, CLIENTS_FILE)
    this.#clock = clock
    mkdirSync(folder, { recursive: true })
    const line = `outside ${randomBytes(32).toString('hex')}\n`
    try {
      writeFileSync(this.#path, line, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
    }
  }

  /** The client that a request's `Authorization` is of. */
  find(authorization: string): string | undefined {
    const given = Buffer.from(authorization)
    for (const [name, token] of this.#read()) {
      const expected = Buffer.from(`Bearer ${token}`)
      if (given.length === expected.length && timingSafeEqual(given, expected)) return name
    }
    return undefined
  }

  mayAsk(client: string): boolean {
    return this.#allowanceOf(client).requests.take(this.#clock.nowMs())
  }

  mayMakeThink(client: string): boolean {
    return this.#allowanceOf(client).thoughts.take(this.#clock.nowMs())
  }

  #read(): readonly (readonly [name: string, token: string])[] {
    const lines = readFileSync(this.#path, 'utf8').split('\n').slice(0, CLIENT_COUNT_MAX)
    return lines.flatMap((line) => {
      const [, name, token] = LINE.exec(line.trim()) ?? []
      return name === undefined || token === undefined ? [] : [[name, token] as const]
    })
  }

  #allowanceOf(client: string): Allowance {
    const known = this.#allowances.get(client)
    if (known !== undefined) return known
    const nowMs = this.#clock.nowMs()
    const made = {
      requests: new TokenBucket(REQUESTS_PER_SECOND, REQUEST_BURST, nowMs),
      thoughts: new TokenBucket(THOUGHTS_PER_MINUTE / 60, THOUGHT_BURST, nowMs),
    }
    this.#allowances.set(client, made)
    return made
  }
}
