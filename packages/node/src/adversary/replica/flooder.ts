import { seal, type Transaction } from '@commonweal/protocol'
import { type BehaviourTools, withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'

/** Messages of one flood: several times what the others say in an epoch, and no more than a run can bear. */
export const FLOOD_COUNT = 256
const FEE_MICRO = 20_000n
/** Beyond what an account can come to in a run, so that no pool keeps them for long. */
const NONCE_FIRST = 1_000_000

/** At the beginning of each epoch publishes well-formed, signed transactions whose nonces nobody can use. */
export function createFlooder(process: Process, { networkId, signer }: BehaviourTools): Process {
  let floodedEpoch = 0
  return withStep(process, (input) => {
    const effects = process.step(input)
    const { epoch } = process.inspect()
    if (epoch <= floodedEpoch) return effects
    floodedEpoch = epoch
    const flood = Array.from({ length: FLOOD_COUNT }, (_, index): ProcessEffect => {
      const transaction: Transaction = {
        kind: 'transfer',
        author: signer.agent,
        to: signer.agent,
        amountMicro: 0n,
        nonce: NONCE_FIRST + epoch * FLOOD_COUNT + index,
        feeMicro: FEE_MICRO,
      }
      const { envelope } = seal(transaction, networkId, signer)
      return { kind: 'publish', topic: 'transactions', envelope }
    })
    return [...effects, ...flood]
  })
}
