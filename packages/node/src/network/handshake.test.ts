import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { GossipSub } from '@chainsafe/libp2p-gossipsub'
import { gossipsub, StrictNoSign } from '@chainsafe/libp2p-gossipsub'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import type { Ping } from '@libp2p/ping'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { readFrames, writeFrames } from './frames.ts'
import { HELLO_PROTOCOL } from './handshake.ts'
import { decodeHelloFrame, encodeHelloFrame } from './hello.ts'
import type { PeerEvent } from './port.ts'
import type { TestHost } from './test-network.ts'
import { bytes, NETWORK_ID, TestNetwork, until } from './test-network.ts'
import { computeGossipId, formatTopic } from './topics.ts'
import { TransportError } from './transport-error.ts'

/** A peer id that no host here has. */
const NOBODY = '12D3KooWCu2sMmJtNdzJcTkvUPDmbYjzRNeGqzaAmBUmzpRqR9NU'
const OTHER_NETWORK_ID = `bafyrei${'b'.repeat(52)}`

test('a peer is up, with its hello, once both sides have agreed', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair({ height: () => 12, name: 'demo' }, { height: () => 7 })
  assert.deepEqual(b.peers()[0]?.hello, {
    networkId: NETWORK_ID,
    protocolVersion: 1,
    name: 'demo',
    height: 12,
  })
  assert.equal(a.peers()[0]?.hello.height, 7)
  assert.deepEqual(
    a.events.map((event) => event.kind),
    ['up'],
  )
})

test('a peer of another network is refused, and both sides learn why', async () => {
  await using network = new TestNetwork()
  const host = await network.host(0, { name: 'ours' })
  const stranger = await network.host(1, { networkId: OTHER_NETWORK_ID, name: 'theirs' })
  await assert.rejects(stranger.connect(String(host.addresses()[0])), (error) => {
    assert.ok(error instanceof TransportError)
    assert.equal(error.code, 'refused')
    assert.equal(error.facts['reason'], 'foreign-network')
    assert.match(error.message, /network bafyreia+ \(ours\), this node of bafyreib+ \(theirs\)/)
    return true
  })
  await until('the host has refused', () => host.events.length > 0)
  const [ours] = refusals(host)
  const [theirs] = refusals(stranger)
  assert.deepEqual([ours?.code, ours?.by], ['foreign-network', 'us'])
  assert.equal(ours?.theirs?.networkId, OTHER_NETWORK_ID)
  assert.deepEqual([theirs?.code, theirs?.by], ['foreign-network', 'them'])
  assert.equal(theirs?.theirs?.networkId, NETWORK_ID)
  assert.deepEqual([host.peers().length, stranger.peers().length], [0, 0])
})

