import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { concat } from 'uint8arrays'
import { until } from '../e2e/until.ts'
import { NetworkUnderTest } from './network-under-test.ts'
import { CONSENSUS, HELLO, OutsidePeer, SYNC } from './outside-peer.ts'

/** Every protocol that a node answers. */
const PROTOCOLS = [
  HELLO,
  CONSENSUS,
  SYNC,
  '/meshsub/1.2.0',
  '/meshsub/1.0.0',
  '/ipfs/id/1.0.0',
  '/ipfs/ping/1.0.0',
]

/** How long a pong may take: a ping with no limit waits for ever where the node hangs up on it. */
const PONG_MS = 10_000

/** What is written before the stream is closed. */
const GARBAGE: readonly { readonly name: string; readonly of: (seed: string) => Uint8Array }[] = [
  { name: 'noise', of: (seed) => noiseOf(seed, 5_000) },
  { name: 'frames of noise', of: (seed) => frames(seed, [1, 31, 126, 1_000]) },
  { name: 'empty frames', of: () => new Uint8Array(64) },
  { name: 'half a frame', of: (seed) => concat([Uint8Array.of(100), noiseOf(seed, 50)]) },
  { name: 'a length without an end', of: () => new Uint8Array(32).fill(0xff) },
  {
    name: 'a length of eight petabytes',
    of: () => concat([new Uint8Array(7).fill(0xff), Uint8Array.of(0x0f)]),
  },
  {
    name: 'text',
    of: () => concat([Uint8Array.of(17), new Uint8Array(Buffer.from('GET / HTTP/1.1\r\n\r'))]),
  },
  { name: 'nothing', of: () => new Uint8Array(0) },
]

describe('garbage', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('garbage', {
      limits: { watchdogTickMs: 100, helloTimeoutMs: 1_000 },
    })
  })
  after(() => network[Symbol.asyncDispose]())

  for (const protocol of PROTOCOLS) {
    it(`on ${protocol} troubles nobody, before the handshake and after it`, async () => {
      await Promise.all(
        GARBAGE.map(async ({ name, of }, index) => {
          await using peer = await OutsidePeer.start(network)
          const node = network.node(index % network.nodes.length)
          await peer.dial(node)
          await spill(peer, node, protocol, of(`${protocol} ${name} before`))
          if (await peer.isLetIn(node)) {
            await spill(peer, node, protocol, of(`${protocol} ${name} after`))
          }
        }),
      )
      await network.checkHealth()
    })
  }

  it('in place of the encryption is hung up on', async () => {
    for (const { name, of } of GARBAGE) {
      const [address = ''] = network.node(0).addresses()
      const socket = connect({ host: '127.0.0.1', port: Number(address.split('/')[4]) })
      socket.on('error', () => {})
      socket.end(of(name))
      await new Promise((resolve) => socket.once('close', resolve))
    }
    await network.checkHealth()
  })

  it('is counted by code and held against who sent it', async () => {
    await using peer = await OutsidePeer.start(network)
    await peer.join(...network.nodes)
    for (const node of network.nodes) {
      const initial = total(network, node)
      await peer.send(node, noiseOf('counted', 100), noiseOf('counted too', 200))
      await peer.ask(node, noiseOf('asked', 60))
      await until('all three are refused', () => total(network, node) >= initial + 3)
      await until('all three cost', () => network.hasLost(5 + 5 + 20, peer.peerId, node))
    }
    await network.checkHealth()
  })
})

async function spill(
  peer: OutsidePeer,
  node: NetworkUnderTest['nodes'][number],
  protocol: string,
  bytes: Uint8Array,
): Promise<void> {
  try {
    const stream = await peer.open(node, protocol)
    stream.send(bytes)
    void stream.close().catch(() => undefined)
    // What was sent before it is there when a ping is answered.
    await peer.libp2p.services.ping.ping(peer.connectionTo(node).remotePeer, {
      signal: AbortSignal.timeout(PONG_MS),
    })
  } catch {
    // The node has had enough of it.
  }
}

/** Of what says that bytes are no message, frame or request. */
function total(network: NetworkUnderTest, node: NetworkUnderTest['nodes'][number]): number {
  const codes = ['malformed', 'non-canonical', 'bad-shape', 'too-deep', 'bad-sync-request']
  return codes.reduce((sum, code) => sum + network.refusals(code, node), 0)
}

function frames(seed: string, sizes: readonly number[]): Uint8Array {
  return concat(
    sizes.flatMap((size) => [
      size < 128 ? Uint8Array.of(size) : Uint8Array.of((size % 128) + 128, Math.floor(size / 128)),
      noiseOf(`${seed} ${size}`, size),
    ]),
  )
}

/** Bytes that are the same in every run. */
function noiseOf(seed: string, size: number): Uint8Array {
  return createHash('shake256', { outputLength: size }).update(seed).digest()
}
