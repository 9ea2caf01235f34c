import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type WatchedEvent, watchNetwork } from './network-watch.ts'
import type { NodeApi } from './node-api.ts'

/** What a chain did: two events at height 1, one at 2, two at 3. */
const CHAIN = [1, 1, 2, 3, 3].map((height, index) => ({
  kind: 'chain',
  height,
  event: { kind: 'run-ended', subnet: 'commons', run: index + 1 },
}))

/** A node that tells the chain above a height, and breaks off after some events. */
function createTeller(breakAfter: number, asked: string[]): NodeApi {
  return {
    get: () => Promise.reject(new Error('not asked')),
    post: () => Promise.reject(new Error('not asked')),
    async *events(path) {
      asked.push(path)
      const after = Number(path.split('=')[1])
      yield { kind: 'peer', status: 'up' }
      const told = CHAIN.filter(({ height }) => height > after)
      yield* told.slice(0, breakAfter)
      if (told.length > breakAfter) throw new Error('the node is gone')
    },
  }
}

async function watch(nodes: readonly NodeApi[]): Promise<readonly WatchedEvent[]> {
  const over = new AbortController()
  const told: WatchedEvent[] = []
  await watchNetwork({
    nodes: () => nodes,
    signal: over.signal,
    onEvent: (watched) => {
      told.push(watched)
      if (told.length === CHAIN.length) over.abort()
    },
  })
  return told
}

const runsOf = (told: readonly WatchedEvent[]) =>
  told.map(({ event }) => (event.kind === 'run-ended' ? event.run : 0))

test('the events of one node are told in order', async () => {
  assert.deepEqual(runsOf(await watch([createTeller(9, [])])), [1, 2, 3, 4, 5])
})

for (const breakAfter of [1, 2, 3, 4]) {
  test(`when a node is lost after ${breakAfter} events, the next one’s go on, none twice and none left out`, async () => {
    const asked: string[] = []
    const told = await watch([createTeller(breakAfter, asked), createTeller(9, asked)])
    assert.deepEqual(runsOf(told), [1, 2, 3, 4, 5])
    assert.equal(asked.length, 2)
  })
}

test('where no node is left, watching ends', async () => {
  await watchNetwork({
    nodes: () => [],
    signal: new AbortController().signal,
    onEvent: () => assert.fail('nothing is told'),
  })
})
