import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { JOIN_PEERS_MAX, type Node } from '@commonweal/node'
import { until } from '../e2e/until.ts'
import { NetworkUnderTest } from './network-under-test.ts'

const HONEST = 4
/** How long a newcomer waits for peers that tell the truth. */
const PATIENCE_MS = 3_000

describe('a node that surrounds a newcomer with names of its own', () => {
  let network: NetworkUnderTest
  let honest: readonly Node[] = []
  let eclipser: Node
  before(async () => {
    network = await NetworkUnderTest.start('eclipse', { nodes: HONEST })
    honest = network.nodes.slice()
    eclipser = await network.startNode(HONEST, {
      fault: { kind: 'eclipse', fromEpoch: 1, spellMs: 1 },
      votes: false,
    })
    await until('it has an old chain to show', () =>
      [...honest, eclipser].every((node) => node.store.epochEnd(2) !== undefined),
    )
  })
  after(() => network[Symbol.asyncDispose]())

  const join = (index: number, bootNodes: readonly string[]): Promise<Node> =>
    network.startNode(HONEST + index, {
      bootNodes,
      join: { checkpoint: null, headCountMin: 1, patienceMs: PATIENCE_MS },
      votes: false,
    })

  it('has more of them than a newcomer compares', () => {
    assert.ok(eclipser.addresses().length > JOIN_PEERS_MAX)
  })

  it('does not keep it from the chain where it knows one honest peer', async () => {
    const [known] = honest
    const newcomer = await join(1, [...eclipser.addresses(), ...(known?.addresses() ?? [])])
    const goal = known?.status().finalHeight ?? Number.POSITIVE_INFINITY
    await until('it follows', () => newcomer.status().finalHeight >= goal)
    assert.deepEqual(newcomer.store.finalBlock(goal)?.header, known?.store.finalBlock(goal)?.header)
    for (const { codes } of newcomer.status().offenders) {
      assert.deepEqual(Object.keys(codes), ['bad-content'])
    }
  })

  it('is believed by nobody who knows nobody else: the newcomer says that it cannot join', async () => {
    await assert.rejects(join(2, eclipser.addresses()), {
      name: 'JoinError',
      code: 'too-few-peers',
    })
  })
})
