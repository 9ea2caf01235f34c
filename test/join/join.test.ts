import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import {
  createLocalGenesis,
  createMemoryStore,
  createNodeSigner,
  createNodeVerify,
  type EpochEnd,
  JOIN_PEERS_MAX,
  JoinError,
  type Joined,
  type JoinOptions,
  joinNetwork,
  openReplica,
  PeerPool,
  type StorePort,
  SyncClient,
} from '@commonweal/node'
import { createStaleAnswer } from '@commonweal/node/adversary'
import {
  answerSync,
  blockIdOf,
  builtInSubnets,
  decode,
  encode,
  networkIdOf,
  peerIdOf,
  present,
  type ReplicaContext,
  SYNC_REQUEST_SIZE_MAX,
  type SyncFrame,
  type SyncRequest,
  secretKeyOf,
  syncRequestSchema,
} from '@commonweal/protocol'
import { VirtualNetwork } from '../crash/virtual-network.ts'

const SEED = 'join'
const NODES = 4
const EPOCHS = 4
const founded = createLocalGenesis({
  nodes: NODES,
  seed: SEED,
  contract: 'none',
  rounds: 2,
  repeat: true,
})
/** Stake stays bonded for as long as the chain is. */
const genesis = { ...founded, epochs: { ...founded.epochs, unbondingEpochs: EPOCHS } }
const networkId = networkIdOf(genesis)
const verify = createNodeVerify(64)
const contextOf = (index: number): ReplicaContext => ({
  genesis,
  networkId,
  verify,
  subnets: builtInSubnets,
  signer: createNodeSigner(secretKeyOf(SEED, index)),
  votes: true,
  seed: SEED,
})
const newcomer = contextOf(NODES)

/** The stores of a network that ran for so many epochs. `isOther` makes another history with the same keys. */
async function runNetwork(epochs: number, isOther: boolean): Promise<readonly StorePort[]> {
  const network = new VirtualNetwork()
  const stores = Array.from({ length: NODES }, createMemoryStore)
  const members = stores.map((store, index) =>
    network.start(contextOf(index), store, (error) => {
      throw error
    }),
  )
  if (isOther) {
    const body = { kind: 'bond', amountMicro: 1n } as const
    void members[0]?.loop.submit({ kind: 'command', command: { kind: 'submit', body, tag: null } })
  }
  await network.run(
    'every node has a block beyond the epochs',
    () => stores.every((store) => (store.head()?.header.epoch ?? 0) > epochs),
    600_000,
  )
  for (const { loop } of members) loop.stop()
  return stores
}

type Answer = (request: SyncRequest, store: StorePort) => Iterable<SyncFrame | Uint8Array>

interface Scene {
  readonly store: StorePort
  readonly blamed: Map<string, string>
  /** The store of the peer that is asked when all others have failed. */
  readonly askedLast: () => StorePort
  readonly join: (change?: Partial<JoinOptions>) => Promise<Joined>
}

interface ScenePeer {
  readonly store: StorePort
  readonly answer?: Answer
  /** The height that it claims; default that of its head. */
  readonly claimed?: number
}

/** A newcomer among peers that answer from these stores. */
function createScene(peers: readonly ScenePeer[]): Scene {
  const byId = new Map(peers.map((peer, index) => [peerIdOf(contextOf(index).signer.agent), peer]))
  const blamed = new Map<string, string>()
  const pool = new PeerPool({
    peers: () =>
      [...byId].map(([peerId, { store, claimed }]) => ({
        peerId,
        hello: { height: claimed ?? store.head()?.header.height ?? 0 },
      })),
    penalise: (peerId, _points, code) => blamed.set(peerId, code),
  })
  const client = new SyncClient(
    {
      async *request(peerId, bytes) {
        const { store, answer = answerSync } = present(byId.get(peerId), 'only peers are asked')
        const decoded = decode(bytes, SYNC_REQUEST_SIZE_MAX)
        assert.ok(decoded.ok)
        for (const frame of answer(syncRequestSchema.parse(decoded.value), store)) {
          yield frame instanceof Uint8Array ? frame : encode(frame)
        }
      },
    },
    new AbortController().signal,
  )
  const store = createMemoryStore()
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const options: JoinOptions = {
    context: newcomer,
    client,
    peers: pool,
    store,
    checkpoint: null,
    headCountMin: 3,
    log,
  }
  const askedLast = (): StorePort => {
    const last = present(pool.order(null).at(-1), 'there are peers')
    return present(byId.get(last), 'only peers are asked').store
  }
  return { store, blamed, askedLast, join: (change) => joinNetwork({ ...options, ...change }) }
}

function refusal(code: string): (error: unknown) => boolean {
  return (error) => error instanceof JoinError && error.code === code
}

/** Answers as the store does, each frame changed. */
function lie(change: (frame: SyncFrame) => SyncFrame): Answer {
  return function* (request, store) {
    for (const frame of answerSync(request, store)) yield change(frame)
  }
}

function checkpointOf(store: StorePort, epoch: number): NonNullable<JoinOptions['checkpoint']> {
  const { header, certificate }: EpochEnd = present(store.epochEnd(epoch), 'the epoch has ended')
  const { height, stateDigest } = header
  return { epoch, height, block: blockIdOf(header), stateDigest, certificate }
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
