import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import {
  agentIdOf,
  createVerify,
  deriveSecret,
  invariant,
  type Signer,
  type Verify,
} from '@commonweal/protocol'

/** RFC 8410: everything of a SubjectPublicKeyInfo before the 32 bytes of the key. */
const PUBLIC_KEY_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** RFC 8410: everything of a PKCS #8 private key before the 32 bytes of the seed. */
const SECRET_KEY_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Checks Ed25519 signatures with OpenSSL [ENC-14], which compares `encode([S]B − [k]A)` with R without the cofactor.
 *
 * Shape   `cacheSize` keys of the authors last seen are kept, at least 1.
 * Cost    one verification; building a key object anew costs two fifths as much again.
 */
export function createNodeVerify(cacheSize: number): Verify {
  const keys = new KeyCache(cacheSize)
  return createVerify((publicKey, message, signature) => {
    const key = keys.get(publicKey)
    return key !== undefined && verify(null, message, key, signature)
  })
}

/** A signer from a secret key of 32 bytes (the seed of RFC 8032). Signs what every other Ed25519 signer would. */
export function createNodeSigner(secretKey: Uint8Array): Signer {
  invariant(secretKey.length === 32, 'a secret key has 32 bytes')
  const seed = secretKey.slice()
  const der = Buffer.concat([SECRET_KEY_PREFIX, seed])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    agent: agentIdOf(publicDer.subarray(PUBLIC_KEY_PREFIX.length)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
    derive: (purpose) => deriveSecret(seed, purpose),
  }
}

/** The key objects used last. A `Map` iterates in the order of insertion, so its first key is the one unused for longest. */
export class KeyCache {
  readonly #sizeMax: number
  readonly #keys = new Map<string, KeyObject>()

  constructor(sizeMax: number) {
    invariant(Number.isSafeInteger(sizeMax) && sizeMax > 0, 'a cache holds at least one key')
    this.#sizeMax = sizeMax
  }

  get size(): number {
    return this.#keys.size
  }

  /** The key object of 32 bytes, or `undefined` if OpenSSL takes them for no key. */
  get(publicKey: Uint8Array): KeyObject | undefined {
    const bytes = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.byteLength)
    const name = bytes.toString('latin1')
    const key = this.#keys.get(name) ?? importPublicKey(bytes)
    if (key === undefined) return undefined
    this.#keys.delete(name)
    this.#keys.set(name, key)
    if (this.#keys.size > this.#sizeMax) this.#evict()
    return key
  }

  #evict(): void {
    for (const oldest of this.#keys.keys()) {
      this.#keys.delete(oldest)
      return
    }
  }
}

function importPublicKey(bytes: Buffer): KeyObject | undefined {
  const der = Buffer.concat([PUBLIC_KEY_PREFIX, bytes])
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    // Versions of OpenSSL differ in whether they decode the point here or at verification.
    return undefined
  }
}
