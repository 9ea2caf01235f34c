import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { Restored, StorePort } from '@commonweal/node'
import { encode } from '@commonweal/protocol'
import {
  actionRecord,
  blockIdOf,
  blockRecord,
  certificateRecord,
  fakeBlock,
  fakeCertificate,
  fakeFinal,
  fakeSnapshot,
  finalize,
  voteRecord,
} from './store-fixtures.ts'

/** A store under test: `reopen` closes it and opens what it left behind. */
export interface StoreUnderTest {
  /** @param keepEpochs null keeps all. */
  readonly open: (keepEpochs: number | null) => StorePort
  readonly reopen: (store: StorePort, keepEpochs: number | null) => StorePort
  readonly dispose: () => void
}

/** What every adapter of {@link StorePort} must do. */
export function testStore(name: string, create: () => StoreUnderTest): void {
  describe(`the ${name} store`, () => {
    let subject: StoreUnderTest
    let store: StorePort
    beforeEach(() => {
      subject = create()
      store = subject.open(null)
    })
    afterEach(() => {
      store.close()
      subject.dispose()
    })
    const reopen = (keepEpochs: number | null = null): StorePort => {
      store = subject.reopen(store, keepEpochs)
      return store
    }

    it('is empty when it is new', () => {
      assert.deepEqual(store.restore(), { snapshot: null, blocks: [], records: [] })
      assert.equal(store.head(), undefined)
      assert.equal(store.finalBlock(1), undefined)
      assert.equal(store.epochEnd(1), undefined)
      assert.equal(store.snapshot(null), undefined)
      assert.deepEqual(store.peers(), [])
    })

    it('gives journal records back in the order in which they were written', () => {
      const block = fakeBlock({ epoch: 1, height: 1 })
      const records = [
        voteRecord(1, 1),
        blockRecord(block),
        certificateRecord(1, 2),
        actionRecord(1, 2n ** 62n),
        voteRecord(1, 2),
      ]
      store.commit([{ kind: 'records', records: records.slice(0, 2) }])
      store.commit([{ kind: 'records', records: records.slice(2) }])
      assert.deepEqual(reopen().restore().records, records)
      assert.deepEqual(store.blockById(blockIdOf(block)), block)
      assert.equal(store.finalBlock(1), undefined, 'a block that was voted for is not final')
    })

    it('keeps a record that is written twice twice, and its block once', () => {
      const record = blockRecord(fakeBlock({ epoch: 1, height: 1 }))
      store.commit([{ kind: 'records', records: [record, record] }])
      assert.deepEqual(reopen().restore().records, [record, record])
    })

    it('gives final blocks back with the certificate that finalized the last', () => {
      const blocks = [1, 2].map((height) => fakeBlock({ epoch: 1, height }))
      const certificate = fakeCertificate('finalize', 1, 2)
      store.commit([{ kind: 'final', blocks: blocks.map(fakeFinal), certificate }])
      const [first, second] = blocks
      assert.deepEqual(reopen().restore().blocks, [
        { block: first, certificate: null },
        { block: second, certificate },
      ])
      assert.deepEqual(store.head(), { header: second?.header, certificate })
      assert.deepEqual(store.finalBlock(1), first)
      assert.equal(store.certificateAt(1), undefined)
      assert.deepEqual(store.certificateAt(2), certificate)
      assert.equal(store.finalBlock(3), undefined)
      assert.equal(store.epochEnd(1), undefined)
    })

    it('knows the end of an epoch, whether it followed it or fetched it', () => {
      const end = fakeBlock({ epoch: 2, height: 9, isEnd: true })
      const certificate = fakeCertificate('finalize', 2, 9)
      store.commit([{ kind: 'final', blocks: [fakeFinal(end)], certificate }])
      const { header } = fakeBlock({ epoch: 1, height: 5, isEnd: true })
      const fetched = { header, certificate: fakeCertificate('finalize', 1, 5) }
      store.commit([{ kind: 'epoch-end', end: fetched }])
      assert.deepEqual(reopen().epochEnd(2), { header: end.header, certificate })
      assert.deepEqual(store.epochEnd(1), fetched)
      assert.deepEqual(store.head()?.header, end.header)
    })

    it('takes the end of an epoch that it fetched for its head while it has no block', () => {
      const { header } = fakeBlock({ epoch: 3, height: 30, isEnd: true })
      const end = { header, certificate: fakeCertificate('finalize', 3, 30) }
      store.commit([{ kind: 'epoch-end', end }])
      assert.deepEqual(reopen().head(), end)
    })

    it('starts again from its latest snapshot and the blocks after it', () => {
      const end = fakeBlock({ epoch: 1, height: 2, isEnd: true })
      const next = fakeBlock({ epoch: 2, height: 3 })
      store.commit([
        {
          kind: 'final',
          blocks: [fakeFinal(fakeBlock({ epoch: 1, height: 1 })), fakeFinal(end)],
          certificate: fakeCertificate('finalize', 1, 2),
        },
        { kind: 'snapshot', snapshot: fakeSnapshot(1, 2) },
      ])
      const certificate = fakeCertificate('finalize', 2, 3)
      store.commit([{ kind: 'final', blocks: [fakeFinal(next)], certificate }])
      const restored = reopen().restore()
      assert.deepEqual(readSnapshot(restored.snapshot), readSnapshot(fakeSnapshot(1, 2)))
      assert.deepEqual(restored.blocks, [{ block: next, certificate }])
    })

    it('keeps the last two snapshots', () => {
      for (const epoch of [1, 2, 3]) {
        store.commit([{ kind: 'snapshot', snapshot: fakeSnapshot(epoch, 10 * epoch) }])
      }
      assert.equal(reopen().snapshot(1), undefined)
      assert.equal(store.snapshot(2)?.height, 20)
      assert.equal(store.snapshot(null)?.epoch, 3)
    })

    it('writes a snapshot of the same epoch over the earlier one', () => {
      store.commit([{ kind: 'snapshot', snapshot: fakeSnapshot(1, 10) }])
      store.commit([{ kind: 'snapshot', snapshot: fakeSnapshot(1, 10) }])
      assert.deepEqual(readSnapshot(store.snapshot(1)), readSnapshot(fakeSnapshot(1, 10)))
    })

    it('reads two snapshots at once, entries in the order of their keys', () => {
      const entries = Array.from({ length: 1_200 }, (_, index): [string, unknown] => [
        `key/${String(index).padStart(5, '0')}`,
        BigInt(index),
      ])
      store.commit([{ kind: 'snapshot', snapshot: { ...fakeSnapshot(1, 1), entries } }])
      const [one, other] = [readSnapshot(store.snapshot(1)), readSnapshot(store.snapshot(1))]
      assert.deepEqual(one, other)
      assert.deepEqual(
        one?.entries.map(([key]) => key),
        entries.map(([key]) => key),
      )
    })

    it('forgets votes and unfinal blocks only once a later epoch has a final block', () => {
      const lost = fakeBlock({ epoch: 1, height: 1 })
      const kept = [voteRecord(2, 1), actionRecord(2, 5n)]
      store.commit([{ kind: 'records', records: [voteRecord(1, 1), blockRecord(lost), ...kept] }])
      finalize(store, 1, [2])
      assert.equal(reopen().restore().records.length, 4)
      finalize(store, 2, [3])
      assert.deepEqual(reopen().restore().records, kept)
      assert.equal(store.blockById(blockIdOf(lost)), undefined)
      assert.notEqual(store.finalBlock(2), undefined, 'a final block stays')
    })

    it('keeps the voted block of an epoch when it becomes final', () => {
      const block = fakeBlock({ epoch: 1, height: 1 })
      store.commit([{ kind: 'records', records: [blockRecord(block)] }])
      store.commit([
        {
          kind: 'final',
          blocks: [fakeFinal(block)],
          certificate: fakeCertificate('finalize', 1, 1),
        },
      ])
      assert.deepEqual(reopen().finalBlock(1), block)
    })

    it('finds receipts by transaction, and events by height and kind', () => {
      const blocks = [1, 2, 3].map((height) => fakeFinal(fakeBlock({ epoch: 1, height })))
      store.commit([{ kind: 'final', blocks, certificate: fakeCertificate('finalize', 1, 3) }])
      const receipt = blocks[1]?.receipts[0]
      assert.ok(receipt !== undefined)
      assert.deepEqual(reopen().receipt(receipt.id), {
        ...receipt,
        height: 2,
        index: 0,
        facts: { amountMicro: '12', height: 2 },
      })
      const slashed = store.events({ afterHeight: 1, kinds: ['slashed'], countMax: 10 })
      assert.deepEqual(
        slashed.map(({ height, index }) => [height, index]),
        [
          [2, 1],
          [3, 1],
        ],
      )
      assert.deepEqual(slashed[0]?.event, {
        ...blocks[1]?.events[1],
        amountMicro: (2n ** 60n).toString(),
      })
      assert.equal(store.events({ afterHeight: 0, countMax: 5 }).length, 5)
    })

    it('remembers each turn once, and the last address of each peer', () => {
      const turn = {
        subnet: 'commons',
        conversation: blockIdOf(fakeBlock({ epoch: 1, height: 1 })),
        target: 4,
        turn: { turn: 0, seat: 3, move: 'reject', terms: null, text: 'no ✗' },
      } as const
      store.commit([
        { kind: 'turn', turn },
        { kind: 'turn', turn },
        { kind: 'turn', turn: { ...turn, target: 3, turn: { ...turn.turn, turn: 1 } } },
        { kind: 'peer', peer: { peerId: 'a', address: '/ip4/127.0.0.1/tcp/1', seenAtMs: 1 } },
        { kind: 'peer', peer: { peerId: 'b', address: '/ip4/127.0.0.1/tcp/2', seenAtMs: 2 } },
        { kind: 'peer', peer: { peerId: 'a', address: '/ip4/127.0.0.1/tcp/3', seenAtMs: 3 } },
      ])
      assert.deepEqual(reopen().turns(4, 10), [turn])
      assert.equal(store.turns(0, 1).length, 1)
      assert.deepEqual(
        store.peers().map(({ address }) => address),
        ['/ip4/127.0.0.1/tcp/3', '/ip4/127.0.0.1/tcp/2'],
      )
    })
  })
}

/** Values as their encodings: whether an amount comes back as number or bigint is the adapter's affair. */
function readSnapshot(snapshot: Restored['snapshot'] | undefined) {
  if (snapshot === null || snapshot === undefined) return undefined
  const entries = [...snapshot.entries].map(([key, value]) => [key, encode(value)] as const)
  return { ...snapshot, entries }
}
