import { concat, fromString, toString } from 'uint8arrays'

/** Why a request was not answered, or not to its end. */
export type ResponseRefusal = 'rate-limited' | 'busy' | 'too-large' | 'failed'

const REFUSALS: readonly ResponseRefusal[] = ['rate-limited', 'busy', 'too-large', 'failed']

/**
 * One frame of a response.
 *
 * Shape   kind (1 byte: 0 body · 1 end · 2 refusal) ‖ bytes; a refusal's bytes are its code in UTF-8, an end has none.
 * Source  spec/wire.md §4 [WIRE-18]
 */
export type ResponseFrame =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'refusal'; readonly code: ResponseRefusal }

const BODY = 0
const END = 1
const REFUSAL = 2
const NONE = -1

export function encodeResponseFrame(frame: ResponseFrame): Uint8Array {
  switch (frame.kind) {
    case 'body':
      return concat([Uint8Array.of(BODY), frame.bytes])
    case 'end':
      return Uint8Array.of(END)
    case 'refusal':
      return concat([Uint8Array.of(REFUSAL), fromString(frame.code)])
  }
}

/** The frame, or undefined where the bytes are none. */
export function decodeResponseFrame(bytes: Uint8Array): ResponseFrame | undefined {
  const rest = bytes.subarray(1)
  const kind = bytes[0] ?? NONE
  switch (kind) {
    case BODY:
      return { kind: 'body', bytes: rest }
    case END:
      return rest.length === 0 ? { kind: 'end' } : undefined
    case REFUSAL: {
      const text = toString(rest)
      const code = REFUSALS.find((known) => known === text)
      return code === undefined ? undefined : { kind: 'refusal', code }
    }
    default:
      return undefined
  }
}
