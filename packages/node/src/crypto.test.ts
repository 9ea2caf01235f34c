import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  agentIdOf,
  agentIdOfPeer,
  createNobleSigner,
  InvariantError,
  nobleVerify,
  peerIdOf,
  publicKeyOf,
  secretKeyOf,
  toHex,
} from '@commonweal/protocol'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { ed25519 } from '@noble/curves/ed25519.js'
import * as fc from 'fast-check'
import { createNodeSigner, createNodeVerify, KeyCache } from './crypto.ts'

const { Point } = ed25519
const L = Point.Fn.ORDER
const nodeVerify = createNodeVerify(16)

/** The eight points of order 1, 2, 4 and 8: the multiples of one of order 8. */
const TORSION = Array.from({ length: 8 }, (_, index) => {
  const generator = Point.fromHex(
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  )
  let point = Point.ZERO
  for (let count = 0; count < index; count++) point = point.add(generator)
  return point
})

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const message = fc.uint8Array({ maxLength: 300 })

/** What both verifiers say, which must be the same. */
function agreed(publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  const answers = [
    nodeVerify(publicKey, text, signature),
    nobleVerify(publicKey, text, signature),
  ] as const
  const shown = [publicKey, text, signature].map((bytes) => toHex(bytes)).join(' ')
  assert.equal(answers[0], answers[1], shown)
  return answers[0]
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`)
}

describe('both signers', () => {
  it('are the same agent, sign the same and derive the same', () => {
    fc.assert(
      fc.property(bytes32, message, fc.string(), (secretKey, text, purpose) => {
        const node = createNodeSigner(secretKey)
        const noble = createNobleSigner(secretKey)
        assert.equal(node.agent, noble.agent)
        assert.deepEqual(node.sign(text), noble.sign(text))
        assert.deepEqual(node.derive(purpose), noble.derive(purpose))
        assert.equal(agreed(publicKeyOf(node.agent), text, node.sign(text)), true)
      }),
      { numRuns: 50 },
    )
  })

  it('take keys of 32 bytes and no others', () => {
    for (const size of [0, 31, 33, 64]) {
      assert.throws(() => createNodeSigner(new Uint8Array(size)), InvariantError)
      assert.throws(() => createNobleSigner(new Uint8Array(size)), InvariantError)
    }
  })
})

describe('both verifiers', () => {
  it('agree on valid signatures with bytes changed, added or cut', () => {
    const edit = fc.record({
      part: fc.constantFrom('publicKey' as const, 'message' as const, 'signature' as const),
      at: fc.nat({ max: 400 }),
      byte: fc.nat({ max: 255 }),
      kind: fc.constantFrom('change' as const, 'insert' as const, 'cut' as const),
    })
    fc.assert(
      fc.property(bytes32, message, fc.array(edit, { maxLength: 2 }), (secretKey, text, edits) => {
        const signer = createNodeSigner(secretKey)
        const parts = {
          publicKey: [...publicKeyOf(signer.agent)],
          message: [...text],
          signature: [...signer.sign(text)],
        }
        const before = JSON.stringify(parts)
        for (const { part, at, byte, kind } of edits) {
          const list = parts[part]
          const index = at % (list.length + 1)
          if (kind === 'insert') list.splice(index, 0, byte)
          else if (index < list.length) list.splice(index, 1, ...(kind === 'change' ? [byte] : []))
        }
        const [key, body, signature] = [parts.publicKey, parts.message, parts.signature].map(
          (list) => Uint8Array.from(list),
        )
        assert.ok(key !== undefined && body !== undefined && signature !== undefined)
        assert.equal(agreed(key, body, signature), JSON.stringify(parts) === before)
      }),
      { numRuns: 300 },
    )
  })

  it('agree on arbitrary bytes', () => {
    const scalar = bytes32.map((bytes) => {
      bytes[31] = (bytes[31] ?? 0) & 0x0f
      return bytes
    })
    fc.assert(
      fc.property(bytes32, message, bytes32, scalar, (publicKey, text, r, s) => {
        assert.equal(agreed(publicKey, text, Uint8Array.of(...r, ...s)), false)
      }),
      { numRuns: 200 },
    )
  })

  /*
   * A = [a]B + Tᵢ and R = [r]B + Tⱼ with S = r + ka satisfy the equation with the cofactor always, and without it when
   * Tⱼ = −[k]Tᵢ. This is where verifiers differ from one another.
   */
  it('agree on keys and commitments with a torsion component, and decide without the cofactor', () => {
    const counts = { valid: 0, invalid: 0 }
    for (const [index, torsionA] of TORSION.entries()) {
      for (const torsionR of TORSION) {
        for (let round = 0; round < 4; round++) {
          const text = Uint8Array.of(index, round)
          const a = littleEndian(createHash('sha512').update(`a${index}/${round}`).digest()) % L
          const r = littleEndian(createHash('sha512').update(`r${index}/${round}`).digest()) % L
          const publicKey = Point.BASE.multiply(a).add(torsionA).toBytes()
          const commitment = Point.BASE.multiply(r).add(torsionR)
          const hash = createHash('sha512')
            .update(commitment.toBytes())
            .update(publicKey)
            .update(text)
          const k = littleEndian(hash.digest()) % L
          const s = Point.Fn.toBytes(Point.Fn.create(r + k * a))
          const signature = Uint8Array.of(...commitment.toBytes(), ...s)
          const expected = torsionA.multiplyUnsafe(k).add(torsionR).is0()
          assert.equal(agreed(publicKey, text, signature), expected)
          counts[expected ? 'valid' : 'invalid'] += 1
        }
      }
    }
    assert.ok(counts.valid > 10 && counts.invalid > 100, JSON.stringify(counts))
  })

  it('refuse points of small order, as key and as commitment', () => {
    const text = Uint8Array.of(1)
    for (const torsionA of TORSION) {
      for (const torsionR of TORSION) {
        const signature = Uint8Array.of(...torsionR.toBytes(), ...new Uint8Array(32))
        assert.equal(agreed(torsionA.toBytes(), text, signature), false)
      }
    }
  })
})

describe('the cache of keys', () => {
  it('gives the same answers when it holds fewer keys than there are authors', () => {
    const verify = createNodeVerify(2)
    const text = Uint8Array.of(7)
    const signers = [0, 1, 2, 3].map((index) => createNodeSigner(secretKeyOf('cache', index)))
    for (let round = 0; round < 3; round++) {
      for (const [index, signer] of signers.entries()) {
        const other = signers[(index + 1) % signers.length] ?? signer
        assert.equal(verify(publicKeyOf(signer.agent), text, signer.sign(text)), true)
        assert.equal(verify(publicKeyOf(other.agent), text, signer.sign(text)), false)
      }
    }
  })

  it('does not confuse keys whose buffer is used again', () => {
    const verify = createNodeVerify(4)
    const text = Uint8Array.of(7)
    const [one, two] = [
      createNodeSigner(secretKeyOf('cache', 0)),
      createNodeSigner(secretKeyOf('cache', 1)),
    ]
    const buffer = publicKeyOf(one.agent)
    assert.equal(verify(buffer, text, one.sign(text)), true)
    buffer.set(publicKeyOf(two.agent))
    assert.equal(verify(buffer, text, one.sign(text)), false)
    assert.equal(verify(buffer, text, two.sign(text)), true)
  })

  it('holds the keys used last and no more than its size', () => {
    const cache = new KeyCache(2)
    const [a, b, c] = [0, 1, 2].map((index) => secretKeyOf('cache-key', index))
    assert.ok(a !== undefined && b !== undefined && c !== undefined)
    const kept = cache.get(a)
    const dropped = cache.get(b)
    assert.equal(cache.get(a), kept)
    cache.get(c)
    assert.equal(cache.size, 2)
    assert.equal(cache.get(a), kept)
    assert.notEqual(cache.get(b), dropped)
  })

  it('holds at least one key', () => {
    assert.throws(() => createNodeVerify(0), InvariantError)
  })
})

describe('peer ids', () => {
  it('are those of libp2p', async () => {
    for (const index of [0, 1, 2, 3]) {
      const seed = secretKeyOf('peer', index)
      const key = await generateKeyPairFromSeed('Ed25519', seed)
      const agent = agentIdOf(key.publicKey.raw)
      const peer = peerIdFromPrivateKey(key).toString()
      assert.equal(createNodeSigner(seed).agent, agent)
      assert.equal(peerIdOf(agent), peer)
      assert.equal(agentIdOfPeer(peer), agent)
    }
  })
})
