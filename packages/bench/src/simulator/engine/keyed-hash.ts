import { hash } from 'node:crypto'
import { type AgentId, agentIdOf, type Signer, type Verify } from '@commonweal/protocol'

/**
 * Signatures of the simulator: `sha512(secret ‖ message)`, 64 bytes as Ed25519's, at a hundredth of its price. [SIM-1]
 *
 * Signing is a capability that the core is given, so the core cannot tell. Sound inside a world, where nobody sees a secret: who
 * cannot sign with a key cannot make its hash either. `verify` knows every secret of the world, hence the ring.
 */
export class KeyRing {
  readonly #secrets = new Map<string, Uint8Array>()
  readonly signers: readonly Signer[]

  /** `agents`: the ids that the keys answer to; made from the secrets where they are left out. */
  constructor(count: number, name: string, agents: readonly AgentId[] = []) {
    this.signers = Array.from({ length: count }, (_, index) => {
      const secret = hash('sha256', `commonweal-simulation/key/${name}/${index}`, 'buffer')
      const publicKey = hash('sha256', Buffer.concat([secret, Buffer.from('public')]), 'buffer')
      const agent = agents[index] ?? agentIdOf(publicKey)
      this.#secrets.set(agent, secret)
      return createSigner(agent, secret)
    })
  }

  readonly verify: Verify = (publicKey, message, signature) => {
    const secret = this.#secrets.get(Buffer.from(publicKey).toString('hex'))
    if (secret === undefined || signature.length !== 64) return false
    return tagOf(secret, message).equals(signature)
  }
}

function createSigner(agent: AgentId, secret: Uint8Array): Signer {
  return {
    agent,
    sign: (message) => Uint8Array.from(tagOf(secret, message)),
    derive: (purpose) =>
      Uint8Array.from(hash('sha256', Buffer.concat([secret, Buffer.from(purpose)]), 'buffer')),
  }
}

function tagOf(secret: Uint8Array, message: Uint8Array): Buffer {
  return hash('sha512', Buffer.concat([secret, message]), 'buffer')
}
