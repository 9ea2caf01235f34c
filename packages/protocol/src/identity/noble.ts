import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { fromString } from 'uint8arrays/from-string'
import { invariant } from '../invariant.ts'
import { agentIdOf } from './agent-id.ts'
import { createVerify, deriveSecret, type Signer, type Verify } from './signature.ts'

const { Point } = ed25519
const { Fn: Scalar } = Point

/**
 * Checks Ed25519 signatures in JavaScript, for browsers and tests.
 *
 * Computes `encode([S]B − [k]A) = R` with the group operations: `ed25519.verify` multiplies both sides by the cofactor and
 * so accepts signatures with a torsion component, which OpenSSL refuses.
 */
export const nobleVerify: Verify = createVerify((publicKey, message, signature) => {
  const point = decodePoint(publicKey)
  if (point === undefined) return false
  const commitment = signature.subarray(0, 32)
  const response = littleEndian(signature.subarray(32))
  const hash = sha512.create().update(commitment).update(publicKey).update(message).digest()
  const challenge = Scalar.create(littleEndian(hash))
  const left = Point.BASE.multiplyUnsafe(response)
  const right = point.multiplyUnsafe(challenge)
  const recovered = left.subtract(right).toBytes()
  return recovered.every((byte, index) => commitment[index] === byte)
})

/** A signer from a secret key of 32 bytes (the seed of RFC 8032). */
export function createNobleSigner(secretKey: Uint8Array): Signer {
  invariant(secretKey.length === 32, 'a secret key has 32 bytes')
  const key = secretKey.slice()
  return {
    agent: agentIdOf(ed25519.getPublicKey(key)),
    sign: (message) => ed25519.sign(message, key),
    derive: (purpose) => deriveSecret(key, purpose),
  }
}

/**
 * [ENC-16] The key of agent `index` of a local network: sha256("commonweal/test-key/" ‖ seed ‖ "/" ‖ index).
 * A PUBLIC TEST KEY: whoever knows the seed can sign with it.
 */
export function secretKeyOf(seed: string | number, index: number): Uint8Array {
  invariant(Number.isSafeInteger(index) && index >= 0, 'an index is a count from 0')
  return sha256(fromString(`commonweal/test-key/${seed}/${index}`, 'utf8'))
}

/** The point that 32 canonical bytes stand for; half of all y belong to none. */
function decodePoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes, false)
  } catch {
    return undefined
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes.toReversed()) number = (number << 8n) | BigInt(byte)
  return number
}
