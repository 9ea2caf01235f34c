import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { headOf } from '../chain/head.ts'
import { encode } from '../codec/cbor.ts'
import { blockIdOf } from '../consensus/block.ts'
import { present } from '../invariant.ts'
import { SYNC_FRAME_SIZE_MAX } from '../message/sync.ts'
import type { Result } from '../result.ts'
import { SmallWorld } from '../testing/index.ts'
import { createApplication } from './application.ts'
import {
  type TrustedEpoch,
  trustGenesis,
  verifyEpochChain,
  verifyFinal,
  verifySnapshot,
} from './join.ts'
import { emptyPool } from './mempool.ts'
import { answerSync, type CertifiedHeader, type ChainSource, SYNC_BLOCKS_SIZE } from './serve.ts'
import { finalLedger } from './state.ts'

/** Four epochs of a network whose agents say nothing: blocks, ends of epochs, snapshots. */
const world = new SmallWorld(() => null, {
  genesis: {
    epochs: {
      negotiateHeightsMax: 8,
      signalHeightsMax: 8,
      sealHeightsMax: 8,
      revealHeightsMax: 8,
      beaconHeightsMax: 8,
      unbondingEpochs: 8,
    },
  },
  instance: { repeat: true },
})
world.run(() => headOf(finalLedger(world.replica(0))).epoch === 5)
const context = world.context(0)
const { blocks, snapshots } = world.disk(0)
const ends: readonly CertifiedHeader[] = blocks.flatMap(({ block, certificate }) => {
  const { header } = block.block
  return header.nextSet === null || certificate === null ? [] : [{ header, certificate }]
})
const first = end(0)
const trusted = trustedGenesis()

function end(index: number): CertifiedHeader {
  return present(ends[index], 'the epoch has ended')
}

function trustedGenesis(): TrustedEpoch {
  const start = trustGenesis(context)
  assert.ok(start.ok)
  return start.value
}

function codeOf(result: Result<unknown, string>): string {
  return result.ok ? 'ok' : `${result.error.verdict} ${result.error.code}`
}

describe('the chain of epochs', () => {
  it('is followed from the genesis, each end certified by the set that the one before names', () => {
    assert.equal(ends.length, 4)
    const followed = verifyEpochChain(context, trusted, ends)
    assert.ok(followed.ok)
    assert.equal(followed.value.epoch, 5)
    assert.equal(followed.value.root, blockIdOf(end(3).header))
  })

  it('has no gap', () => {
    assert.equal(codeOf(verifyEpochChain(context, trusted, [end(1)])), 'reject epoch-missing')
  })

  it('does not take the certificate of another block', () => {
    const forged = { header: { ...first.header, height: 99 }, certificate: first.certificate }
    assert.equal(codeOf(verifyFinal(context, trusted, forged)), 'reject certificate-of-another')
  })

  it('does not take a block in the middle of an epoch for its end', () => {
    const middle = blocks.find(({ block, certificate }) => {
      return certificate !== null && block.block.header.nextSet === null
    })
    const { block, certificate } = present(middle, 'there is a certified block within an epoch')
    const given = { header: block.block.header, certificate: present(certificate, 'it is there') }
    const result = verifyEpochChain(context, trusted, [given])
    assert.equal(codeOf(result), 'reject not-an-epoch-end')
  })

  it('does not take too few signatures', () => {
    const { certificate, header } = first
    const few = {
      ...certificate,
      signers: certificate.signers.slice(0, 2),
      signatures: certificate.signatures.slice(0, 2),
    }
    const result = verifyFinal(context, trusted, { header, certificate: few })
    assert.equal(codeOf(result), 'reject certificate-no-quorum')
  })
})

describe('a snapshot', () => {
  const snapshot = present(snapshots[0], 'epoch 1 has ended')
  const entries = [...snapshot.ledger.entries()]

  it('is the ledger that the certified header names', () => {
    const verified = verifySnapshot(first.header, entries)
    assert.ok(verified.ok)
    assert.equal(verified.value.ledger.digest(), snapshot.ledger.digest())
  })

  it('with one balance changed is refused', () => {
    const richer = entries.map(([key, value]): readonly [string, unknown] =>
      key.startsWith('treasury/') ? [key, { ...(value as object), faucetMicro: 1n }] : [key, value],
    )
    assert.equal(codeOf(verifySnapshot(first.header, richer)), 'reject state-digest-mismatch')
  })

  it('of another height, or of no end of an epoch, is refused', () => {
    const { header } = first
    const other = { ...header, height: header.height + 1 }
    assert.equal(codeOf(verifySnapshot(other, entries)), 'reject head-mismatch')
    const middle = { ...header, nextSet: null }
    assert.equal(codeOf(verifySnapshot(middle, entries)), 'reject not-an-epoch-end')
  })
})

describe('the ledger, asked by consensus to execute a block', () => {
  const application = createApplication(context, emptyPool())
  const state = { ledger: finalLedger(world.replica(0)), receipts: [], events: [], nextSet: null }
  const { epoch, height } = headOf(state.ledger)
  const slot = { epoch, height: height + 1, view: 0, proposer: context.signer.agent }
  const { stateDigest } = application.prepare(state, slot)
  const header = { ...first.header, epoch, height: height + 1, stateDigest, nextSet: null }
  const answer = (change: object): string =>
    codeOf(application.process(state, { ...header, ...change }, []))

  it('takes what it would have prepared itself', () => {
    assert.equal(answer({}), 'ok')
  })

  it('refuses a block of another height, epoch, state or next set', () => {
    assert.equal(answer({ height: height + 2 }), 'reject wrong-height')
    assert.equal(answer({ epoch: epoch + 1 }), 'reject wrong-epoch')
    assert.equal(answer({ stateDigest: '0'.repeat(64) }), 'reject wrong-state-digest')
    assert.equal(answer({ nextSet: first.header.nextSet }), 'reject wrong-next-set')
  })
})

