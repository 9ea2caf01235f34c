import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { impairHost, type LinkConditions } from './impaired-host.ts'
import { TestNetwork, until } from './test-network.ts'

const FAULTLESS: LinkConditions = { latencyMs: 0, jitterMs: 0, loss: 0 }
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('a host with worse links', () => {
  it('hears late what is late, so that a younger message overtakes an older one', async () => {
    await using network = new TestNetwork()
    const [a, b] = await network.pair()
    const delays = [1, 0]
    const conditions = { ...FAULTLESS, jitterMs: 300 }
    // Each message draws twice: whether it is lost, then how late it comes.
    const draws = delays.flatMap((delay) => [0.5, delay])
    const heard: string[] = []
    impairHost(b, conditions, () => draws.shift() ?? 0).onSend('consensus', (bytes) => {
      heard.push(textOf(bytes))
    })
    await a.send(b.peerId, 'consensus', bytesOf('first'))
    await a.send(b.peerId, 'consensus', bytesOf('second'))
    await until('both are heard', () => heard.length === 2)
    assert.deepEqual(heard, ['second', 'first'])
  })

  it('never hears what is lost, by gossip or directly', async () => {
    await using network = new TestNetwork()
    const [a, b] = await network.pair()
    const heard: string[] = []
    let draws = 0
    const lossy = impairHost(b, { ...FAULTLESS, loss: 0.5 }, () => {
      draws += 1
      return heard.length === 0 && draws <= 2 ? 0 : 0.9
    })
    lossy.onGossip('consensus', (bytes) => {
      heard.push(textOf(bytes))
      return 'accept'
    })
    lossy.onSend('consensus', (bytes) => void heard.push(textOf(bytes)))
    await a.publish('consensus', bytesOf('gossip that is lost'))
    await until('the first is judged', () => draws === 1)
    await a.send(b.peerId, 'consensus', bytesOf('a frame that is lost'))
    await until('the second is judged', () => draws === 2)
    await a.send(b.peerId, 'consensus', bytesOf('a frame that comes'))
    await until('one comes', () => heard.length > 0)
    assert.deepEqual(heard, ['a frame that comes'])
  })

  it('hears every signal, late: nobody would send it again', async () => {
    await using network = new TestNetwork()
    const [a, b] = await network.pair()
    const heard: string[] = []
    const lossy = impairHost(b, { latencyMs: 5, jitterMs: 0, loss: 1 }, () => 0)
    lossy.onSend('signal', (bytes) => void heard.push(textOf(bytes)))
    await a.send(b.peerId, 'signal', bytesOf('a signal'))
    await until('it is heard', () => heard.length > 0)
    assert.deepEqual(heard, ['a signal'])
  })
})
