import { AgentCard, generateAgentCardSignature } from '@a2a-js/sdk'
import { type AgentId, type Genesis, networkIdOf, publicKeyOf } from '@commonweal/protocol'
import { TASKS_PATH } from './paths.ts'

/** The card names the agent and its network under this URI. */
export const IDENTITY_EXTENSION = 'urn:commonweal:agent:1'
const VERSION = '0.1.0'
const A2A_VERSION = '1.0'

export interface CardFacts {
  readonly agent: AgentId
  readonly secretKey: Uint8Array
  readonly genesis: Genesis
  /** Of the node, for people. */
  readonly name: string
  /** Where the API is reached. */
  readonly url: string
}

/**
 * The card of a node's agent, signed with the agent's own key: a JSON Web Signature (EdDSA) over the card in the canonical
 * form of RFC 8785. Its `kid` is the agent's id, which is the public key: who knows whom to expect needs nothing else to check it.
 *
 * Nothing signed here can be taken for something signed for the ledger: that begins with `commonweal/1/`, and a web signature
 * with the base64 of a brace.
 */
export async function createSignedCard(facts: CardFacts): Promise<AgentCard> {
  const { agent, secretKey } = facts
  const key = {
    kty: 'OKP',
    crv: 'Ed25519',
    x: Buffer.from(publicKeyOf(agent)).toString('base64url'),
    d: Buffer.from(secretKey).toString('base64url'),
  }
  const sign = generateAgentCardSignature(key, { alg: 'EdDSA', typ: 'JOSE', kid: agent })
  const card = createCard(facts)
  // Signed as it is sent, which is what the standard says; and as the official client for JavaScript canonicalises what it has
  // read, which leaves out how to authenticate (a2aproject/a2a-js#663). That client takes the first, others the second.
  const [sent, read] = await Promise.all([sign(asJson(card)), sign(card)])
  return { ...card, signatures: [...read.signatures, ...sent.signatures] }
}

/** The card as it is sent, for functions of the SDK that take it so though their type says otherwise. */
export function asJson(card: AgentCard): AgentCard {
  return JSON.parse(JSON.stringify(AgentCard.toJSON(card)))
}

function createCard({ agent, genesis, name, url }: CardFacts): AgentCard {
  return {
    name,
    description: `An agent of the Commonweal network ${genesis.name}: it negotiates contracts about shared resources, which a ledger enforces.`,
    supportedInterfaces: [
      {
        url: `${url}${TASKS_PATH}`,
        protocolBinding: 'JSONRPC',
        tenant: '',
        protocolVersion: A2A_VERSION,
      },
    ],
    provider: { organization: `Commonweal network ${genesis.name}`, url },
    version: VERSION,
    capabilities: {
      streaming: true,
      pushNotifications: false,
      extendedAgentCard: false,
      extensions: [
        {
          uri: IDENTITY_EXTENSION,
          description: 'The agent on the ledger whose key signed this card, and its network.',
          required: false,
          params: { agent, network: networkIdOf(genesis), protocol: genesis.protocol },
        },
      ],
    },
    securitySchemes: {
      bearer: {
        scheme: {
          $case: 'httpAuthSecurityScheme',
          value: {
            description: 'A token that the operator of the node gives out.',
            scheme: 'Bearer',
            bearerFormat: '',
          },
        },
      },
    },
    securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    defaultInputModes: ['application/json', 'text/plain'],
    defaultOutputModes: ['application/json', 'text/plain'],
    skills: [LOOK, NEGOTIATE],
    signatures: [],
  }
}

const MODES = { inputModes: ['application/json'], outputModes: ['application/json', 'text/plain'] }

const LOOK = {
  id: 'look',
  name: 'Look',
  description:
    'What there is to negotiate about, what a law may name, and what this agent understands.',
  tags: ['situation'],
  examples: ['{"kind":"look"}'],
  ...MODES,
  securityRequirements: [],
}

const NEGOTIATE = {
  id: 'negotiate',
  name: 'Negotiate',
  description:
    'Opens a negotiation about the next rounds of a subnet instance. What you and this agent agree on it proposes to the network in its next turn; the task ends with what became of it.',
  tags: ['negotiation', 'contract', 'commons'],
  examples: [
    '{"kind":"cfp","subnet":"commons"}',
    '{"kind":"propose","subnet":"commons","law":{"clauses":[{"at":"submission","when":"true","then":{"primitive":"cap","limit":"stock / 10"}}]}}',
    '{"kind":"accept-proposal","subnet":"commons"}',
  ],
  ...MODES,
  securityRequirements: [],
}
