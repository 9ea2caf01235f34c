import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkWhatIsLeft } from './agreement.ts'
import { LocalNetwork } from './local-network.ts'
import { until } from './until.ts'

/** Longer than a minute, and than half of gossip's memory of what it has seen. */
const PARTITION_MS = Number(process.env['PARTITION_MS'] ?? 65_000)

describe('five processes, cut in two', () => {
  it('stop finalizing while neither side has a quorum, and go on once the cut heals', async () => {
    await using network = new LocalNetwork({
      nodes: 5,
      seed: 'partition',
      rounds: 4,
      repeat: true,
    })
    await network.start()
    const { nodes } = network
    const heights = async (): Promise<readonly number[]> => {
      const all = await Promise.all(nodes.map((node) => node.status()))
      return all.map(({ finalHeight }) => finalHeight)
    }
    await until('the network makes blocks', async () => Math.min(...(await heights())) >= 5)

    const [left, right] = [nodes.slice(0, 2), nodes.slice(2)]
    const cutAtMs = performance.now()
    await Promise.all([
      ...left.map((node) => node.post('/blocked', { peers: right.map(({ peerId }) => peerId) })),
      ...right.map((node) => node.post('/blocked', { peers: left.map(({ peerId }) => peerId) })),
    ])
    await until('nobody sees the other side', async () => {
      const all = await Promise.all(nodes.map((node) => node.status()))
      return all.every(({ peers }, index) => peers.length === (index < 2 ? 1 : 2))
    })
    const cut = await heights()
    await until(
      `the cut lasts ${PARTITION_MS} ms`,
      () => performance.now() - cutAtMs >= PARTITION_MS,
      2 * PARTITION_MS,
    )
    const stuck = await heights()
    // What was on its way when the links went down may still have come in on one side.
    assert.ok(Math.max(...stuck) <= Math.max(...cut) + 1, `${cut.join()} → ${stuck.join()}`)

    await Promise.all(nodes.map((node) => node.post('/blocked', { peers: [] })))
    const goal = Math.max(...stuck) + 10
    await until(
      'finality resumes on both sides',
      async () => Math.min(...(await heights())) >= goal,
    )
    for (const node of nodes) assert.equal(node.errors(), '')
    await checkWhatIsLeft(network)
  })
})
