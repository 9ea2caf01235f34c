import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Host } from './port.ts'
import { bytes, isLinked, TestNetwork, text, until } from './test-network.ts'
import { TransportError } from './transport-error.ts'

test('frames sent on the lasting stream arrive in order, identical ones each time', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  const received: string[] = []
  b.onSend('consensus', (frame, from) => {
    assert.equal(from, a.peerId)
    received.push(text(frame))
  })
  const sent = Array.from({ length: 200 }, (_, index) => `vote ${Math.floor(index / 2)}`)
  for (const frame of sent) await a.send(b.peerId, 'consensus', bytes(frame))
  await until('all arrived', () => received.length === sent.length)
  assert.deepEqual(received, sent)
})

test('a frame at the limit is sent, one above it and one to a stranger are refused', async () => {
  await using network = new TestNetwork()
  const limits = { sendBytesMax: 300_000 }
  const [a, b] = await network.pair({ limits }, { limits })
  let received = 0
  b.onSend('consensus', (frame) => {
    received = frame.length
  })
  await a.send(b.peerId, 'consensus', new Uint8Array(300_000))
  await until('the largest frame arrived', () => received === 300_000)
  await assert.rejects(a.send(b.peerId, 'consensus', new Uint8Array(300_001)), isCode('too-large'))
  await assert.rejects(a.send('nobody', 'consensus', bytes('x')), isCode('not-connected'))
})

test('a peer that sends a larger frame than we read pays for it', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair({}, { limits: { sendBytesMax: 1_000 } })
  const received: string[] = []
  b.onSend('consensus', (frame) => received.push(text(frame)))
  await a.send(b.peerId, 'consensus', new Uint8Array(1_001))
  await until('it cost reputation', () => (b.peers()[0]?.reputation ?? 0) < 0)
  // What is under way when a stream breaks is lost, as with any stream; the sender says it again.
  await until('the stream was opened again', () => {
    void a.send(b.peerId, 'consensus', bytes('small'))
    return received.length > 0
  })
  assert.deepEqual(new Set(received), new Set(['small']))
})

test('signals have limits of their own, for whoever is admitted may send them', async () => {
  await using network = new TestNetwork()
  const nowMs = (): number => 0
  const [a, b] = await network.pair({}, { limits: { signalBurst: 10 }, nowMs })
  const received: number[] = []
  b.onSend('signal', (frame) => received.push(frame.length))
  b.onRequest(async function* () {})
  await a.send(b.peerId, 'signal', new Uint8Array(32 * 1024))
  const larger = a.send(b.peerId, 'signal', new Uint8Array(32 * 1024 + 1))
  await assert.rejects(larger, isCode('too-large'))
  for (let count = 0; count < 20; count += 1) await a.send(b.peerId, 'signal', bytes('x'))
  await until('the burst arrived', () => received.length === 10)
  // Whatever else is under way on the connection has arrived by the time it has answered this often.
  for (let round = 0; round < 20; round += 1) await collect(a.request(b.peerId, bytes('?')))
  assert.deepEqual(received, [32 * 1024, ...Array.from({ length: 9 }, () => 1)])
})

test('a peer that sends a larger signal than we read pays for it', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair({ limits: { signalBytesMax: 1024 * 1024 } })
  let received = 0
  b.onSend('signal', () => (received += 1))
  await a.send(b.peerId, 'signal', new Uint8Array(32 * 1024 + 1))
  await until('it cost reputation', () => (b.peers()[0]?.reputation ?? 0) < 0)
  assert.equal(received, 0)
})

test('a reader at its rate limit takes no more, and loses nothing', async () => {
  await using network = new TestNetwork()
  let nowMs = 0
  const limits = { sendRatePerSecond: 1_000, sendBurst: 10 }
  const [a, b] = await network.pair({}, { limits, nowMs: () => nowMs })
  const received: string[] = []
  b.onSend('consensus', (frame) => received.push(text(frame)))
  b.onRequest(async function* () {})
  const sent = Array.from({ length: 100 }, (_, index) => `${index}`)
  for (const frame of sent) await a.send(b.peerId, 'consensus', bytes(frame))
  await until('the burst arrived', () => received.length === 10)
  // Whatever else is under way on the connection has arrived by the time it has answered this often.
  for (let round = 0; round < 20; round += 1) await collect(a.request(b.peerId, bytes('?')))
  assert.equal(received.length, 10)
  nowMs = 1_000_000
  await until('the next burst arrived', () => received.length === 20)
  await until('all arrived', () => {
    nowMs += 1
    return received.length === sent.length
  })
  assert.deepEqual(received, sent)
})

test('a response streams frame by frame, and its end is its end', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  b.onRequest(async function* (request, from) {
    assert.equal(from, a.peerId)
    for (const word of text(request).split(' ')) yield bytes(word)
    yield new Uint8Array(0)
  })
  const frames = await collect(a.request(b.peerId, bytes('one two three')))
  assert.deepEqual(frames.map(text), ['one', 'two', 'three', ''])
})

