import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AgentCard, canonicalizeAgentCard, verifyAgentCardSignature } from '@a2a-js/sdk'
import { AgentCardResolver } from '@a2a-js/sdk/client'
import {
  accountOf,
  agentIdSchema,
  createNobleSigner,
  networkIdOf,
  present,
  publicKeyOf,
  secretKeyOf,
} from '@commonweal/protocol'
import { createSignedCard } from './card.ts'
import { checkAgentCard } from './check-card.ts'
import { createTestGenesis, SEED, TestOutside } from './test-outside.ts'

const genesis = createTestGenesis()
const secretKey = secretKeyOf(SEED, 1)
const { agent } = createNobleSigner(secretKey)

/** As it goes over the wire. */
async function cardJson(): Promise<Record<string, unknown>> {
  const facts = { agent, secretKey, genesis, name: 'node-1', url: 'http://127.0.0.1:4000' }
  const card = await createSignedCard(facts)
  return JSON.parse(JSON.stringify(AgentCard.toJSON(card)))
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function codeOf(json: unknown): string {
  const checked = checkAgentCard(json)
  return checked.ok ? 'ok' : checked.error.code
}

describe('the card of an agent', () => {
  it('is found where the standard says, by whoever asks, and says who signed it', async () => {
    await using outside = await TestOutside.start()
    const card = await AgentCardResolver.default.resolve(outside.url)
    const [first] = card.supportedInterfaces
    assert.equal(first?.url, `${outside.url}/a2a`)
    assert.deepEqual(
      card.skills.map(({ id }) => id),
      ['look', 'negotiate'],
    )
    const json: unknown = await (await fetch(`${outside.url}/.well-known/agent-card.json`)).json()
    const checked = checkAgentCard(json)
    assert.ok(checked.ok)
    assert.equal(checked.value.agent, outside.id)
    assert.equal(checked.value.network, networkIdOf(outside.genesis))
    assert.ok(accountOf(outside.ledger, checked.value.agent).bondMicro > 0n)
  })

  it('is good to the official check, with the key that is the agent’s id', async () => {
    const asked: string[] = []
    const verify = verifyAgentCardSignature(async (kid) => {
      asked.push(kid)
      const x = Buffer.from(publicKeyOf(agentIdSchema.parse(kid))).toString('base64url')
      return { kty: 'OKP', crv: 'Ed25519', x }
    })
    await verify(AgentCard.fromJSON(await cardJson()))
    assert.deepEqual(asked, [agent])
  })

  it('is bad when anything in it has changed', async () => {
    const json = await cardJson()
    assert.equal(codeOf(json), 'ok')
    const text = JSON.stringify(json)
    for (const [before, after] of [
      ['node-1', 'node-2'],
      ['127.0.0.1:4000', '127.0.0.1:4001'],
      ['"streaming":true', '"streaming":false'],
      ['"Bearer"', '"Basic"'],
      [networkIdOf(genesis), networkIdOf(createTestGenesis({ name: 'other' }))],
    ] as const) {
      assert.ok(text.includes(before), before)
      assert.equal(codeOf(JSON.parse(text.replaceAll(before, after))), 'bad-signature', before)
    }
  })

  it('is bad when one bit of its signature has changed', async () => {
    const json = await cardJson()
    const signed = present(AgentCard.fromJSON(json).signatures.at(-1), 'it is signed')
    assert.equal(codeOf({ ...json, signatures: [signed] }), 'ok')
    const bytes = Buffer.from(signed.signature, 'base64url')
    for (let byte = 0; byte < bytes.length; byte++) {
      const other = Buffer.from(bytes)
      other.writeUInt8(other.readUInt8(byte) ^ 1, byte)
      const signatures = [{ ...signed, signature: other.toString('base64url') }]
      assert.equal(codeOf({ ...json, signatures }), 'bad-signature', `byte ${byte}`)
    }
  })

  it('is bad when another agent’s key has signed it, under either name', async () => {
    const json = await cardJson()
    const other = createNobleSigner(secretKeyOf(SEED, 2))
    const forge = (kid: string): object => {
      const header = base64({ alg: 'EdDSA', typ: 'JOSE', kid })
      const payload = Buffer.from(canonicalizeAgentCard(JSON.parse(JSON.stringify(json))))
      const signed = other.sign(Buffer.from(`${header}.${payload.toString('base64url')}`))
      const signature = Buffer.from(signed).toString('base64url')
      return { ...json, signatures: [{ protected: header, signature }] }
    }
    assert.equal(codeOf(forge(agent)), 'bad-signature')
    assert.equal(codeOf(forge(other.agent)), 'not-signed')
  })

  it('is not signed where a signature has another algorithm, or there is none', async () => {
    const json = await cardJson()
    const [signed] = AgentCard.fromJSON(json).signatures
    const withHeader = (header: object): object => ({
      ...json,
      signatures: [{ ...signed, protected: base64(header) }],
    })
    assert.equal(codeOf({ ...json, signatures: [] }), 'not-signed')
    for (const header of [
      { alg: 'none', typ: 'JOSE', kid: agent },
      { alg: 'EdDSA', typ: 'JOSE', kid: agent, b64: false, crit: ['b64'] },
      { alg: 'EdDSA', typ: 'JOSE' },
    ]) {
      assert.equal(codeOf(withHeader(header)), 'not-signed', JSON.stringify(header))
    }
    assert.equal(codeOf({ ...json, signatures: [{ protected: '!', signature: '' }] }), 'not-signed')
  })

  it('is malformed where a part is missing that the standard requires, or the identity is no agent', async () => {
    const json = await cardJson()
    for (const part of ['name', 'version', 'supportedInterfaces', 'capabilities', 'skills']) {
      const { [part]: _, ...rest } = json
      assert.equal(codeOf(rest), 'malformed-card', part)
    }
    assert.equal(codeOf('a card'), 'malformed-card')
    assert.equal(codeOf({ ...json, capabilities: { extensions: [] } }), 'malformed-card')
    const nobody = JSON.parse(JSON.stringify(json).replaceAll(agent, 'nobody'))
    assert.equal(codeOf(nobody), 'malformed-card')
  })

  it('does not say what the agent cares for', async () => {
    await using outside = await TestOutside.start()
    const text = await (await fetch(`${outside.url}/.well-known/agent-card.json`)).text()
    assert.doesNotMatch(text, /λ|utility/)
  })
})
