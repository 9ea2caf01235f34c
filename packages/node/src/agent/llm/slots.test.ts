import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Slots } from './slots.ts'

const FOR_EVER: AbortSignal = new AbortController().signal

describe('the slots of a process', () => {
  it('let no more calls run than there are, first come first served', async () => {
    const slots = new Slots(2)
    const started: number[] = []
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const works = gates.map(({ promise }, index) =>
      slots.run(FOR_EVER, async () => {
        started.push(index)
        await promise
      }),
    )
    await turnOver()
    assert.deepEqual(started, [0, 1])
    gates[1]?.resolve()
    await turnOver()
    assert.deepEqual(started, [0, 1, 2])
    for (const { resolve } of gates) resolve()
    await Promise.all(works)
    assert.deepEqual(started, [0, 1, 2, 3, 4])
  })

  it('let no more calls run where who comes back at once meets who waits', async () => {
    const slots = new Slots(1)
    let running = 0
    let most = 0
    const call = (): Promise<void> =>
      slots.run(FOR_EVER, async () => {
        running += 1
        most = Math.max(most, running)
        await turnOver()
        running -= 1
      })
    const again = async (): Promise<void> => {
      for (let count = 0; count < 4; count++) await call()
    }
    await Promise.all([again(), again(), again()])
    assert.equal(most, 1)
  })

  it('are given back by work that fails, and not taken by who gave up waiting', async () => {
    const slots = new Slots(1)
    const gate = Promise.withResolvers<void>()
    const first = slots.run(FOR_EVER, () => gate.promise)
    const quitter = new AbortController()
    const second = slots.run(quitter.signal, async () => 'never')
    const third = slots.run(FOR_EVER, async () => 'third')
    quitter.abort(new Error('gave up'))
    await assert.rejects(second, /gave up/)
    gate.reject(new Error('broke'))
    await assert.rejects(first, /broke/)
    assert.equal(await third, 'third')
  })
})

async function turnOver(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}
