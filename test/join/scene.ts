import assert from 'node:assert/strict'
import {
  catchUpBySnapshot,
  createLocalGenesis,
  createMemoryStore,
  createNodeSigner,
  createNodeVerify,
  type EpochEnd,
  type JoinErrorCode,
  type Joined,
  type JoinOptions,
  joinNetwork,
  PeerPool,
  type StorePort,
  SyncClient,
} from '@commonweal/node'
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
export const NODES = 4
export const EPOCHS = 4
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
export const newcomer: ReplicaContext = contextOf(NODES)

/** The stores of a network that ran for so many epochs. `isOther` makes another history with the same keys. */
export async function runNetwork(epochs: number, isOther: boolean): Promise<readonly StorePort[]> {
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

export type Answer = (request: SyncRequest, store: StorePort) => Iterable<SyncFrame | Uint8Array>

export interface Scene {
  readonly store: StorePort
  readonly blamed: Map<string, string>
  /** The store of the peer that is asked when all others have failed. */
  readonly askedLast: () => StorePort
  readonly join: (change?: Partial<JoinOptions>) => Promise<Joined>
  /** Catches up by snapshot, from what a store holds. Result  the code with which the node stops, else null. */
  readonly catchUp: (
    store: StorePort,
    checkpoint: JoinOptions['checkpoint'],
    isHeadFar?: (head: { readonly height: number }) => boolean,
  ) => Promise<JoinErrorCode | null>
}

export interface ScenePeer {
  readonly store: StorePort
  readonly answer?: Answer
  /** The height that it claims; default that of its head. */
  readonly claimed?: number
}

/** A newcomer among peers that answer from these stores. */
export function createScene(peers: readonly ScenePeer[]): Scene {
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
  const catchUp: Scene['catchUp'] = async (own, checkpoint, isHeadFar) => {
    let code: JoinErrorCode | null = null
    await catchUpBySnapshot({
      ...options,
      store: own,
      checkpoint,
      heightMin: (own.head()?.header.height ?? 0) + 1,
      ...(isHeadFar === undefined ? {} : { isHeadFar }),
      install: async ({ writes }) => {
        own.commit(writes)
        return true
      },
      onInstalled: () => {},
      onFatal: (error) => {
        code = error.code
      },
    })
    return code
  }
  const join: Scene['join'] = (change) => joinNetwork({ ...options, ...change })
  return { store, blamed, askedLast, join, catchUp }
}

export function checkpointOf(
  store: StorePort,
  epoch: number,
): NonNullable<JoinOptions['checkpoint']> {
  const { header, certificate }: EpochEnd = present(store.epochEnd(epoch), 'the epoch has ended')
  const { height, stateDigest } = header
  return { epoch, height, block: blockIdOf(header), stateDigest, certificate }
}
