import { agentIdOf, type ChainEvent, type Cid, cidOf, digestOf, encode } from '@commonweal/protocol'
import type { StorePort } from '../ports.ts'
import { createMemoryStore } from './memory.ts'

const SOME_AGENT = agentIdOf(new Uint8Array(32))
const SOME_DIGEST = digestOf(encode('any'))

/** Puts a final block into the store of a test, of which only its height and its events matter. */
export function keepEvents(store: StorePort, height: number, events: readonly ChainEvent[]): void {
  const header = {
    epoch: 1,
    height,
    view: height,
    parent: idAt(height - 1),
    proposer: SOME_AGENT,
    transactionsDigest: SOME_DIGEST,
    stateDigest: SOME_DIGEST,
    ancestryDigest: SOME_DIGEST,
    nextSet: null,
  }
  const id = idAt(height)
  const block = { header, transactions: [], ancestry: [] }
  store.commit([
    {
      kind: 'final',
      blocks: [{ id, block, receipts: [], events }],
      certificate: {
        kind: 'finalize',
        epoch: 1,
        view: height,
        block: id,
        signers: [],
        signatures: [],
      },
    },
  ])
}

function idAt(height: number): Cid {
  return cidOf(encode(['block', height]))
}

/** A store whose blocks, from height 1 on, have so many slashes each, and a phase that begins. */
export function storeOfSlashes(counts: readonly number[]): StorePort {
  const store = createMemoryStore()
  for (const [index, count] of counts.entries()) {
    const height = index + 1
    const slashes = Array.from(
      { length: count },
      (): ChainEvent => ({
        kind: 'slashed',
        agent: SOME_AGENT,
        offence: 'statement-not-opened',
        amountMicro: 1n,
      }),
    )
    keepEvents(store, height, [...slashes, { kind: 'phase', epoch: 1, phase: 'seal', height }])
  }
  return store
}

/** Where each of these slashes is, in order: what a reader must see, each once. */
export function placesOf(counts: readonly number[]): readonly string[] {
  return counts.flatMap((count, block) =>
    Array.from({ length: count }, (_, index) => `${block + 1}/${index}`),
  )
}
