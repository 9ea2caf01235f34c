import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { encode, signingBytes, type Verified } from '@commonweal/protocol'
import { concat } from 'uint8arrays'
import { until } from '../e2e/until.ts'
import { envelopeFrame, NetworkUnderTest } from './network-under-test.ts'
import { OutsidePeer } from './outside-peer.ts'

const AMOUNT_MICRO = 3_000_000n

/** The same message in other bytes: what each does to the envelope of a transfer. */
const TWINS: readonly {
  readonly name: string
  readonly code: string
  readonly of: (transfer: Verified, network: NetworkUnderTest) => Uint8Array
}[] = [
  {
    name: 'a payload whose keys are in another order, signed as it is',
    code: 'non-canonical',
    of: ({ message }, network) =>
      sealBytes(encodeMap(Object.entries(message).map(encodeEntry).toReversed()), network),
  },
  {
    name: 'a payload with a number in more bytes than it needs, signed as it is',
    code: 'non-canonical',
    of: ({ message }, network) =>
      sealBytes(
        encodeMap(
          sortedEntries(message).map(([key, value]) =>
            key === 'nonce'
              ? concat([encode(key), Uint8Array.of(0x18, Number(value))])
              : encodeEntry([key, value]),
          ),
        ),
        network,
      ),
  },
  {
    name: 'a payload of indefinite length, signed as it is',
    code: 'non-canonical',
    of: ({ message }, network) =>
      sealBytes(
        concat([
          Uint8Array.of(0xbf),
          ...sortedEntries(message).map(encodeEntry),
          Uint8Array.of(0xff),
        ]),
        network,
      ),
  },
  {
    name: 'an envelope whose keys are in another order, payload and signature untouched',
    code: 'non-canonical',
    of: ({ message, signature }) =>
      encodeMap([encodeEntry(['signature', signature]), encodeEntry(['payload', encode(message)])]),
  },
  {
    name: 'an envelope with a byte behind its end',
    code: 'malformed',
    of: ({ envelope }) => concat([envelope, Uint8Array.of(0)]),
  },
  {
    name: 'a signature whose scalar is the same modulo the order of the group',
    code: 'bad-signature',
    of: ({ message, signature }) =>
      encode({ payload: encode(message), signature: addOrder(signature) }),
  },
]

describe('a twin of a valid message', () => {
  let network: NetworkUnderTest
  before(async () => {
    network = await NetworkUnderTest.start('twin')
  })
  after(() => network[Symbol.asyncDispose]())

  for (const twin of TWINS) {
    it(`is refused as ${twin.code}: ${twin.name}`, async () => {
      await using peer = await OutsidePeer.start(network)
      await peer.join(...network.nodes)
      const to = network.stranger.agent
      const transfer = network.transaction({ kind: 'transfer', to, amountMicro: AMOUNT_MICRO })
      const initial = network.account(to).balanceMicro
      const bytes = twin.of(transfer, network)
      assert.notDeepEqual(bytes, transfer.envelope)
      const counts = network.nodes.map((node) => network.refusals(twin.code, node))
      await peer.publish('transactions', bytes)
      for (const [at, node] of network.nodes.entries()) {
        const count = (counts[at] ?? 0) + 1
        await until('by gossip', () => network.refusals(twin.code, node) === count)
        await peer.send(node, envelopeFrame(bytes))
        await until('directly', () => network.refusals(twin.code, node) === count + 1)
        await until('it costs both times', () => network.hasLost(10, peer.peerId, node))
      }
      // The original is as good as before, and has its effect once.
      await peer.publish('transactions', transfer.envelope)
      for (const node of network.nodes) {
        await until('the original is final', () => node.store.receipt(transfer.id)?.code === 'ok')
        assert.equal(network.account(to, node).balanceMicro, initial + AMOUNT_MICRO)
      }
    })
  }

  it('has left no trace', () => network.checkHealth())
})

function sealBytes(payload: Uint8Array, { networkId, outsider }: NetworkUnderTest): Uint8Array {
  const signature = outsider.sign(signingBytes('transfer', networkId, payload))
  return encode({ payload, signature })
}

/** A map of fewer than 24 entries, in the order given. */
function encodeMap(entries: readonly Uint8Array[]): Uint8Array {
  return concat([Uint8Array.of(0xa0 + entries.length), ...entries])
}

function encodeEntry([key, value]: readonly [string, unknown]): Uint8Array {
  return concat([encode(key), encode(value)])
}

/** In canonical order: shorter keys first. */
function sortedEntries(message: object): readonly (readonly [string, unknown])[] {
  return Object.entries(message).toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}

/** 2^252 + 27742317777372353535851937790883648493, little-endian as in a signature. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

function addOrder(signature: Uint8Array): Uint8Array {
  const scalar =
    signature.slice(32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + ORDER
  const bytes = Array.from({ length: 32 }, (_, index) =>
    Number((scalar >> BigInt(8 * index)) & 255n),
  )
  return Uint8Array.of(...signature.slice(0, 32), ...bytes)
}
