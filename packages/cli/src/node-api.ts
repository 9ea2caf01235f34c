import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from './usage-error.ts'

/** Longest wait for an answer of a node on this machine. */
const ANSWER_MS = 5_000
/** The same for a change: the node itself waits half a minute for a receipt. */
const CHANGE_MS = 40_000
/** A change that the node understood and refuses: its answer says why. */
const REFUSED = 409

/** One node's HTTP API, as a client sees it. Answers are JSON of unknown shape: whoever asks checks them. */
export interface NodeApi {
  /** Errors  ApiError */
  get(path: string): Promise<unknown>
  /** Sends JSON with the node's token; a refusal is an answer too. The signal ends the wait. Errors  ApiError */
  post(path: string, body?: unknown, signal?: AbortSignal): Promise<unknown>
  /** The node's events from here on, until the signal aborts or the node ends the stream. */
  events(path: string, signal: AbortSignal): AsyncIterable<unknown>
}

/** The node did not answer, or answered no: `status` is HTTP's, or 0 where nothing came. */
export class ApiError extends CommandError {
  readonly status: number

  constructor(status: number, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause })
    this.status = status
  }
}

/** The client of the API at `base`; `dataFolder` is where the node keeps its token. */
export function createNodeApi(base: string, dataFolder: string): NodeApi {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(new URL(path, base), init).catch((cause: unknown) => {
      throw new ApiError(0, `no answer from the node at ${base}`, cause)
    })
    if (response.ok || response.status === REFUSED) return response
    const said = await response.text()
    throw new ApiError(response.status, `${path}: the node answered ${response.status} ${said}`)
  }
  return {
    async get(path) {
      const response = await ask(path, { signal: AbortSignal.timeout(ANSWER_MS) })
      return response.json()
    },
    async post(path, body = {}, signal) {
      const token = (await readFile(join(dataFolder, TOKEN_FILE), 'utf8')).trim()
      const response = await ask(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.any([
          AbortSignal.timeout(CHANGE_MS),
          ...(signal === undefined ? [] : [signal]),
        ]),
      })
      return response.json()
    },
    async *events(path, signal) {
      const response = await ask(path, { signal, headers: { accept: 'text/event-stream' } })
      if (response.body === null) return
      yield* readEventStream(response.body)
    },
  }
}

/** Where a node keeps the token that allows changes, in its data folder. */
const TOKEN_FILE = 'api-token'

/** The `data` of each server-sent event, as JSON; an event without data is passed over. */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncIterable<unknown> {
  const decoder = new TextDecoder()
  let buffered = ''
  for await (const chunk of body) {
    buffered += decoder.decode(chunk, { stream: true })
    const blocks = buffered.split(/\r?\n\r?\n/)
    buffered = blocks.pop() ?? ''
    for (const block of blocks) {
      const text = block
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length).trimStart())
        .join('\n')
      if (text !== '') yield JSON.parse(text)
    }
  }
}
