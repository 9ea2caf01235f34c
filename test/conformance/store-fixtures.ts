import type { StoredSnapshot, StorePort } from '@commonweal/node'
import {
  type Block,
  type Certificate,
  type Cid,
  cidOf,
  createNobleSigner,
  digestOf,
  encode,
  type FinalBlock,
  type Header,
  type JournalRecord,
  type Signer,
  seal,
  secretKeyOf,
} from '@commonweal/protocol'

export const NETWORK: Cid = cidOf(encode('the network of the store suite'))
export const SIGNER: Signer = createNobleSigner(secretKeyOf('store-suite', 0))

const NOTHING = digestOf()

/** A block that nobody would accept, with everything that a store has to keep. */
export function fakeBlock(place: { epoch: number; height: number; isEnd?: boolean }): Block {
  const header: Header = {
    epoch: place.epoch,
    height: place.height,
    view: place.height,
    parent: cidOf(encode(place.height - 1)),
    proposer: SIGNER.agent,
    transactionsDigest: NOTHING,
    stateDigest: NOTHING,
    ancestryDigest: NOTHING,
    nextSet: place.isEnd === true ? [{ agent: SIGNER.agent, stakeMicro: 2n ** 62n }] : null,
  }
  return {
    header,
    transactions: [Uint8Array.of(1, 2, place.height)],
    ancestry: [fakeCertificate('notarize', place.epoch, place.height - 1)],
  }
}

export function fakeCertificate(
  kind: Certificate['kind'],
  epoch: number,
  view: number,
): Certificate {
  return {
    kind,
    epoch,
    view,
    block: kind === 'nullify' ? null : cidOf(encode(view)),
    signers: [0],
    signatures: [new Uint8Array(64).fill(view)],
  }
}

export function blockIdOf(block: Block): Cid {
  return cidOf(encode(block.header))
}

/** The block as final, with a receipt and two events. */
export function fakeFinal(block: Block): FinalBlock {
  const { epoch, height } = block.header
  return {
    id: blockIdOf(block),
    block,
    receipts: [
      {
        id: cidOf(encode(`transaction at ${height}`)),
        author: SIGNER.agent,
        kind: 'transfer',
        code: 'ok',
        facts: { amountMicro: 12n, height },
      },
    ],
    events: [
      { kind: 'phase', epoch, phase: 'seal', height },
      {
        kind: 'slashed',
        agent: SIGNER.agent,
        offence: 'equivocation',
        amountMicro: 2n ** 60n,
      },
    ],
  }
}

export function blockRecord(block: Block): JournalRecord {
  return { kind: 'block', id: blockIdOf(block), block }
}

export function certificateRecord(epoch: number, view: number): JournalRecord {
  return { kind: 'certificate', certificate: fakeCertificate('nullify', epoch, view) }
}

/** A vote of our own as it stands in the journal. */
export function voteRecord(epoch: number, view: number): JournalRecord {
  const vote = { kind: 'nullify', author: SIGNER.agent, epoch, view } as const
  return { kind: 'signed', envelope: seal(vote, NETWORK, SIGNER).envelope }
}

export function actionRecord(epoch: number, action: bigint): JournalRecord {
  return { kind: 'action', subnet: 'commons', epoch, action }
}

export function statementRecord(epoch: number): JournalRecord {
  const statement = {
    report: [5_000, 5_000],
    findings: [],
    parents: [],
    reasoning: '',
    hypotheses: [],
  }
  return { kind: 'statement', epoch, question: NETWORK, snapshot: 0, statement }
}

/** A transaction of our own, which names no epoch. */
export function transactionRecord(): JournalRecord {
  const { agent: author } = SIGNER
  const leave = { kind: 'leave', subnet: 'commons', author, nonce: 0, feeMicro: 1n } as const
  return { kind: 'signed', envelope: seal(leave, NETWORK, SIGNER).envelope }
}

/** Makes blocks of these heights final together; of three, the last ends its epoch. */
export function finalize(store: StorePort, epoch: number, heights: readonly number[]): void {
  const last = heights.at(-1) ?? 0
  const blocks = heights.map((height) => {
    const isEnd = height === last && heights.length === 3
    return fakeFinal(fakeBlock({ epoch, height, isEnd }))
  })
  store.commit([{ kind: 'final', blocks, certificate: fakeCertificate('finalize', epoch, last) }])
}

export function heightsFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

export function fakeSnapshot(epoch: number, height: number): StoredSnapshot {
  const block = fakeBlock({ epoch, height, isEnd: true })
  const entries: [string, unknown][] = [
    ['account/a', { balanceMicro: 2n ** 60n, nonce: 3 }],
    ['account/é', { name: 'ö', bytes: Uint8Array.of(1, 2) }],
  ]
  return { epoch, height, id: blockIdOf(block), entries }
}
