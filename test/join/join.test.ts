import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { JOIN_PEERS_MAX, JoinError, openReplica, type StorePort } from '@commonweal/node'
import { createStaleAnswer } from '@commonweal/node/adversary'
import { answerSync, blockIdOf, present, type SyncFrame } from '@commonweal/protocol'
import {
  type Answer,
  checkpointOf,
  createScene,
  EPOCHS,
  NODES,
  newcomer,
  runNetwork,
  type ScenePeer,
} from './scene.ts'

function refusal(code: string): (error: unknown) => boolean {
  return (error) => error instanceof JoinError && error.code === code
}

/** Answers as the store does, each frame changed. */
function lie(change: (frame: SyncFrame) => SyncFrame): Answer {
  return function* (request, store) {
    for (const frame of answerSync(request, store)) yield change(frame)
  }
}

describe('a newcomer', () => {
  let stores: readonly StorePort[] = []
  let others: readonly StorePort[] = []
  let old: readonly StorePort[] = []
  before(async () => {
    stores = await runNetwork(EPOCHS - 1, false)
    others = await runNetwork(EPOCHS - 1, true)
    old = await runNetwork(EPOCHS + 2, false)
  })
  const honest = (): { store: StorePort }[] => stores.map((store) => ({ store }))

  it('stands at the latest certified state, and serves what it was told', async () => {
    const { store, join, blamed } = createScene(honest())
    const joined = await join()
    const end = present(stores[0]?.epochEnd(joined.epoch), 'the epoch has ended')
    assert.equal(joined.epoch, EPOCHS - 1)
    const { finalHeight, stateDigest } = openReplica(newcomer, store, 0).replica.view()
    assert.deepEqual([finalHeight, stateDigest], [end.header.height, end.header.stateDigest])
    for (let epoch = 1; epoch <= joined.epoch; epoch += 1) {
      assert.deepEqual(store.epochEnd(epoch)?.header, stores[0]?.epochEnd(epoch)?.header)
    }
    assert.equal(joined.heads.length, NODES)
    assert.equal(blamed.size, 0)
  })

  it('starts at the genesis where no epoch has ended', async () => {
    const young = await runNetwork(0, false)
    const { store, join } = createScene(young.map((each) => ({ store: each })))
    const joined = await join()
    assert.deepEqual([joined.epoch, joined.height], [0, 0])
    assert.equal(store.head(), undefined)
  })

  it('asks another where one lies about the ledger, and holds it against the liar', async () => {
    const answer = lie((frame) => {
      if (frame.kind !== 'entries') return frame
      const [first, ...rest] = frame.entries
      return { kind: 'entries', entries: first === undefined ? [] : [[first[0], 1], ...rest] }
    })
    let truthful: StorePort | undefined
    const scene = createScene(
      stores.map((store) => ({
        store,
        answer: (request) => (store === truthful ? answerSync : answer)(request, store),
      })),
    )
    truthful = scene.askedLast()
    assert.equal((await scene.join()).epoch, EPOCHS - 1)
    assert.deepEqual([...scene.blamed.values()], Array(NODES - 1).fill('bad-content'))
  })

  it('does not follow ends of epochs that a quorum did not sign', async () => {
    const answer = lie((frame) => {
      if (frame.kind !== 'epoch-end') return frame
      const { signers, signatures } = frame.certificate
      const few = { signers: signers.slice(0, 2), signatures: signatures.slice(0, 2) }
      return { ...frame, certificate: { ...frame.certificate, ...few } }
    })
    const scene = createScene(stores.map((store) => ({ store, answer })))
    await assert.rejects(scene.join(), refusal('no-chain'))
    assert.deepEqual([...scene.blamed.values()], Array(NODES).fill('bad-content'))
    assert.equal(scene.store.head(), undefined)
  })

  it('believes nobody where two histories are proven, and shows both', async () => {
    const [one, two, three] = stores
    const other = present(others[0], 'another history')
    assert.notDeepEqual(other.epochEnd(1)?.header, one?.epochEnd(1)?.header)
    const scene = createScene(
      [one, two, three, other].map((store) => ({ store: present(store, 'a store') })),
    )
    await assert.rejects(scene.join(), (error) => {
      assert.ok(error instanceof JoinError)
      assert.equal(error.code, 'conflicting-heads')
      const ids = error.evidence.map(({ header }) => blockIdOf(header))
      assert.equal(new Set(ids).size, 2)
      return true
    })
    assert.equal(scene.store.head(), undefined)
  })

  it('compares the heads of as many peers as it is told to', async () => {
    const scene = createScene(honest().slice(0, 2))
    await assert.rejects(scene.join(), refusal('too-few-peers'))
    assert.equal((await scene.join({ headCountMin: 2 })).epoch, EPOCHS - 1)
  })

  it('asks beyond peers that claim the most and show an old head, and holds it against them', async () => {
    const young = createStaleAnswer(1)
    const crowd = Array.from({ length: JOIN_PEERS_MAX }, (_, index) => ({
      store: present(stores[index % NODES], 'a store'),
      answer: young,
      claimed: 1_000_000,
    }))
    const scene = createScene([...crowd, ...honest()])
    assert.equal((await scene.join()).epoch, EPOCHS - 1)
    assert.deepEqual([...scene.blamed.values()], Array(JOIN_PEERS_MAX).fill('bad-content'))
    await assert.rejects(createScene(crowd).join(), refusal('too-few-peers'))
  })

  it('asks beyond peers that show the latest head and an old chain', async () => {
    const young = createStaleAnswer(1)
    const crowd = Array.from({ length: JOIN_PEERS_MAX }, (_, index): ScenePeer => {
      return {
        store: present(stores[index % NODES], 'a store'),
        answer: (request, store) =>
          request.kind === 'head' ? answerSync(request, store) : young(request, store),
      }
    })
    const modest = stores.map((store) => ({
      store,
      claimed: (store.head()?.header.height ?? 0) - 1,
    }))
    const scene = createScene([...crowd, ...modest])
    assert.equal((await scene.join()).epoch, EPOCHS - 1)
  })

  it('trusts no genesis whose stake may have left, but a checkpoint', async () => {
    const scene = createScene(old.map((store) => ({ store })))
    await assert.rejects(scene.join(), refusal('genesis-too-old'))
    const checkpoint = checkpointOf(present(old[0], 'a store'), EPOCHS)
    const joined = await scene.join({ checkpoint })
    assert.equal(joined.epoch, EPOCHS + 2)
    assert.equal(scene.store.epochEnd(1), undefined, 'what came before the checkpoint is not asked')
    assert.deepEqual(scene.store.epochEnd(EPOCHS)?.header.height, checkpoint.height)
    const stale = checkpointOf(present(old[0], 'a store'), 1)
    await assert.rejects(
      createScene(old.map((store) => ({ store }))).join({ checkpoint: stale }),
      refusal('checkpoint-too-old'),
    )
  })

  it('follows no peer that does not know the block of its checkpoint', async () => {
    const scene = createScene(honest())
    const checkpoint = checkpointOf(present(others[0], 'another history'), 1)
    await assert.rejects(scene.join({ checkpoint }), refusal('checkpoint-unknown'))
  })
})
