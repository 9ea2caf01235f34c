import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLocalGenesis } from '@commonweal/node/local'
import { present } from '@commonweal/protocol'
import { z } from 'zod'
import { checkNobodySlashed } from './agreement.ts'
import { LocalNetwork, type LocalNode } from './local-network.ts'
import { until } from './until.ts'

const OPTIONS = {
  nodes: 4,
  seed: 'absence',
  contract: 'none',
  rounds: 2,
  repeat: true,
} as const
const founded = createLocalGenesis(OPTIONS)
/** Nobody waits for the one that is away for longer than it must. */
const HEIGHTS = 8
const genesis = {
  ...founded,
  epochs: {
    ...founded.epochs,
    signalHeightsMax: HEIGHTS,
    sealHeightsMax: HEIGHTS,
    revealHeightsMax: HEIGHTS,
    beaconHeightsMax: HEIGHTS,
  },
}

const historySchema = z.object({
  missing: z.array(z.object({ first: z.int(), last: z.int() })),
})

async function missingOf(node: LocalNode): Promise<z.infer<typeof historySchema>['missing']> {
  return historySchema.parse(await node.get('/history')).missing
}

describe('a process that was away until nobody keeps the blocks that it lacks', () => {
  it('comes back by a snapshot though a peer lies to it, says what it passed over, and votes again', async () => {
    await using network = new LocalNetwork(OPTIONS, { genesis, agent: () => ({}) })
    const [away, liar, ...honest] = network.nodes
    assert.ok(away !== undefined && liar !== undefined)
    liar.change({ fault: { kind: 'lying-sync' } })
    const others = [liar, ...honest]
    for (const node of others) node.change({ keepEpochs: 2 })
    await network.start()
    await until('the first blocks are made', async () => (await away.status()).finalHeight > 3)
    await away.stop()
    const left = leftAt(away)
    await until('the others have pruned what it lacks', async () => {
      const all = await Promise.all(others.map(missingOf))
      return all.every(([first]) => (first?.last ?? 0) > left)
    })
    await away.start()
    const goal = Math.max(
      ...(await Promise.all(others.map(async (node) => (await node.status()).finalHeight))),
    )
    await until(
      'it stands where the others stand',
      async () => (await away.status()).finalHeight >= goal,
    )
    const [gap, ...more] = await missingOf(away)
    assert.equal(gap?.first, left + 1)
    assert.deepEqual(more, [])
    await until('the lies are held against the liar', async () => {
      const { refusals } = await away.status()
      return (refusals['bad-content'] ?? 0) + (refusals['bad-frame'] ?? 0) > 0
    })
    const grown = (await away.status()).finalHeight + 12
    await until('the network grows with it', async () => (await away.status()).finalHeight >= grown)
    for (const node of network.nodes) assert.equal(node.errors(), '')
    await Promise.all(network.nodes.map((node) => node.stop()))
    checkVotes(away, gap.last)
  })
})

function leftAt(node: LocalNode): number {
  const store = node.openStore()
  const { height } = present(store.head(), 'it made blocks').header
  store.close()
  return height
}

/** Certificates above this height have its signature, and nobody was slashed. */
function checkVotes(node: LocalNode, height: number): void {
  const store = node.openStore()
  try {
    const { header } = present(store.head(), 'it made blocks')
    checkNobodySlashed(store)
    const end = present(store.epochEnd(header.epoch - 1), 'an epoch has ended')
    const set = present(end.header.nextSet, 'the end of an epoch names the next set')
    const place = set.findIndex(({ agent }) => agent === node.agent)
    const heights = Array.from({ length: header.height - height }, (_, index) => height + 1 + index)
    const signed = heights.filter((at) => store.certificateAt(at)?.signers.includes(place) === true)
    assert.ok(signed.length > 0, 'it votes')
  } finally {
    store.close()
  }
}
