import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromHex, nobleVerify } from '@commonweal/protocol'
import { z } from 'zod'
import { createNodeVerify } from '../../packages/node/src/crypto.ts'
import { loadVectors } from './vector.ts'

const input = z.strictObject({ publicKey: z.string(), message: z.string(), signature: z.string() })
const expectation = z.strictObject({ verifies: z.boolean() })

const verifiers = { noble: nobleVerify, node: createNodeVerify(64) }

for (const [name, verify] of Object.entries(verifiers)) {
  describe(`the Ed25519 vectors with the ${name} verifier`, () => {
    for (const vector of loadVectors('ed25519', input, expectation)) {
      it(`${vector.id} ${vector.comment}`, () => {
        const { publicKey, message, signature } = vector.input
        const verified = verify(fromHex(publicKey), fromHex(message), fromHex(signature))
        assert.equal(verified, vector.expect.verifies)
      })
    }
  })
}
