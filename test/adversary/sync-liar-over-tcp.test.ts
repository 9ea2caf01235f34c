import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SYNC_LIES, type SyncLie } from '@commonweal/node/adversary'
import {
  decode,
  encode,
  type SyncFrame,
  type SyncRequest,
  syncFrameSchema,
  syncRequestSchema,
} from '@commonweal/protocol'
import { until } from '../e2e/until.ts'
import { NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

const SIZE_MAX = 1024 * 1024
/** Blocks that the liar claims beyond what anybody has: more than others come to have while they shake hands. */
const AHEAD = 8

describe('a peer that lies in sync', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('liar')
    await until('two epochs are over', () =>
      network.nodes.every((node) => node.store.epochEnd(2) !== undefined),
    )
  })
  after(() => network[Symbol.asyncDispose]())

  for (const [index, lie] of SYNC_LIES.filter(({ on }) => on !== 'blocks').entries()) {
    it(`to a newcomer is refused with ${lie.code}, and others are asked: ${lie.name}`, async () => {
      const honest = network.nodes.slice()
      await using liar = await startLiar(network, lie)
      const newcomer = await network.startNode(5 + index, {
        bootNodes: [...liar.addresses(), ...honest.flatMap((node) => node.addresses())],
        join: { checkpoint: null, headCountMin: 3, patienceMs: 10_000 },
        votes: false,
      })
      try {
        await until('the lie is refused', () => network.refusals(lie.code, newcomer) > 0)
        await until('it costs', () => (network.reputation(liar.peerId, newcomer) ?? -100) < -19)
        await network.checkHealth()
      } finally {
        await network.stopLast()
      }
    })
  }

  for (const [index, lie] of SYNC_LIES.filter(({ on }) => on === 'blocks').entries()) {
    it(`to a node that knows nobody else is refused with ${lie.code}: ${lie.name}`, async () => {
      // What it passes on by gossip is true, and shows the node that it is behind.
      await using liar = await startLiar(network, lie)
      const eclipsed = await network.startNode(15 + index, {
        bootNodes: liar.addresses(),
        votes: false,
      })
      try {
        await until('the lie is refused', () => network.refusals(lie.code, eclipsed) > 0)
        assert.equal(eclipsed.status().finalHeight, 0)
        await until('it costs', () => (network.reputation(liar.peerId, eclipsed) ?? -100) < -19)
        await Promise.all(
          network.nodes.slice(0, -1).map((node) => eclipsed.connect(node.addresses()[0] ?? '')),
        )
        await network.checkHealth()
      } finally {
        await network.stopLast()
      }
    })
  }
})

/** Answers what an honest node answers, but for the lie. */
async function startLiar(network: NetworkUnderTest, lie: SyncLie): Promise<OutsidePeer> {
  const source = network.node(0)
  let claimed = 0
  const liar = await OutsidePeer.start(network, {
    // Whom to ask first, if one believed it; and its head has to reach it. [SYN-7]
    greeting: {
      get height() {
        claimed = Math.max(...network.nodes.map((node) => node.status().finalHeight)) + AHEAD
        return claimed
      },
    },
    answerSync: async function* (request) {
      await until('it is as far as it claimed', () => source.status().finalHeight >= claimed)
      const isOn = requestOf(request).kind === lie.on
      for (const part of await liar.ask(source, request)) {
        if (part[0] !== 0) continue
        const told = isOn ? lie.tell(frameOf(part.subarray(1))) : part.subarray(1)
        yield told instanceof Uint8Array ? told : encode(told)
      }
    },
  })
  await liar.join(source)
  return liar
}

function requestOf(bytes: Uint8Array): SyncRequest {
  const decoded = decode(bytes, SIZE_MAX)
  assert.ok(decoded.ok)
  return syncRequestSchema.parse(decoded.value)
}

function frameOf(bytes: Uint8Array): SyncFrame {
  const decoded = decode(bytes, SIZE_MAX)
  assert.ok(decoded.ok)
  return syncFrameSchema.parse(decoded.value)
}
