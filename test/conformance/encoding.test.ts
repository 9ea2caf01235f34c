import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  agentIdOfPeer,
  checkStrictEncoding,
  cidOf,
  createNobleSigner,
  decode,
  digestOf,
  encode,
  fromHex,
  isCid,
  isDigest,
  messageSchemas,
  nobleVerify,
  open,
  openAs,
  parseAgentId,
  peerIdOf,
  publicKeyOf,
  type Result,
  seal,
  secretKeyOf,
  signingBytes,
  Tree,
  toHex,
  type Verified,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const SIZE_MAX = 65_536

const text = z.string()
const cid = text.refine(isCid)
const kind = z.enum(['notarize', 'nullify', 'finalize'])

const inputSchema = z.union([
  z.strictObject({ decode: text, sizeMax: z.int().optional() }),
  z.strictObject({ tree: z.array(z.tuple([text, z.int()])) }),
  z.strictObject({ agentId: text }),
  z.strictObject({ peerId: text }),
  z.strictObject({ cid: text }),
  z.strictObject({ isCid: text }),
  z.strictObject({ digest: z.array(text) }),
  z.strictObject({ isDigest: text }),
  z.strictObject({ strictEncoding: z.strictObject({ publicKey: text, signature: text }) }),
  z.strictObject({ testKey: z.strictObject({ seed: z.union([text, z.int()]), index: z.int() }) }),
  z.strictObject({ derive: z.strictObject({ secretKey: text, purpose: text }) }),
  z.strictObject({ signingBytes: z.strictObject({ kind: text, networkId: cid, payload: text }) }),
  z.strictObject({
    seal: z.strictObject({ message: z.unknown(), networkId: cid, secretKey: text }),
  }),
  z.strictObject({ open: text, networkId: cid }),
  z.strictObject({
    openAs: z.strictObject({ envelope: text, networkId: cid, kinds: z.array(kind) }),
  }),
])
type Input = z.infer<typeof inputSchema>

describe('the encoding vectors', () => {
  for (const vector of loadVectors('encoding', inputSchema, z.unknown())) {
    it(`${vector.id} ${vector.comment}`, () => {
      assert.deepEqual(answer(vector.input), vector.expect)
    })
  }
})

/** What this implementation answers, in the form in which vectors are written. */
function answer(input: Input): unknown {
  if ('decode' in input) return answerDecode(input.decode, input.sizeMax ?? SIZE_MAX)
  if ('tree' in input) return { digest: Tree.from<number>(input.tree).digest() }
  if ('agentId' in input) {
    return shown(parseAgentId(input.agentId), (agent) => ({ publicKey: toHex(publicKeyOf(agent)) }))
  }
  if ('peerId' in input) return answerPeerId(input.peerId)
  if ('cid' in input) return { cid: cidOf(fromHex(input.cid)) }
  if ('isCid' in input) return { valid: isCid(input.isCid) }
  if ('digest' in input) return { digest: digestOf(...input.digest.map((part) => fromHex(part))) }
  if ('isDigest' in input) return { valid: isDigest(input.isDigest) }
  if ('strictEncoding' in input) {
    const { publicKey, signature } = input.strictEncoding
    return shown(checkStrictEncoding(fromHex(publicKey), fromHex(signature)), () => ({ ok: true }))
  }
  if ('testKey' in input) {
    return { secretKey: toHex(secretKeyOf(input.testKey.seed, input.testKey.index)) }
  }
  if ('derive' in input) {
    const signer = createNobleSigner(fromHex(input.derive.secretKey))
    return { secret: toHex(signer.derive(input.derive.purpose)) }
  }
  if ('signingBytes' in input) {
    const { kind: signedKind, networkId, payload } = input.signingBytes
    return { bytes: toHex(signingBytes(signedKind, networkId, fromHex(payload))) }
  }
  return answerEnvelope(input)
}

function answerDecode(hex: string, sizeMax: number): unknown {
  return shown(decode(fromHex(hex), sizeMax), (value) => {
    assert.equal(toHex(encode(value)), hex, 'accepted bytes encode to themselves')
    return { value: written(value) }
  })
}

function answerPeerId(peerId: string): unknown {
  const agent = agentIdOfPeer(peerId)
  if (agent !== undefined) assert.equal(peerIdOf(agent), peerId)
  return { agentId: agent ?? null }
}

function answerEnvelope(
  input: Extract<Input, { seal: unknown } | { open: unknown } | { openAs: unknown }>,
): unknown {
  if ('open' in input) {
    const context = { networkId: input.networkId, verify: nobleVerify }
    return shown(open(fromHex(input.open), context), summary)
  }
  if ('openAs' in input) {
    const { envelope, networkId, kinds } = input.openAs
    const context = { networkId, verify: nobleVerify }
    return shown(openAs(fromHex(envelope), kinds, context), summary)
  }
  const { message, networkId, secretKey } = input.seal
  const schema = z
    .looseObject({ kind: text })
    .transform((fields) => messageSchemas.get(fields.kind))
  const parsed = schema.parse(message)?.schema.parse(message)
  assert.ok(parsed !== undefined, 'the message is of a known kind')
  const sealed = seal(parsed, networkId, createNobleSigner(fromHex(secretKey)))
  return {
    payload: toHex(encode(sealed.message)),
    signature: toHex(sealed.signature),
    envelope: toHex(sealed.envelope),
    id: sealed.id,
  }
}

function summary({ message, id }: Verified): unknown {
  return { kind: message.kind, id }
}

function shown<T>(result: Result<T>, show: (value: T) => unknown): unknown {
  if (result.ok) return show(result.value)
  return { code: result.error.code, verdict: result.error.verdict }
}

/** A value in JSON: bytes as `{ $bytes: hex }`, a bigint as `{ $integer: decimal }`. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: value.toString() }
  if (value instanceof Uint8Array) return { $bytes: toHex(value) }
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]))
}
