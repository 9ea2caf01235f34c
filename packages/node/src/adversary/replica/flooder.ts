import { seal, type Transaction } from '@commonweal/protocol'
import type { BehaviourTools } from './faulty-process.ts'
import { actOnceAnEpoch } from './once-an-epoch.ts'
import type { Process, ProcessEffect } from './process.ts'

/** Messages of one flood: several times what the others say in an epoch, and no more than a run can bear. */
export const FLOOD_COUNT = 256
const FEE_MICRO = 20_000n
/** Beyond what an account can come to in a run, so that no pool keeps them for long. */
const NONCE_FIRST = 1_000_000

/** Once an epoch publishes well-formed, signed transactions whose nonces nobody can use. */
export function createFlooder(process: Process, { networkId, signer }: BehaviourTools): Process {
  return actOnceAnEpoch(process, ({ epoch }) =>
    Array.from({ length: FLOOD_COUNT }, (_, index): ProcessEffect => {
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
    }),
  )
}
