import { z } from 'zod'
import { decode, encode } from '../codec/cbor.ts'
import { type Cid, cidOf } from '../codec/cid.ts'
import { type AgentId, publicKeyOf } from '../identity/agent-id.ts'
import { type Signer, signingBytes, type Verify } from '../identity/signature.ts'
import { ok, type Result, reject } from '../result.ts'
import { bytesSchema } from '../schema/atoms.ts'
import { MESSAGE_SIZE_MAX, type Message, messageSchemas } from './message.ts'

declare const verified: unique symbol

/**
 * A message whose signature was checked: `step` takes nothing else from a peer.
 *
 * `id` is the cid of the signed payload; `envelope` are the bytes as they travel.
 */
export interface Verified<M extends Message = Message> {
  readonly [verified]: true
  readonly id: Cid
  readonly message: M
  readonly signature: Uint8Array
  readonly envelope: Uint8Array
}

/** What both sides of a signature must share. */
export interface OpenContext {
  readonly networkId: Cid
  readonly verify: Verify
}

export type OpenCode =
  | 'too-large'
  | 'too-deep'
  | 'malformed'
  | 'non-canonical'
  | 'unknown-kind'
  | 'bad-shape'
  | 'bad-signature'

const envelopeSchema = z.strictObject({
  payload: bytesSchema(MESSAGE_SIZE_MAX),
  signature: z.instanceof(Uint8Array).refine((bytes) => bytes.length === 64),
})

/** Signs a message of our own. [ENC-6] */
export function seal<M extends Message>(message: M, networkId: Cid, signer: Signer): Verified<M> {
  const payload = encode(message)
  const signature = signer.sign(signingBytes(message.kind, networkId, payload))
  const envelope = encode({ payload, signature })
  return { id: cidOf(payload), message, signature, envelope } as Verified<M>
}

/**
 * Decodes and verifies an envelope, cheap checks before dear ones: size, shape, signature. [ENC-7]
 *
 * Errors  reject: all of them, since what they say holds for every honest, current peer.
 */
export function open(envelope: Uint8Array, context: OpenContext): Result<Verified, OpenCode> {
  const parsed = parseEnvelope(envelope)
  if (!parsed.ok) return parsed
  const { message, payload, signature } = parsed.value
  const signed = signingBytes(message.kind, context.networkId, payload)
  if (!context.verify(publicKeyOf(message.author), signed, signature)) {
    return reject('bad-signature', { kind: message.kind, author: message.author })
  }
  return ok({ id: cidOf(payload), message, signature, envelope } as Verified)
}

/** The same for a message that must be of certain kinds. */
export function openAs<M extends Message>(
  envelope: Uint8Array,
  kinds: readonly M['kind'][],
  context: OpenContext,
): Result<Verified<M>, OpenCode | 'wrong-kind'> {
  const opened = open(envelope, context)
  if (!opened.ok) return opened
  const { kind } = opened.value.message
  if (!(kinds as readonly string[]).includes(kind)) return reject('wrong-kind', { kind })
  return ok(opened.value as Verified<M>)
}

/** Whether a signature over a message that we can rebuild ourselves is good: votes in a certificate. */
export function verifyMessage(
  message: Message,
  signature: Uint8Array,
  context: OpenContext,
): boolean {
  const signed = signingBytes(message.kind, context.networkId, encode(message))
  return context.verify(publicKeyOf(message.author), signed, signature)
}

interface ParsedEnvelope {
  readonly message: Message & { readonly author: AgentId }
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

function parseEnvelope(envelope: Uint8Array): Result<ParsedEnvelope, OpenCode> {
  const outer = decode(envelope, MESSAGE_SIZE_MAX)
  if (!outer.ok) return outer
  const shape = envelopeSchema.safeParse(outer.value)
  if (!shape.success) return reject('bad-shape', { part: 'envelope' })
  const { payload, signature } = shape.data
  const inner = decode(payload, MESSAGE_SIZE_MAX)
  if (!inner.ok) return inner
  const kind = kindOf(inner.value)
  const schema = kind === undefined ? undefined : messageSchemas.get(kind)
  if (kind === undefined || schema === undefined) return reject('unknown-kind', {})
  if (payload.length > schema.sizeMax) return reject('too-large', { kind, size: payload.length })
  const message = schema.schema.safeParse(inner.value)
  if (!message.success) {
    return reject('bad-shape', { part: 'payload', kind, at: firstPath(message.error) })
  }
  return ok({ message: message.data, payload, signature })
}

function kindOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
  return typeof value.kind === 'string' ? value.kind : undefined
}

function firstPath(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') ?? ''
}
