import { fromString } from 'uint8arrays/from-string'
import { hashOf } from '../codec/digest.ts'
import { type AgentId, agentIdOf, publicKeyOf } from '../identity/agent-id.ts'
import type { Signer, Verify } from '../identity/signature.ts'

/**
 * Signatures for tests: a hash of key and message, at a hundredth of the price of Ed25519.
 *
 * Anybody can make them for anybody. What is tested with them is who says what, not who can.
 */
export const keyedHashVerify: Verify = (publicKey, message, signature) =>
  signature.length === 64 &&
  keyedHash(publicKey, message).every((byte, index) => byte === signature[index])

/** The agent of this name and what acts as it. The same name gives the same agent. */
export function keyedHashSigner(name: string): Signer {
  return keyedHashSignerOf(agentIdOf(hashOf(fromString(`commonweal/testing/${name}`))))
}

/** What acts as an agent whose id is given, as a genesis may give it. */
export function keyedHashSignerOf(agent: AgentId): Signer {
  const publicKey = publicKeyOf(agent)
  return {
    agent,
    sign: (message) => keyedHash(publicKey, message),
    derive: (purpose) => hashOf(publicKey, fromString(purpose)),
  }
}

function keyedHash(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const half = hashOf(publicKey, message)
  return Uint8Array.of(...half, ...half)
}