test('a refused peer is left alone while others are dialled on', async () => {
  await using network = new TestNetwork()
  const host = await network.host(0)
  let dialCount = 0
  const broken = createServer((socket) => {
    dialCount += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(broken, 'listening')
  const address = broken.address()
  assert.ok(typeof address === 'object' && address !== null)
  const stranger = await network.host(1, {
    protocolVersion: 2,
    bootNodes: [...host.addresses(), `/ip4/127.0.0.1/tcp/${address.port}/p2p/${NOBODY}`],
    limits: { redialMsMin: 1, redialMsMax: 1, dialDeferMs: 0 },
  })
  await until('the broken one was dialled many times', () => dialCount >= 20)
  assert.deepEqual(
    refusals(stranger).map((refusal) => refusal.code),
    ['protocol-version'],
  )
  assert.equal(refusals(host).length, 1)
  broken.close()
})

test('a peer that says nothing is hung up on', async () => {
  await using network = new TestNetwork()
  const host = await network.host(0, { limits: { helloTimeoutMs: 50 } })
  await using bare = await createBare()
  await bare.libp2p.dial(multiaddr(host.addresses()[0]))
  await until('the host has refused', () => host.events.length > 0)
  assert.equal(refusals(host)[0]?.code, 'handshake-timeout')
  await until('the bare peer is hung up on', () => bare.libp2p.getConnections().length === 0)
})

test('a hello that is none is refused with its code, at the limit of its size and above', async () => {
  await using network = new TestNetwork()
  const host = await network.host(0, { limits: { helloBytesMax: 256 } })
  await using bare = await createBare()
  for (const [size, answer] of [
    [256, 'malformed-hello'],
    [257, 'reset'],
  ] as const) {
    const connection = await bare.libp2p.dial(multiaddr(host.addresses()[0]), { force: true })
    const stream = await connection.newStream([HELLO_PROTOCOL])
    const limits = { frameBytesMax: 1_024, signal: AbortSignal.timeout(5_000) }
    await writeFrames(stream, [new Uint8Array(size)], limits)
    const reply = await readFrames(stream, limits)
      .next()
      .catch(() => undefined)
    const frame = reply?.done === false ? decodeHelloFrame(reply.value) : undefined
    assert.equal(frame?.refusal ?? 'reset', answer)
    await until('the host hung up', () => connection.status !== 'open')
  }
  assert.deepEqual(
    refusals(host).map((refusal) => refusal.code),
    ['malformed-hello'],
  )
})

test('gossip of a peer that has not passed the handshake is not heard; after it, it is', async () => {
  await using network = new TestNetwork()
  const host = await network.host(0)
  let heardCount = 0
  host.onGossip('negotiation', () => {
    heardCount += 1
    return 'accept'
  })
  const topic = formatTopic(NETWORK_ID, 'negotiation')
  await using bare = await createBare()
  const connection = await bare.libp2p.dial(multiaddr(host.addresses()[0]))
  bare.gossip.subscribe(topic)
  await until('the bare peer has opened its gossip stream', () => hasGossip(connection, 'outbound'))
  // Whatever the host does with a stream, it has done it by the time it has answered this often.
  for (let round = 0; round < 20; round += 1) await bare.ping.ping(connection.remotePeer)
  assert.equal(hasGossip(connection, 'inbound'), false)
  assert.deepEqual([host.peers().length, heardCount], [0, 0])

  const stream = await connection.newStream([HELLO_PROTOCOL])
  const limits = { frameBytesMax: 1_024, signal: AbortSignal.timeout(5_000) }
  const hello = { networkId: NETWORK_ID, protocolVersion: 1, name: '', height: 0 }
  const answers = readFrames(stream, limits)
  await writeFrames(stream, [encodeHelloFrame({ hello })], limits)
  assert.equal((await answers.next()).done, false)
  await writeFrames(stream, [encodeHelloFrame({})], limits)
  await until('gossip opened', () => bare.gossip.getSubscribers(topic).length === 1)
  await bare.gossip.publish(topic, bytes('let me in, please'))
  await until('the message was heard', () => heardCount === 1)
})

function hasGossip(connection: Connection, direction: 'inbound' | 'outbound'): boolean {
  return connection.streams.some(
    (stream) => stream.direction === direction && stream.protocol.startsWith('/meshsub/'),
  )
}

function refusals(host: TestHost): Extract<PeerEvent, { kind: 'refused' }>['refusal'][] {
  return host.events.flatMap((event) => (event.kind === 'refused' ? [event.refusal] : []))
}

interface Bare extends AsyncDisposable {
  readonly libp2p: Libp2p
  readonly gossip: GossipSub
  readonly ping: Ping
}

/** libp2p as it comes, with gossip and without any of our protocols. */
async function createBare(): Promise<Bare> {
  const libp2p = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      ping: ping(),
      gossip: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        msgIdFn: (message) => computeGossipId(message.topic, message.data),
      }),
    },
  })
  return {
    libp2p,
    gossip: libp2p.services.gossip,
    ping: libp2p.services.ping,
    [Symbol.asyncDispose]: async () => libp2p.stop(),
  }
}
