import { fromString, toString } from 'uint8arrays'
import { z } from 'zod'
import type { HandshakeCode, Hello } from './port.ts'

/** Reasons that travel to the other side; the rest of {@link HandshakeCode} is what one side finds out alone. */
const REFUSALS = ['foreign-network', 'protocol-version', 'malformed-hello'] as const
export type RefusalCode = (typeof REFUSALS)[number]

/** One frame of the handshake: who I am, or what I make of you, or both. */
export interface HelloFrame {
  readonly hello?: Hello | undefined
  readonly refusal?: RefusalCode | undefined
}

const helloSchema = z.object({
  networkId: z.string().min(1).max(128),
  protocolVersion: z.int().min(0).max(65_535),
  name: z.string().max(64),
  height: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
})

/** Unknown keys are passed over, so that a later version's hello can still be read and refused by its number. */
const frameSchema = z.object({
  hello: helloSchema.optional(),
  refusal: z.enum(REFUSALS).optional(),
})

/** [WIRE-3] A handshake frame is JSON in UTF-8: every version of the software can read every other's refusal. */
export function encodeHelloFrame(frame: HelloFrame): Uint8Array {
  return fromString(JSON.stringify(frame))
}

/** The frame, or undefined where the bytes are none. */
export function decodeHelloFrame(bytes: Uint8Array): HelloFrame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(toString(bytes))).data
  } catch {
    return undefined
  }
}

/** [WIRE-4] Why a peer that says this of itself is refused; undefined where it is not. */
export function checkHello(ours: Hello, theirs: Hello | undefined): RefusalCode | undefined {
  if (theirs === undefined) return 'malformed-hello'
  if (theirs.networkId !== ours.networkId) return 'foreign-network'
  if (theirs.protocolVersion !== ours.protocolVersion) return 'protocol-version'
  return undefined
}

/** One sentence for a person whose node was not let in. */
export function describeRefusal(
  code: HandshakeCode,
  ours: Hello,
  theirs: Hello | undefined,
): string {
  switch (code) {
    case 'foreign-network':
      return `the peer is of network ${theirs?.networkId ?? '?'} (${theirs?.name ?? '?'}), this node of ${ours.networkId} (${ours.name})`
    case 'protocol-version':
      return `the peer speaks protocol version ${theirs?.protocolVersion ?? '?'}, this node ${ours.protocolVersion}`
    case 'malformed-hello':
      return 'the handshake was not understood'
    case 'handshake-timeout':
      return 'the peer did not finish the handshake in time'
  }
}
