import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present } from '@commonweal/protocol'
import { createRandom } from '../random.ts'
import { checkWhatIsLeft } from './agreement.ts'
import { LocalNetwork } from './local-network.ts'
import { until } from './until.ts'

const SEED = process.env['KILL_SEED'] ?? '1'
const MOMENTS = 20
/** Longest pause before a kill: a little more than a block, so that every step of making one is hit. */
const PAUSE_MS_MAX = 160

describe('five processes, one of them killed at any moment', () => {
  it(`catch up, never contradict themselves, and reach the same state (KILL_SEED=${SEED})`, async () => {
    await using network = new LocalNetwork({
      nodes: 5,
      seed: `kill-nine-${SEED}`,
      rounds: 4,
      repeat: true,
    })
    await network.start()
    const random = createRandom(SEED)
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const victim = present(network.nodes[random(5)], 'one of five')
      const others = network.nodes.filter((node) => node !== victim)
      const before = await heightOf(others)
      await until('the network makes blocks', async () => (await heightOf(others)) > before)
      await pause(random(PAUSE_MS_MAX))
      await victim.kill()
      const gone = await heightOf(others)
      const goOn = gone + 1 + random(4)
      await until('four go on without the fifth', async () => (await heightOf(others)) >= goOn)
      await victim.start()
      const target = await heightOf(others)
      await until(`${victim.name} catches up after kill ${moment}`, async () => {
        return (await victim.status()).finalHeight >= target
      })
      for (const node of network.nodes) assert.equal(node.errors(), '')
    }
    const { height } = await checkWhatIsLeft(network)
    assert.ok(height > MOMENTS, `the chain grew to ${height}`)
  })
})

async function heightOf(nodes: readonly LocalNetwork['nodes'][number][]): Promise<number> {
  const statuses = await Promise.all(nodes.map((node) => node.status()))
  return Math.min(...statuses.map(({ finalHeight }) => finalHeight))
}

/** Part of the schedule of faults: nothing waits for it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
