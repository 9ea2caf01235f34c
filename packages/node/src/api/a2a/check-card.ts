import { AgentCard, canonicalizeAgentCard } from '@a2a-js/sdk'
import {
  type AgentId,
  agentIdSchema,
  cidSchema,
  ok,
  publicKeyOf,
  type Result,
  reject,
} from '@commonweal/protocol'
import { z } from 'zod'
import { createNodeVerify } from '../../crypto.ts'
import { asJson, IDENTITY_EXTENSION } from './card.ts'

/**
 * - `malformed-card`: not the card of an agent of a network.
 * - `not-signed`: no signature that names the card's own agent as its key.
 * - `bad-signature`: there is one, and it is not of this card, or not by that agent.
 */
export type CardCode = 'malformed-card' | 'not-signed' | 'bad-signature'

/** A card that the agent which it names has signed. */
export interface CheckedCard {
  readonly agent: AgentId
  /** The network id. */
  readonly network: string
  /** As the signature covers it: what the standard does not know is left out. */
  readonly card: AgentCard
  /** The same as JSON. */
  readonly json: unknown
}

/**
 * Checks that a card, as JSON, was signed by the agent that it names. Whether that is the agent whom one looks for is for the
 * reader to compare: its id is its key, and stands on the ledger.
 */
export function checkAgentCard(given: unknown): Result<CheckedCard, CardCode> {
  if (!cardSchema.safeParse(given).success) return reject('malformed-card')
  const card = AgentCard.fromJSON(given)
  const extension = card.capabilities?.extensions.find(({ uri }) => uri === IDENTITY_EXTENSION)
  const identity = identitySchema.safeParse(extension?.params)
  if (!identity.success) return reject('malformed-card')
  const { agent, network } = identity.data
  const signed = card.signatures.filter(({ protected: header }) => isSignedBy(header, agent))
  if (signed.length === 0) return reject('not-signed')
  const payload = Buffer.from(canonicalizeAgentCard(asJson(card))).toString('base64url')
  const isGood = signed.some(({ protected: header, signature }) =>
    verify(publicKeyOf(agent), Buffer.from(`${header}.${payload}`), fromBase64(signature)),
  )
  return isGood ? ok({ agent, network, card, json: asJson(card) }) : reject('bad-signature')
}

const verify = createNodeVerify(1)

/** The parts that the standard requires, and that this reads. */
const cardSchema = z.looseObject({
  name: z.string().min(1),
  description: z.string().min(1),
  version: z.string().min(1),
  supportedInterfaces: z
    .array(
      z.looseObject({ url: z.url(), protocolBinding: z.string(), protocolVersion: z.string() }),
    )
    .min(1),
  capabilities: z.looseObject({ extensions: z.array(z.looseObject({ uri: z.string() })) }),
  skills: z.array(z.looseObject({ id: z.string(), name: z.string(), description: z.string() })),
  signatures: z
    .array(z.looseObject({ protected: z.string(), signature: z.string() }))
    .max(16)
    .default([]),
})

const identitySchema = z.object({ agent: agentIdSchema, network: cidSchema })

const headerSchema = z.object({
  alg: z.literal('EdDSA'),
  typ: z.string(),
  kid: z.string(),
  // An extension of the standard that we would have to understand.
  crit: z.undefined().optional(),
  b64: z.undefined().optional(),
})

function isSignedBy(header: string, agent: AgentId): boolean {
  try {
    const parsed = headerSchema.safeParse(JSON.parse(Buffer.from(header, 'base64url').toString()))
    return parsed.success && parsed.data.kid === agent
  } catch {
    return false
  }
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'))
}
