import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Host, PeerView } from './port.ts'
import { bytes, isLinked, TestNetwork, text, until } from './test-network.ts'
import { TransportError } from './transport-error.ts'

test('a message reaches every host, once, and its author not at all', async () => {
  await using network = new TestNetwork()
  const first = await network.host(0)
  const hosts = [first]
  for (let index = 1; index < 5; index += 1) {
    hosts.push(await network.host(index, { bootNodes: hosts.flatMap((host) => host.addresses()) }))
  }
  const received = hosts.map(() => [] as string[])
  for (const [index, host] of hosts.entries()) {
    host.onGossip('negotiation', (message) => {
      received[index]?.push(text(message))
      return 'accept'
    })
  }
  await until('every host is linked to every other', () =>
    hosts.every((host) => hosts.every((other) => other === host || isLinked(host, other))),
  )
  for (const [index, host] of hosts.entries()) {
    await host.publish('negotiation', bytes(`from ${index}`))
  }
  await until('all arrived', () => received.every((messages) => messages.length >= 4))
  for (const [index, messages] of received.entries()) {
    const expected = hosts.map((_, author) => `from ${author}`).filter((_, a) => a !== index)
    assert.deepEqual(messages.toSorted(), expected)
  }
})

test('a message above the limit is refused before it is published, one at the limit is not', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  let received = 0
  b.onGossip('transactions', (message) => {
    received = message.length
    return 'accept'
  })
  const bytesMax = 128 * 1024
  await assert.rejects(
    a.publish('transactions', new Uint8Array(bytesMax + 1)),
    (error) => error instanceof TransportError && error.code === 'too-large',
  )
  await a.publish('transactions', new Uint8Array(bytesMax).fill(7))
  await until('the largest message arrived', () => received === bytesMax)
})

test('an ignored message is not relayed and costs nothing; a message without a validator likewise', async () => {
  await using network = new TestNetwork()
  const middle = await network.host(0)
  const bootNodes = middle.addresses()
  const author = await network.host(1, { bootNodes })
  const far = await network.host(2, { bootNodes })
  author.setBlocked([far.peerId])
  far.setBlocked([author.peerId])
  const heard: string[] = []
  middle.onGossip('negotiation', (message) => (text(message) === 'good' ? 'accept' : 'ignore'))
  far.onGossip('negotiation', (message) => {
    heard.push(text(message))
    return 'accept'
  })
  far.onGossip('transactions', (message) => {
    heard.push(text(message))
    return 'accept'
  })
  await until('the line is linked', () =>
    [author, far].every((end) => isLinked(middle, end) && isLinked(end, middle)),
  )
  await author.publish('transactions', bytes('nobody judges this'))
  await author.publish('negotiation', bytes('meh'))
  await author.publish('negotiation', bytes('good'))
  await until('the accepted message went through', () => heard.length > 0)
  assert.deepEqual(heard, ['good'])
  assert.equal(reputationOf(middle, author), 0)
})

test('rejected messages cost their sender score and reputation, and in the end the connection', async () => {
  await using network = new TestNetwork()
  const [judge, liar] = await network.pair()
  judge.onGossip('negotiation', () => 'reject')
  await liar.publish('negotiation', bytes('lie 0'))
  await until('the first lie was judged', () => reputationOf(judge, liar) < 0)
  await until('the score fell', () => (viewOf(judge, liar)?.score ?? 0) < 0)
  for (let index = 1; index < 25; index += 1)
    await liar.publish('negotiation', bytes(`lie ${index}`))
  await until('the liar was cut off', () => judge.peers().length === 0 && liar.peers().length === 0)
  await assert.rejects(liar.connect(String(judge.addresses()[0])))
  assert.equal(judge.peers().length, 0)
})

test('a peer that reconnects finds the reputation that it left', async () => {
  await using network = new TestNetwork()
  const [judge, peer] = await network.pair()
  judge.penalise(peer.peerId, 40, 'test')
  judge.setBlocked([peer.peerId])
  await until('the peer is gone', () => judge.peers().length === 0)
  judge.setBlocked([])
  await until('the peer is back', () => isLinked(judge, peer) && isLinked(peer, judge))
  const reputation = reputationOf(judge, peer)
  assert.ok(reputation < -39 && reputation >= -40, `${reputation}`)
  judge.ban(peer.peerId, 'test')
  await until('the peer is cut off', () => judge.peers().length === 0)
})

test('a flood above the rate is not judged and costs its sender', async () => {
  await using network = new TestNetwork()
  const limits = { gossipRatePerSecond: 1, gossipBurst: 5, floodPoints: 1 }
  const [judge, flooder] = await network.pair({ limits })
  let judged = 0
  judge.onGossip('negotiation', () => {
    judged += 1
    return 'accept'
  })
  for (let index = 0; index < 60; index += 1)
    await flooder.publish('negotiation', bytes(`${index}`))
  await until('the flood was noticed', () => reputationOf(judge, flooder) < -40)
  assert.ok(judged >= 5 && judged < 20, `${judged}`)
})

test('an address that does not say whom to expect is refused; where nobody listens, that is said', async () => {
  await using network = new TestNetwork()
  const badAddress = { name: 'TransportError', code: 'bad-address' }
  const host = await network.host(0)
  await assert.rejects(network.host(1, { bootNodes: ['/ip4/127.0.0.1/tcp/4001'] }), badAddress)
  await assert.rejects(host.connect('nowhere'), badAddress)
  const other = await network.host(2)
  const address = String(other.addresses()[0])
  await other.stop()
  await assert.rejects(host.connect(address), { name: 'TransportError', code: 'not-connected' })
})

function viewOf(host: Host, other: Host): PeerView | undefined {
  return host.peers().find((peer) => peer.peerId === other.peerId)
}

/** What `host` thinks of `other`; 1, which no reputation is, where they are not connected. */
function reputationOf(host: Host, other: Host): number {
  return viewOf(host, other)?.reputation ?? 1
}

test('a peer of an earlier run is dialled like a boot node, and trusted no more than a stranger', async () => {
  await using network = new TestNetwork()
  const [boot, known] = [await network.host(0), await network.host(1)]
  const host = await network.host(2, {
    bootNodes: boot.addresses(),
    knownPeers: known.addresses(),
  })
  await until('both are linked', () => isLinked(host, boot) && isLinked(host, known))
  const scoreOf = (of: Host): number =>
    host.peers().find(({ peerId }) => peerId === of.peerId)?.score ?? Number.NaN
  await until('the boot node has its score', () => scoreOf(boot) >= 100)
  assert.ok(scoreOf(known) < 100)
})
