import {
  createHost,
  createLocalGenesis,
  createLocalSigners,
  createNodeVerify,
  type Host,
} from '@commonweal/node'
import { networkIdOf, open, present, type Signer, seal, secretKeyOf } from '@commonweal/protocol'
import { type BareNode, createBareNode } from './bare-node.ts'
import { medianOf } from './median.ts'

const NODES = 5
const TOPIC = 'commonweal/bench'
/** Messages that every node publishes before all wait for the last delivery. */
const BURST = 25
const BURSTS = 8
const PAIRS = 5
/** Of a message's envelope, as the limit was measured with. */
const MESSAGE_BYTES = 512

export interface DeliveryFigure {
  readonly nodes: number
  readonly messageBytes: number
  readonly barePerSecond: number
  readonly nodePerSecond: number
  readonly ratio: number
}

/** A group of connected nodes, of either kind, as the measurement drives it. */
interface Group {
  publish(node: number, bytes: Uint8Array): Promise<unknown>
  /** Called for each message that reaches a node which did not send it. */
  onDelivery(listener: () => void): void
  /** Whether every node has every other one in its mesh. */
  isMeshed(): boolean
  stop(): Promise<void>
}

/** Deliveries a second of five connected nodes, each message verified at each, against five bare gossipsub nodes, in turn. */
export async function measureDelivery(): Promise<DeliveryFigure> {
  const ours = await createOurs()
  const bare = await createBare()
  try {
    await waitUntil(() => ours.isMeshed() && bare.isMeshed())
    const supply = createSupply()
    await runBursts(ours, supply)
    await runBursts(bare, supply)
    const pairs: { ours: number; bare: number }[] = []
    for (let pair = 0; pair < PAIRS; pair += 1) {
      pairs.push({ ours: await runBursts(ours, supply), bare: await runBursts(bare, supply) })
    }
    return {
      nodes: NODES,
      messageBytes: MESSAGE_BYTES,
      barePerSecond: medianOf(pairs.map((pair) => pair.bare)),
      nodePerSecond: medianOf(pairs.map((pair) => pair.ours)),
      ratio: medianOf(pairs.map((pair) => pair.ours / pair.bare)),
    }
  } finally {
    await Promise.all([ours.stop(), bare.stop()])
  }
}

/** Signed before the clock runs, since the limit signs nothing: `node` is the author's index. */
type Supply = (node: number) => Uint8Array

async function runBursts(group: Group, supply: Supply): Promise<number> {
  const expected = NODES * BURST * (NODES - 1)
  let elapsedMs = 0
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const messages = Array.from({ length: NODES * BURST }, (_, index) => {
      const node = index % NODES
      return { node, bytes: supply(node) }
    })
    let count = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    group.onDelivery(() => {
      count += 1
      if (count === expected) resolve()
    })
    const startMs = performance.now()
    for (const { node, bytes } of messages) await group.publish(node, bytes)
    await promise
    elapsedMs += performance.now() - startMs
  }
  return (expected * BURSTS * 1000) / elapsedMs
}

const SEED = 'bench'
const genesis = createLocalGenesis({ nodes: NODES, seed: SEED })
const networkId = networkIdOf(genesis)

function createSupply(): Supply {
  const signers = createLocalSigners(SEED, NODES)
  let sequence = 0
  return (node) => {
    sequence += 1
    return sealPadded(present(signers[node], 'every node has a signer'), sequence)
  }
}

/** An `inform` as large as the measurement wants; its number makes it unlike any other. */
function sealPadded(signer: Signer, sequence: number): Uint8Array {
  const inform = (length: number) =>
    seal(
      {
        kind: 'inform',
        author: signer.agent,
        conversation: networkId,
        sequence,
        text: 'x'.repeat(length),
      },
      networkId,
      signer,
    ).envelope
  const bare = inform(0).length
  return inform(MESSAGE_BYTES - bare - 2)
}

async function createOurs(): Promise<Group> {
  const verify = createNodeVerify(64)
  const hosts: Host[] = []
  let listener = (): void => {}
  for (let index = 0; index < NODES; index += 1) {
    const host = await createHost({
      secretKey: secretKeyOf(SEED, index),
      networkId,
      bootNodes: hosts.flatMap((other) => other.addresses().slice(0, 1)),
    })
    host.onGossip('negotiation', (bytes) => {
      const opened = open(bytes, { networkId, verify })
      if (!opened.ok) return opened.error.verdict
      listener()
      return 'accept'
    })
    hosts.push(host)
  }
  return {
    publish: (node, bytes) => present(hosts[node], 'it exists').publish('negotiation', bytes),
    onDelivery: (next) => {
      listener = next
    },
    isMeshed: () =>
      hosts.every((host) => {
        const meshed = host.peers().filter((peer) => peer.mesh.includes('negotiation'))
        return meshed.length === NODES - 1
      }),
    stop: async () => {
      await Promise.all(hosts.map((host) => host.stop()))
    },
  }
}

async function createBare(): Promise<Group> {
  const nodes: BareNode[] = []
  let listener = (): void => {}
  for (let index = 0; index < NODES; index += 1) nodes.push(await createBareNode())
  for (const [index, node] of nodes.entries()) {
    node.services.gossip.subscribe(TOPIC)
    node.services.gossip.addEventListener('message', () => listener())
    for (const other of nodes.slice(0, index)) await node.dial(other.getMultiaddrs())
  }
  return {
    publish: (node, bytes) =>
      present(nodes[node], 'it exists').services.gossip.publish(TOPIC, bytes),
    onDelivery: (next) => {
      listener = next
    },
    isMeshed: () =>
      nodes.every((node) => node.services.gossip.getMeshPeers(TOPIC).length === NODES - 1),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 50))
}