test('a slow reader holds the responder back', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  const frameBytes = 64 * 1_024
  const frameCount = 400
  let produced = 0
  b.onRequest(async function* () {
    for (; produced < frameCount; produced += 1) {
      yield new Uint8Array(frameBytes)
      await turn()
    }
  })
  const frames = a.request(b.peerId, bytes('all'))[Symbol.asyncIterator]()
  assert.equal((await frames.next()).done, false)
  // The responder has stopped when many turns of the loop bring nothing new.
  let before = -1
  for (let quiet = 0; quiet < 2_000; quiet += 1) {
    if (before !== produced) quiet = 0
    before = produced
    await turn()
  }
  assert.ok(produced * frameBytes < 2 * 1_024 * 1_024, `${produced} frames ran ahead of the reader`)
  let read = 1
  while ((await frames.next()).done !== true) read += 1
  assert.equal(read, frameCount)
})

test('a reader that stops early ends the response', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  let isEnded = false
  b.onRequest(async function* (_request, _from, signal) {
    signal.addEventListener('abort', () => {
      isEnded = true
    })
    for (;;) {
      yield new Uint8Array(1_024)
      await turn()
    }
  })
  for await (const _frame of a.request(b.peerId, bytes('endless'))) break
  await until('the responder was told', () => isEnded)
})

test('a response above what was asked for is refused at the reader, one at it is not', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  b.onRequest(async function* () {
    yield new Uint8Array(600)
    yield new Uint8Array(400)
  })
  assert.equal((await collect(a.request(b.peerId, bytes('x'), { sizeMax: 1_000 }))).length, 2)
  const tooSmall = collect(a.request(b.peerId, bytes('x'), { sizeMax: 999 }))
  await assert.rejects(tooSmall, isCode('too-large'))
})

test('a responder refuses with a code: above its rate, its number, its size, and when it fails', async () => {
  await using network = new TestNetwork()
  const limits = {
    requestRatePerSecond: 0.001,
    requestBurst: 5,
    responsesPerPeerMax: 1,
    responseBytesMax: 1_000,
  }
  const [a, b] = await network.pair({}, { limits })
  const gate = Promise.withResolvers<void>()
  b.onRequest(async function* (request) {
    const wish = text(request)
    if (wish === 'fail') throw new Error('the disk is on fire')
    yield new Uint8Array(wish === 'large' ? 1_001 : 1_000)
    if (wish === 'wait') await gate.promise
  })
  await assert.rejects(collect(a.request(b.peerId, bytes('large'))), isRefused('too-large'))
  await assert.rejects(collect(a.request(b.peerId, bytes('fail'))), isRefused('failed'))
  const waiting = a.request(b.peerId, bytes('wait'))[Symbol.asyncIterator]()
  await waiting.next()
  await assert.rejects(collect(a.request(b.peerId, bytes('x'))), isRefused('busy'))
  gate.resolve()
  assert.equal((await waiting.next()).done, true)
  assert.equal((await collect(a.request(b.peerId, bytes('x')))).length, 1)
  await assert.rejects(collect(a.request(b.peerId, bytes('x'))), isRefused('rate-limited'))
})

test('a request that nobody answers times out; one that is called off ends; one too large is not sent', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair({ limits: { requestBytesMax: 100 } })
  const never = new Promise<never>(() => {})
  // oxlint-disable-next-line require-yield
  b.onRequest(async function* () {
    await never
  })
  const late = collect(a.request(b.peerId, bytes('x'), { timeoutMs: 50 }))
  await assert.rejects(late, isCode('timeout'))
  const controller = new AbortController()
  const off = collect(a.request(b.peerId, bytes('x'), { signal: controller.signal }))
  controller.abort()
  await assert.rejects(off, isCode('aborted'))
  await assert.rejects(collect(a.request(b.peerId, new Uint8Array(101))), isCode('too-large'))
  assert.throws(() => a.request('nobody', bytes('x')), isCode('not-connected'))
})

test('a request under way ends with its code when the peer leaves or the host stops', async () => {
  await using network = new TestNetwork()
  const [a, b] = await network.pair()
  const never = new Promise<never>(() => {})
  b.onRequest(async function* () {
    yield bytes('first')
    await never
  })
  const first = a.request(b.peerId, bytes('x'))[Symbol.asyncIterator]()
  await first.next()
  b.setBlocked([a.peerId])
  await assert.rejects(first.next(), isCode('stream-failed'))
  b.setBlocked([])
  await until('they are linked again', () => isLinked(a, b) && isLinked(b, a))
  const second = a.request(b.peerId, bytes('x'))[Symbol.asyncIterator]()
  await second.next()
  const rejected = assert.rejects(second.next(), isCode('stopped'))
  await a.stop()
  await rejected
})

test('a host that has stopped says so', async () => {
  await using network = new TestNetwork()
  const host: Host = await network.host(0)
  await host.stop()
  await host.stop()
  await assert.rejects(host.publish('negotiation', bytes('x')), isCode('stopped'))
})

async function collect(frames: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const frame of frames) all.push(frame)
  return all
}

function isCode(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof TransportError, String(error))
    assert.equal(error.code, code)
    return true
  }
}

function isRefused(reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof TransportError, String(error))
    assert.deepEqual([error.code, error.facts['reason']], ['refused', reason])
    return true
  }
}
