import { type Cid, deriveSecret } from '@commonweal/protocol'
import type { MixedStrategy } from './logit.ts'

/** 32 secret bytes for a purpose, always the same for the same: what an agent's draws come from. `Signer.derive` is one. */
export type Derive = (purpose: string) => Uint8Array

const BYTES_DRAWN = 6

/**
 * The action that a mixed strategy comes to: the first at which the running sum of chances exceeds the first 48 bits of the
 * secret as a part of 2⁴⁸. [AGT-14]
 */
export function drawAction(strategy: MixedStrategy, secret: Uint8Array): number {
  const part = partOf(secret)
  let sum = 0
  for (const [action, chance] of strategy.entries()) {
    sum += chance
    if (part < sum) return action
  }
  return strategy.length - 1
}

/** The first 48 bits of a secret as a part of 2⁴⁸. */
export function partOf(secret: Uint8Array): number {
  return secret.subarray(0, BYTES_DRAWN).reduceRight((sum, byte) => (sum + byte) / 256, 0)
}

/** What an agent draws from, in one network. [AGT-14] */
export function secretDraws(secretKey: Uint8Array, networkId: Cid): Derive {
  return (purpose) => deriveSecret(secretKey, `agent/${networkId}/${purpose}`)
}

/** Draws that anybody can foresee: for a run in one process, where nobody makes use of it. */
export function knownDraws(name: string): Derive {
  return (purpose) => deriveSecret(new Uint8Array(32), `known/${name}/${purpose}`)
}
