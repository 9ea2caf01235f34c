import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { toString } from 'uint8arrays/to-string'
import { cidOf } from '../codec/cid.ts'
import { fromHex, toHex } from '../codec/digest.ts'
import { InvariantError } from '../invariant.ts'
import { publicKeyOf } from './agent-id.ts'
import { createNobleSigner, nobleVerify, secretKeyOf } from './noble.ts'
import { checkStrictEncoding, createVerify, signingBytes } from './signature.ts'

const NETWORK = cidOf(Uint8Array.of(1))
const OTHER_NETWORK = cidOf(Uint8Array.of(2))
const signer = createNobleSigner(secretKeyOf('signature-test', 0))
const publicKey = publicKeyOf(signer.agent)
const payload = Uint8Array.of(1, 2, 3)

/** A signature by the base point's order, R being the base point itself. */
const BASE_POINT = `58${'66'.repeat(31)}`
const L = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010'
const L_MINUS_1 = `ec${L.slice(2)}`
const P = `ed${'ff'.repeat(30)}7f`
const ONE = `01${'00'.repeat(31)}`

function refusal(key: string, signature: string): string {
  const result = checkStrictEncoding(fromHex(key), fromHex(signature))
  return result.ok ? 'none' : result.error.code
}

describe('what is signed', () => {
  it('names protocol, kind and network before the payload', () => {
    const bytes = signingBytes('propose', NETWORK, payload)
    const text = `commonweal/1/propose\0${NETWORK}\0`
    assert.equal(toString(bytes.subarray(0, -3), 'utf8'), text)
    assert.deepEqual(bytes.subarray(-3), payload)
  })

  it('differs for another kind, network or payload', () => {
    const variants = [
      signingBytes('propose', NETWORK, payload),
      signingBytes('inform', NETWORK, payload),
      signingBytes('propose', OTHER_NETWORK, payload),
      signingBytes('propose', NETWORK, Uint8Array.of(1, 2)),
    ]
    const signature = signer.sign(signingBytes('propose', NETWORK, payload))
    const verified = variants.map((bytes) => nobleVerify(publicKey, bytes, signature))
    assert.deepEqual(verified, [true, false, false, false])
  })

  it('has no kind with a NUL, which could be moved across the seams', () => {
    assert.throws(() => signingBytes('a\0b', NETWORK, payload), InvariantError)
  })
})

describe('strict encoding', () => {
  it('keeps to each limit on both sides', () => {
    const key = toHex(publicKey)
    assert.equal(refusal(key, BASE_POINT + L_MINUS_1), 'none')
    assert.equal(refusal(key, BASE_POINT + L), 'non-canonical-scalar')
    assert.equal(refusal(key, BASE_POINT + P), 'non-canonical-scalar')
    assert.equal(refusal(key, BASE_POINT), 'bad-signature-length')
    assert.equal(refusal(key, `${BASE_POINT + ONE}00`), 'bad-signature-length')
    assert.equal(refusal(key.slice(2), BASE_POINT + ONE), 'non-canonical-point')
    assert.equal(refusal(`${key}00`, BASE_POINT + ONE), 'non-canonical-point')
    assert.equal(refusal(P, BASE_POINT + ONE), 'non-canonical-point')
    assert.equal(refusal(key, P + ONE), 'non-canonical-point')
    assert.equal(refusal(key, `eb${P.slice(2)}${ONE}`), 'none')
  })

  it('refuses each point of small order with either sign, as key and as R', () => {
    const key = toHex(publicKey)
    const points = [
      ONE,
      `ec${P.slice(2)}`,
      '00'.repeat(32),
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    ]
    for (const point of points) {
      const signed =
        point.slice(0, 62) + toHex(Uint8Array.of(Number.parseInt(point.slice(62), 16) | 0x80))
      for (const variant of [point, signed]) {
        assert.equal(refusal(variant, BASE_POINT + ONE), 'small-order-point')
        assert.equal(refusal(key, variant + ONE), 'small-order-point')
      }
    }
  })

  it('stands before the raw verifier', () => {
    const verify = createVerify(() => true)
    assert.equal(verify(publicKey, payload, fromHex(BASE_POINT + L_MINUS_1)), true)
    assert.equal(verify(publicKey, payload, fromHex(BASE_POINT + L)), false)
  })
})

describe('signer', () => {
  it('makes signatures that verify, and that one changed bit spoils', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 511 }), (message, bit) => {
        const signature = signer.sign(message)
        assert.equal(nobleVerify(publicKey, message, signature), true)
        const changed = signature.slice()
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        assert.equal(nobleVerify(publicKey, message, changed), false)
      }),
      { numRuns: 30 },
    )
  })

  it('derives the same secret for a purpose each time, and another for another', () => {
    const again = createNobleSigner(secretKeyOf('signature-test', 0))
    const other = createNobleSigner(secretKeyOf('signature-test', 1))
    assert.equal(signer.derive('seal/1').length, 32)
    assert.deepEqual(signer.derive('seal/1'), again.derive('seal/1'))
    assert.notDeepEqual(signer.derive('seal/1'), signer.derive('seal/2'))
    assert.notDeepEqual(signer.derive('seal/1'), other.derive('seal/1'))
  })

  it('keeps its own copy of the key', () => {
    const key = secretKeyOf('signature-test', 0)
    const copied = createNobleSigner(key)
    key.fill(0)
    assert.deepEqual(copied.sign(payload), signer.sign(payload))
    assert.deepEqual(copied.derive('x'), signer.derive('x'))
  })
})
