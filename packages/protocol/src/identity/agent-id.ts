import { base58btc } from 'multiformats/bases/base58'
import { fromHex, toHex } from '../codec/digest.ts'
import { invariant } from '../invariant.ts'
import { ok, type Result, reject } from '../result.ts'

declare const agentIdBrand: unique symbol

/** An agent: its Ed25519 public key as 64 lower-case hex digits. Text order is byte order. */
export type AgentId = string & { readonly [agentIdBrand]: true }

const PUBLIC_KEY_SIZE = 32
const AGENT_ID = /^[0-9a-f]{64}$/

/** A peer id of an Ed25519 key: `12D3KooW` and 44 digits of base58btc. */
const PEER_ID = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/

/** multihash identity(0x00) ‖ size(0x24) ‖ protobuf { type(0x08): Ed25519(0x01), data(0x12): size(0x20) ‖ key(32) } */
const PEER_ID_PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** Whether text from outside has the shape of an agent id. Whether it is a key that can sign, `verify` finds out. */
export function isAgentId(text: unknown): text is AgentId {
  return typeof text === 'string' && AGENT_ID.test(text)
}

/** [ENC-10] The agent that a text names. */
export function parseAgentId(text: string): Result<AgentId, 'malformed-agent-id'> {
  return isAgentId(text) ? ok(text) : reject('malformed-agent-id', { length: text.length })
}

/** [ENC-10] The agent with this public key of 32 bytes. */
export function agentIdOf(publicKey: Uint8Array): AgentId {
  invariant(publicKey.length === PUBLIC_KEY_SIZE, 'a public key has 32 bytes')
  return toHex(publicKey) as AgentId
}

/** The 32 bytes of an agent's public key. */
export function publicKeyOf(agent: AgentId): Uint8Array {
  return fromHex(agent)
}

/** Orders agents by their keys' bytes: −1, 0 or 1. */
export function compareAgents(a: AgentId, b: AgentId): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** [ENC-11] The libp2p peer id of the node that holds the agent's key. */
export function peerIdOf(agent: AgentId): string {
  const bytes = new Uint8Array(PEER_ID_PREFIX.length + PUBLIC_KEY_SIZE)
  bytes.set(PEER_ID_PREFIX)
  bytes.set(publicKeyOf(agent), PEER_ID_PREFIX.length)
  return base58btc.baseEncode(bytes)
}

/** [ENC-11] The agent behind a libp2p peer id; `undefined` if the id is not that of an Ed25519 key. */
export function agentIdOfPeer(peerId: string): AgentId | undefined {
  if (!PEER_ID.test(peerId)) return undefined
  const bytes = base58btc.baseDecode(peerId)
  const agent = agentIdOf(bytes.subarray(PEER_ID_PREFIX.length))
  return peerIdOf(agent) === peerId ? agent : undefined
}
