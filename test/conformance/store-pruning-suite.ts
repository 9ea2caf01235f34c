import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { PRUNE_BLOCKS_MAX, type StorePort } from '@commonweal/node'
import { type ChainEvent, present } from '@commonweal/protocol'
import {
  actionRecord,
  blockIdOf,
  fakeBlock,
  fakeCertificate,
  fakeFinal,
  fakeSnapshot,
  finalize,
  heightsFrom,
  NETWORK,
  statementRecord,
  transactionRecord,
  voteRecord,
} from './store-fixtures.ts'
import type { StoreUnderTest } from './store-suite.ts'

/** What every adapter of {@link StorePort} must pass over, and drop where it is told to. */
export function testPruning(name: string, create: () => StoreUnderTest): void {
  describe(`what the ${name} store does not have`, () => {
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

    it('goes on from a snapshot ahead of its last block, says what it passed over, and keeps its journal until a block is final', () => {
      const follow = (epoch: number, height: number): void => finalize(store, epoch, [height])
      follow(1, 1)
      const sealed = [voteRecord(2, 1), statementRecord(2), actionRecord(2, 5n)]
      store.commit([{ kind: 'records', records: sealed }])
      const end = fakeEnd(9, 90)
      store.commit([
        { kind: 'epoch-end', end },
        { kind: 'snapshot', snapshot: fakeSnapshot(9, 90) },
      ])
      assert.deepEqual(reopen().head(), end)
      assert.deepEqual(store.restore().blocks, [])
      assert.equal(store.restore().snapshot?.epoch, 9)
      assert.deepEqual(store.restore().records, sealed)
      assert.deepEqual(store.missing(), [{ first: 2, last: 90 }])
      assert.notEqual(store.finalBlock(1), undefined)
      // A message that names no epoch is of the one in which it was written.
      const late = [statementRecord(10), transactionRecord()]
      store.commit([{ kind: 'records', records: late }])
      follow(10, 91)
      assert.deepEqual(reopen().restore().records, late)
      assert.equal(store.head()?.header.height, 91)
      assert.deepEqual(store.missing(), [{ first: 2, last: 90 }])
    })

    it('begins its history at the snapshot where it never had a block', () => {
      store.commit([
        { kind: 'epoch-end', end: fakeEnd(3, 30) },
        { kind: 'snapshot', snapshot: fakeSnapshot(3, 30) },
      ])
      assert.deepEqual(reopen().missing(), [{ first: 1, last: 30 }])
    })

    it('keeps the blocks of so many epochs before the current one, and the ends of all', () => {
      store = reopen(2)
      for (let epoch = 1; epoch <= 5; epoch += 1) followEpoch(store, epoch)
      assert.deepEqual(reopen(2).missing(), [{ first: 1, last: 6 }])
      for (const height of [1, 2, 3, 4, 5, 6]) {
        assert.equal(store.finalBlock(height), undefined)
        assert.equal(store.certificateAt(height), undefined)
        assert.equal(store.blockById(blockIdOf(blockAt(height))), undefined)
        assert.equal(store.receipt(receiptIdAt(height)), undefined)
      }
      for (const height of [7, 8, 15]) {
        assert.deepEqual(store.finalBlock(height), blockAt(height))
        assert.equal(store.receipt(receiptIdAt(height))?.height, height)
      }
      for (const epoch of [1, 2, 3, 4, 5]) {
        assert.equal(store.epochEnd(epoch)?.header.height, 3 * epoch)
      }
    })

    it('drops turns with their epochs, and keeps what agents learn from', () => {
      store = reopen(2)
      const asked: ChainEvent = { kind: 'question-lapsed', question: NETWORK }
      const block = fakeFinal(blockAt(1))
      const turn = { turn: 0, seat: 3, move: 'pass', terms: null, text: '' } as const
      const heard = { subnet: 'commons', conversation: NETWORK, turn }
      store.commit([
        {
          kind: 'final',
          blocks: [{ ...block, events: [...block.events, asked] }],
          certificate: fakeCertificate('finalize', 1, 1),
        },
        { kind: 'turn', turn: { ...heard, target: 1 } },
        { kind: 'turn', turn: { ...heard, target: 4, turn: { ...turn, turn: 1 } } },
      ])
      finalize(store, 1, [2, 3])
      for (let epoch = 2; epoch <= 5; epoch += 1) followEpoch(store, epoch)
      const left = reopen(2).events({ afterHeight: 0, countMax: 3 })
      assert.deepEqual(
        left.map(({ height, event }) => [height, JSON.stringify(event)]).slice(0, 1),
        [[1, JSON.stringify(asked)]],
      )
      assert.ok(left.slice(1).every(({ height }) => height > 6))
      assert.deepEqual(
        store.turns(0, 9).map(({ target }) => target),
        [4],
      )
    })

    it('drops what it kept before it was told to, a part with each block, and what lies on both sides of a gap', () => {
      finalize(store, 1, heightsFrom(1, PRUNE_BLOCKS_MAX + 10))
      const gapEnd = PRUNE_BLOCKS_MAX + 100
      store.commit([
        { kind: 'epoch-end', end: fakeEnd(1, PRUNE_BLOCKS_MAX + 50) },
        { kind: 'epoch-end', end: fakeEnd(2, gapEnd) },
        { kind: 'snapshot', snapshot: fakeSnapshot(2, gapEnd) },
      ])
      store = reopen(2)
      let height = gapEnd
      for (const epoch of [3, 4]) {
        finalize(store, epoch, heightsFrom(height + 1, height + 3))
        height += 3
      }
      assert.equal(store.finalBlock(PRUNE_BLOCKS_MAX), undefined)
      assert.notEqual(store.finalBlock(PRUNE_BLOCKS_MAX + 1), undefined)
      finalize(store, 5, [height + 1])
      assert.deepEqual(reopen(2).missing(), [{ first: 1, last: gapEnd }])
      finalize(store, 6, [height + 2])
      assert.deepEqual(reopen(2).missing(), [{ first: 1, last: gapEnd + 3 }])
    })
  })
}

/** Three blocks, the last of which ends the epoch. */
function followEpoch(store: StorePort, epoch: number): void {
  finalize(store, epoch, heightsFrom(3 * epoch - 2, 3 * epoch))
}

/** As {@link followEpoch} makes it. */
function blockAt(height: number) {
  const epoch = Math.ceil(height / 3)
  return fakeBlock({ epoch, height, isEnd: height === 3 * epoch })
}

function receiptIdAt(height: number) {
  return present(fakeFinal(blockAt(height)).receipts[0], 'every fake block has a receipt').id
}

function fakeEnd(epoch: number, height: number) {
  const { header } = fakeBlock({ epoch, height, isEnd: true })
  return { header, certificate: fakeCertificate('finalize', epoch, height) }
}