describe('what is answered to one who catches up', () => {
  const source: ChainSource = {
    head: () => ends.at(-1),
    blockById: (id) => blocks.find(({ block }) => block.id === id)?.block.block,
    finalBlock: (height) =>
      blocks.find(({ block }) => block.block.header.height === height)?.block.block,
    certificateAt: (height) =>
      blocks.find(({ block }) => block.block.header.height === height)?.certificate ?? undefined,
    epochEnd: (epoch) => ends.find(({ header }) => header.epoch === epoch),
    snapshot: (epoch) => {
      const found = snapshots.find((each) => each.epoch === (epoch ?? snapshots.length))
      return found === undefined
        ? undefined
        : { epoch: found.epoch, entries: found.ledger.entries() }
    },
  }
  const kinds = (request: Parameters<typeof answerSync>[0]): readonly string[] =>
    [...answerSync(request, source)].map(({ kind }) => kind)

  it('blocks stop at the end of an epoch, and the last has its certificate', () => {
    const frames = [...answerSync({ kind: 'blocks', fromHeight: 1 }, source)]
    const last = frames.at(-1)
    assert.equal(last?.kind, 'certificate')
    assert.equal(frames.length - 1, first.header.height)
    assert.equal(last.certificate.block, blockIdOf(first.header))
  })

  it('a snapshot comes behind the end of its epoch', () => {
    assert.deepEqual([...new Set(kinds({ kind: 'snapshot', epoch: 1 }))], ['epoch-end', 'entries'])
  })

  it('blocks stop where they have become large, at one with a certificate of its own', () => {
    const body = new Uint8Array(SYNC_BLOCKS_SIZE / 4)
    const large: ChainSource = {
      ...source,
      finalBlock: (height) => {
        const block = source.finalBlock(1)
        return block && { ...block, header: { ...block.header, height }, transactions: [body] }
      },
      certificateAt: (height) => (height % 3 === 0 ? first.certificate : undefined),
    }
    const frames = [...answerSync({ kind: 'blocks', fromHeight: 1 }, large)]
    assert.deepEqual(frames.map(({ kind }) => kind).slice(5), ['block', 'certificate'])
  })

  it('a snapshot of large entries comes in frames that each may be sent', () => {
    const text = 'x'.repeat(32 * 1024)
    const entries = Array.from({ length: 100 }, (_, index) => [`agreement/${index}`, text] as const)
    const large: ChainSource = { ...source, snapshot: (epoch) => ({ epoch: epoch ?? 1, entries }) }
    const frames = [...answerSync({ kind: 'snapshot', epoch: 1 }, large)]
    assert.ok(frames.every((frame) => encode(frame).length <= SYNC_FRAME_SIZE_MAX))
    assert.deepEqual(
      frames.flatMap((frame) => (frame.kind === 'entries' ? frame.entries : [])),
      entries,
    )
  })

  it('what lies behind the head and is not kept is not-held', () => {
    const lastHeight = present(ends.at(-1), 'epochs have ended').header.height
    const pruned: ChainSource = {
      ...source,
      finalBlock: (height) => (height > lastHeight - 1 ? source.finalBlock(height) : undefined),
      epochEnd: (epoch) => (epoch > 2 ? source.epochEnd(epoch) : undefined),
      snapshot: (epoch) => (epoch === null || epoch > 3 ? source.snapshot(epoch) : undefined),
    }
    const ask = (request: Parameters<typeof answerSync>[0]): string | undefined =>
      [...answerSync(request, pruned)].at(0)?.kind
    assert.equal(ask({ kind: 'blocks', fromHeight: 1 }), 'not-held')
    assert.equal(ask({ kind: 'blocks', fromHeight: lastHeight - 1 }), 'not-held')
    assert.equal(ask({ kind: 'blocks', fromHeight: lastHeight }), 'block')
    assert.equal(ask({ kind: 'blocks', fromHeight: lastHeight + 1 }), 'none')
    assert.equal(ask({ kind: 'epochs', fromEpoch: 2 }), 'not-held')
    assert.equal(ask({ kind: 'epochs', fromEpoch: 3 }), 'epoch-end')
    assert.equal(ask({ kind: 'epochs', fromEpoch: 5 }), 'none')
    assert.equal(ask({ kind: 'snapshot', epoch: 3 }), 'not-held')
    assert.equal(ask({ kind: 'snapshot', epoch: 4 }), 'epoch-end')
    assert.equal(ask({ kind: 'snapshot', epoch: 5 }), 'none')
  })

  it('what is not there is none', () => {
    assert.deepEqual(kinds({ kind: 'blocks', fromHeight: 10_000 }), ['none'])
    assert.deepEqual(kinds({ kind: 'block', id: context.networkId }), ['none'])
    assert.deepEqual(kinds({ kind: 'snapshot', epoch: 99 }), ['none'])
    assert.deepEqual(kinds({ kind: 'epochs', fromEpoch: 4 }), ['epoch-end', 'none'])
    assert.deepEqual(kinds({ kind: 'head' }), ['head'])
  })
})
