import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host } from './port.ts'
import type { TestHost } from './test-network.ts'
import { bytes, isLinked, TestNetwork, text, until } from './test-network.ts'

/** A watchdog that need not be waited for long. */
const QUICK = { watchdogTickMs: 50, negotiationTimeoutMs: 200 }

test('an oversized frame does not leave the pair deaf', async () => {
  await using network = new TestNetwork()
  const small = { ...QUICK, gossipFrameBytesMax: 4_096, gossipBytesMax: 4_000 }
  const [a, b] = await network.pair({ limits: small }, { limits: QUICK })
  const heard = record(a)
  await b.publish('negotiation', new Uint8Array(8_192).fill(1))
  await until('the link broke', () => !isLinked(a, b))
  await until('the link healed', () => isLinked(a, b) && isLinked(b, a))
  await b.publish('negotiation', bytes('still there?'))
  await until('the next message was heard', () => heard.length > 0)
  assert.deepEqual(heard, ['still there?'])
})

test('a gossip stream that overflowed is opened again, and the connection stays', async () => {
  await using network = new TestNetwork()
  const limits = { ...QUICK, watchdogBadTicks: 1_000_000 }
  const narrow = { ...limits, gossipBacklogBytesMax: 1_024 }
  const [a, b] = await network.pair({ limits: narrow }, { limits })
  const heard = record(b)
  const large = Array.from({ length: 12 }, (_, index) => new Uint8Array(100_000).fill(index))
  await Promise.all(large.map((message) => a.publish('transactions', message)))
  await until('the stream overflowed', () => !isLinked(a, b))
  await until('the stream was opened again', () => isLinked(a, b) && isLinked(b, a))
  await a.publish('negotiation', bytes('still there?'))
  await until('the next message was heard', () => heard.length === 1)
  assert.deepEqual(
    [...a.events, ...b.events].map((event) => event.kind),
    ['up', 'up'],
  )
})

test('hosts that dial one another at the same instant end with gossip both ways on one connection', async () => {
  await using network = new TestNetwork()
  const limits = { ...QUICK, dialDeferMs: 0 }
  const hosts: TestHost[] = []
  for (let index = 0; index < 6; index += 1) hosts.push(await network.host(index, { limits }))
  const pairs = hosts.flatMap((host) =>
    hosts.filter((o) => o !== host).map((o) => [host, o] as const),
  )
  await Promise.allSettled(pairs.map(([host, other]) => host.connect(String(other.addresses()[0]))))
  await until('all are linked both ways', () =>
    pairs.every(([host, other]) => isLinked(host, other)),
  )
  await until('one connection is left of each pair', () =>
    hosts.every((host) => host.peers().every((peer) => peer.connectionCount === 1)),
  )
  await until('all are linked on it', () => pairs.every(([host, other]) => isLinked(host, other)))
  const heard = hosts.map(record)
  for (const host of hosts) await host.publish('negotiation', bytes(host.peerId))
  await until('all heard all', () => heard.every((messages) => messages.length === 5))
})

test('a boot node that was restarted is found again by everyone', async () => {
  await using network = new TestNetwork()
  const boot = await network.host(0, { limits: QUICK })
  const bootNodes = boot.addresses()
  const one = await network.host(1, { bootNodes, limits: QUICK })
  const two = await network.host(2, { bootNodes, limits: QUICK })
  await until('both are linked', () => isLinked(one, boot) && isLinked(two, boot))
  await boot.stop()
  await until('both lost it', () => one.peers().length + two.peers().length === 0)
  const listen = bootNodes.map((address) => address.replace(/\/p2p\/.*$/, ''))
  const again = await network.host(0, { listen, limits: QUICK })
  await until('both are linked again', () =>
    [one, two].every((host) => isLinked(host, again) && isLinked(again, host)),
  )
  const heard = record(two)
  record(again)
  await one.publish('negotiation', bytes('hello again'))
  await until('a message went through it', () => heard.length === 1)
})

test('a peer that dialled us is dialled by us after it is lost', async () => {
  await using network = new TestNetwork()
  const hosts = [await network.host(0, { limits: QUICK }), await network.host(1, { limits: QUICK })]
  const [low, high] = hosts.toSorted((a, b) => (a.peerId < b.peerId ? -1 : 1))
  assert.ok(low !== undefined && high !== undefined)
  await high.connect(String(low.addresses()[0]))
  await until('they are linked', () => isLinked(low, high) && isLinked(high, low))
  assert.equal(low.peers()[0]?.direction, 'inbound')
  high.setBlocked([low.peerId])
  await until('they are apart', () => low.peers().length === 0)
  high.setBlocked([])
  await until('they are linked again', () => isLinked(low, high) && isLinked(high, low))
  assert.deepEqual(
    low.events.map((event) => event.kind),
    ['up', 'down', 'up'],
  )
})

test('blocked peers are cut off, and messages flow again when the block is lifted', async () => {
  await using network = new TestNetwork()
  const hosts: TestHost[] = []
  for (let index = 0; index < 4; index += 1) {
    const bootNodes = hosts.flatMap((host) => host.addresses())
    hosts.push(await network.host(index, { bootNodes, limits: QUICK }))
  }
  const heard = hosts.map(record)
  const all = hosts.flatMap((host) =>
    hosts.filter((o) => o !== host).map((o) => [host, o] as const),
  )
  await until('all are linked', () => all.every(([host, other]) => isLinked(host, other)))
  const [a, b, c, d] = hosts
  assert.ok(a !== undefined && b !== undefined && c !== undefined && d !== undefined)
  for (const host of [a, b]) host.setBlocked([c.peerId, d.peerId])
  await until('the halves are apart', () => hosts.every((host) => host.peers().length === 1))
  await a.publish('negotiation', bytes('this half only'))
  await until('the near half heard it', () => heard[1]?.length === 1)
  for (const host of [a, b]) host.setBlocked([])
  await until('all are linked again', () => all.every(([host, other]) => isLinked(host, other)))
  await d.publish('negotiation', bytes('both halves'))
  await until('everyone heard it', () =>
    [0, 1, 2].every((index) => heard[index]?.includes('both halves') === true),
  )
})

/** Accepts everything on the negotiation topic and keeps it. */
function record(host: Host): string[] {
  const heard: string[] = []
  host.onGossip('negotiation', (message) => {
    heard.push(text(message))
    return 'accept'
  })
  return heard
}
