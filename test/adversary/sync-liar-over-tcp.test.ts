import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type AgentId,
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

interface Lie {
  readonly name: string
  /** The refusal that a newcomer counts. */
  readonly code: string
  readonly on: SyncRequest['kind']
  /** What it makes of a true frame, or instead of one. */
  readonly tell: (frame: SyncFrame, own: AgentId) => SyncFrame | Uint8Array
}

const LIES: readonly Lie[] = [
  {
    name: 'a snapshot in which it is rich',
    code: 'bad-content',
    on: 'snapshot',
    tell: (frame, own) =>
      frame.kind === 'entries'
        ? {
            ...frame,
            entries: frame.entries.map(([key, value]) => [
              key,
              key.includes(own) ? enrich(value) : value,
            ]),
          }
        : frame,
  },
  {
    name: 'an epoch that ends in another state, under the true certificate',
    code: 'bad-content',
    on: 'epochs',
    tell: (frame) =>
      frame.kind === 'epoch-end'
        ? { ...frame, header: { ...frame.header, stateDigest: frame.header.transactionsDigest } }
        : frame,
  },
  {
    name: 'an epoch whose certificate has other signatures',
    code: 'bad-content',
    on: 'epochs',
    tell: (frame) =>
      frame.kind === 'epoch-end'
        ? {
            ...frame,
            certificate: {
              ...frame.certificate,
              signatures: frame.certificate.signatures.map(() => new Uint8Array(64)),
            },
          }
        : frame,
  },
  {
    name: 'final blocks with other transactions in them',
    code: 'body-mismatch',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'block'
        ? { ...frame, block: { ...frame.block, transactions: [new Uint8Array(100)] } }
        : frame,
  },
  {
    name: 'final blocks with other headers',
    code: 'chain-unlinked',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'block'
        ? {
            ...frame,
            block: {
              ...frame.block,
              header: { ...frame.block.header, stateDigest: frame.block.header.transactionsDigest },
            },
          }
        : frame,
  },
  {
    name: 'final blocks under a certificate that does not make them final',
    code: 'chain-uncertified',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'certificate'
        ? { ...frame, certificate: { ...frame.certificate, kind: 'notarize' } }
        : frame,
  },
  {
    name: 'final blocks under a certificate with other signatures',
    code: 'certificate-bad-signature',
    on: 'blocks',
    tell: (frame) =>
      frame.kind === 'certificate'
        ? {
            ...frame,
            certificate: {
              ...frame.certificate,
              signatures: frame.certificate.signatures.map(() => new Uint8Array(64)),
            },
          }
        : frame,
  },
  {
    name: 'frames of another request',
    code: 'bad-frame',
    on: 'blocks',
    tell: () => ({ kind: 'entries', entries: [] }),
  },
  { name: 'garbage', code: 'bad-frame', on: 'head', tell: () => new Uint8Array(64).fill(0xff) },
]

describe('a peer that lies in sync', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('liar')
    await until('two epochs are over', () =>
      network.nodes.every((node) => node.store.epochEnd(2) !== undefined),
    )
  })
  after(() => network[Symbol.asyncDispose]())

  for (const [index, lie] of LIES.filter(({ on }) => on !== 'blocks').entries()) {
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

  for (const [index, lie] of LIES.filter(({ on }) => on === 'blocks').entries()) {
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
async function startLiar(network: NetworkUnderTest, lie: Lie): Promise<OutsidePeer> {
  const source = network.node(0)
  const own = network.outsider.agent
  const liar = await OutsidePeer.start(network, {
    // Whom to ask first, if one believed it.
    greeting: { height: 1_000_000 },
    answerSync: async function* (request) {
      const isOn = requestOf(request).kind === lie.on
      for (const part of await liar.ask(source, request)) {
        if (part[0] !== 0) continue
        const told = isOn ? lie.tell(frameOf(part.subarray(1)), own) : part.subarray(1)
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

/** A million tokens more, if it is an account. */
function enrich(value: unknown): unknown {
  const isAccount = typeof value === 'object' && value !== null && 'balanceMicro' in value
  return isAccount ? { ...value, balanceMicro: 1_000_000_000_000 } : value
}
