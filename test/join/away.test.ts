import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openReplica, type StorePort } from '@commonweal/node'
import { answerSync, present } from '@commonweal/protocol'
import {
  checkpointOf,
  createScene,
  EPOCHS,
  newcomer,
  runNetwork,
  type Scene,
  type ScenePeer,
} from './scene.ts'

describe('a node that was away', () => {
  let early: readonly StorePort[] = []
  let late: readonly StorePort[] = []
  let later: readonly StorePort[] = []
  before(async () => {
    // The same network each time: in virtual time it does the same.
    early = await runNetwork(1, false)
    late = await runNetwork(EPOCHS - 1, false)
    later = await runNetwork(EPOCHS + 2, false)
    assert.deepEqual(late[0]?.epochEnd(1)?.header, early[0]?.epochEnd(1)?.header)
    assert.deepEqual(later[0]?.epochEnd(1)?.header, early[0]?.epochEnd(1)?.header)
  })
  const among = (peers: readonly StorePort[]): Scene =>
    createScene(peers.map((store) => ({ store })))
  const own = (index: number): StorePort => present(early[index], 'every node has a store')

  it('follows the chain from its own last epoch on, and needs no checkpoint', async () => {
    const store = own(0)
    const left = present(store.head(), 'it has blocks').header.height
    assert.equal(await among(late).catchUp(store, null), null)
    const end = present(late[0]?.epochEnd(EPOCHS - 1), 'the epoch has ended')
    const { finalHeight, stateDigest } = openReplica(newcomer, store, 0).replica.view()
    assert.deepEqual([finalHeight, stateDigest], [end.header.height, end.header.stateDigest])
    assert.deepEqual(store.missing(), [{ first: left + 1, last: end.header.height }])
    for (let epoch = 1; epoch < EPOCHS; epoch += 1) {
      assert.deepEqual(store.epochEnd(epoch)?.header, late[0]?.epochEnd(epoch)?.header)
    }
  })

  it('passes no block over because a peer says that it is far ahead', async () => {
    const store = own(1)
    const head = present(store.head(), 'it has blocks')
    const shown = 1_000_000
    const liar: ScenePeer = {
      store: present(late[0], 'every node has a store'),
      claimed: shown,
      *answer(request, theirs) {
        for (const frame of answerSync(request, theirs)) {
          const isHead = frame.kind === 'head'
          yield isHead ? { ...frame, header: { ...frame.header, height: shown } } : frame
        }
      },
    }
    const scene = createScene([liar, ...late.slice(1).map((honest) => ({ store: honest }))])
    const isFar = ({ height }: { readonly height: number }): boolean => height > shown / 2
    assert.equal(await scene.catchUp(store, null, isFar), null)
    assert.deepEqual([store.head(), store.missing()], [head, []])
  })

  it('takes nothing that is no newer than what it has', async () => {
    const store = own(1)
    const head = store.head()
    assert.equal(await among(early.slice(1)).catchUp(store, null), null)
    assert.deepEqual(store.head(), head)
    assert.deepEqual(store.missing(), [])
  })

  it('stops where stake has left since, and goes on with a newer checkpoint, but with no older one', async () => {
    const store = own(2)
    const head = store.head()
    assert.equal(await among(later).catchUp(store, null), 'absent-too-long')
    const old = checkpointOf(present(later[0], 'a store'), 1)
    assert.equal(await among(later).catchUp(store, old), 'absent-too-long')
    assert.deepEqual(store.head(), head)
    const checkpoint = checkpointOf(present(later[0], 'a store'), EPOCHS)
    assert.equal(await among(later).catchUp(store, checkpoint), null)
    assert.equal(store.head()?.header.epoch, EPOCHS + 2)
  })

  it('follows no other history than its own', async () => {
    const store = own(3)
    const head = store.head()
    const other = await runNetwork(EPOCHS - 1, true)
    assert.equal(await among(other).catchUp(store, null), 'conflicting-heads')
    assert.deepEqual(store.head(), head)
  })
})
