import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  type Block,
  type Certificate,
  type Cid,
  cidOf,
  createNobleSigner,
  decode,
  digestOf,
  encode,
  type Header,
  peerIdOf,
  SYNC_REQUEST_SIZE_MAX,
  type SyncFrame,
  type SyncRequest,
  secretKeyOf,
  syncRequestSchema,
} from '@commonweal/protocol'
import { CatchUp } from './catch-up.ts'
import { PeerPool } from './peer-pool.ts'
import { type RequestPort, SyncClient } from './sync-client.ts'

const AGENT = agentAt(0)
const ID: Cid = cidOf(encode('a block'))
const NOTHING = digestOf()

function headerAt(height: number, epoch = 1): Header {
  const digests = { transactionsDigest: NOTHING, stateDigest: NOTHING, ancestryDigest: NOTHING }
  return { epoch, height, view: height, parent: ID, proposer: AGENT, ...digests, nextSet: null }
}

const certificate: Certificate = {
  kind: 'finalize',
  epoch: 1,
  view: 1,
  block: ID,
  signers: [],
  signatures: [],
}

/** What a peer has: blocks up to its head, from `lowest` on. */
interface FakePeer {
  readonly head: number
  readonly headEpoch?: number
  readonly lowest: number
}

function answerAs(peer: FakePeer, request: SyncRequest): readonly SyncFrame[] {
  if (request.kind === 'head') {
    return [{ kind: 'head', header: headerAt(peer.head, peer.headEpoch), certificate }]
  }
  const height = request.kind === 'blocks' ? request.fromHeight : 0
  if (height > peer.head) return [{ kind: 'none' }]
  if (height < peer.lowest) return [{ kind: 'not-held' }]
  const block: Block = { header: headerAt(height), transactions: [], ancestry: [] }
  return [
    { kind: 'block', block },
    { kind: 'certificate', certificate },
  ]
}

interface Run {
  readonly height: number
  /** The least heights of the snapshots that were wanted. */
  readonly wanted: readonly number[]
  /** Heights of heads that would not have been worth it, of 101 and 102. */
  readonly spurned: readonly number[]
  readonly blamed: readonly string[]
}

/** A node at this height catches up from these peers; a snapshot, where one is to be had, takes it to that height. */
async function catchUp(
  start: number,
  fakes: readonly FakePeer[],
  snapshotHeight: number | null = null,
): Promise<Run> {
  const place = { epoch: 1, height: start }
  const wanted: number[] = []
  const spurned: number[] = []
  const blamed: string[] = []
  const byId = new Map(fakes.map((peer, index) => [peerIdOf(agentAt(index)), peer]))
  const peers = new PeerPool({
    peers: () => [...byId].map(([peerId, { head }]) => ({ peerId, hello: { height: head } })),
    penalise: (_peerId, _points, code) => blamed.push(code),
  })
  const port: RequestPort = {
    async *request(peerId, bytes) {
      const decoded = decode(bytes, SYNC_REQUEST_SIZE_MAX)
      const peer = byId.get(peerId)
      assert.ok(decoded.ok && peer !== undefined)
      for (const frame of answerAs(peer, syncRequestSchema.parse(decoded.value)))
        yield encode(frame)
    },
  }
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  await new CatchUp({
    client: new SyncClient(port, new AbortController().signal),
    peers,
    log,
    place: () => place,
    behindMax: { blocks: 100, epochs: 5 },
    onChain: async ({ blocks }) => {
      place.height += blocks.length
      return { verdict: 'accept', code: null }
    },
    onSnapshot: async ({ heightMin, isHeadFar }) => {
      wanted.push(heightMin)
      for (const height of [101, 102]) {
        if (isHeadFar?.({ epoch: 1, height }) === false) spurned.push(height)
      }
      place.height = Math.max(place.height, snapshotHeight ?? 0)
    },
  }).run(null)
  return { height: place.height, wanted, spurned, blamed }
}

describe('catching up', () => {
  it('fetches the blocks where they are no more than so many', async () => {
    assert.deepEqual(await catchUp(1, [{ head: 101, lowest: 1 }]), {
      height: 101,
      wanted: [],
      spurned: [],
      blamed: [],
    })
  })

  it('takes a snapshot where they are one more, and the blocks after it', async () => {
    const { height, wanted } = await catchUp(1, [{ head: 102, lowest: 60 }], 90)
    assert.deepEqual([height, wanted], [102, [2]])
  })

  it('takes one only if a head that is proven is as far ahead as a peer shows its own', async () => {
    assert.deepEqual((await catchUp(1, [{ head: 102, lowest: 1 }])).spurned, [101])
    assert.deepEqual((await catchUp(1, [{ head: 50, lowest: 40 }], 45)).spurned, [])
  })

  it('takes a snapshot where more epochs have ended than stake stays bonded for', async () => {
    assert.deepEqual((await catchUp(1, [{ head: 20, headEpoch: 6, lowest: 1 }])).wanted, [])
    assert.deepEqual((await catchUp(1, [{ head: 20, headEpoch: 7, lowest: 1 }])).wanted, [2])
  })

  it('goes on by blocks where a head that was far ahead proves to be nothing', async () => {
    const { height, wanted } = await catchUp(1, [{ head: 300, lowest: 1 }])
    assert.deepEqual([height, wanted], [300, [2]])
  })

  it('asks another where one keeps the blocks no more, and holds it against nobody', async () => {
    const peers = [
      { head: 50, lowest: 40 },
      { head: 49, lowest: 1 },
    ]
    assert.deepEqual(await catchUp(1, peers), {
      height: 49,
      wanted: [],
      spurned: [],
      blamed: [],
    })
  })

  it('takes a snapshot where nobody keeps them, and leaves the blocks after it to the next run', async () => {
    const peers = [
      { head: 50, lowest: 40 },
      { head: 50, lowest: 30 },
    ]
    assert.deepEqual(await catchUp(1, peers, 45), {
      height: 45,
      wanted: [2],
      spurned: [],
      blamed: [],
    })
  })

  it('takes none where nobody is ahead', async () => {
    assert.deepEqual(await catchUp(9, [{ head: 9, lowest: 5 }]), {
      height: 9,
      wanted: [],
      spurned: [],
      blamed: [],
    })
  })
})

function agentAt(index: number): AgentId {
  return createNobleSigner(secretKeyOf('catch-up', index)).agent
}
