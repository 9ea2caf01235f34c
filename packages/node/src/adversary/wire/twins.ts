import {
  type Cid,
  encode,
  type Message,
  type Signer,
  signingBytes,
  type Verified,
} from '@commonweal/protocol'
import { concat } from 'uint8arrays'

/** Who makes a twin of a message of its own. */
export interface TwinMaker {
  readonly networkId: Cid
  readonly signer: Signer
}

/** The same message in other bytes. */
export interface Twin {
  readonly name: string
  /** What it is refused as. */
  readonly code: string
  readonly of: (message: Verified, maker: TwinMaker) => Uint8Array
}

/** What each does to the envelope of a small message. */
export const TWINS: readonly Twin[] = [
  {
    name: 'a payload whose keys are in another order, signed as it is',
    code: 'non-canonical',
    of: ({ message }, maker) =>
      sealBytes(
        message.kind,
        encodeMap(sortedEntries(message).map(encodeEntry).toReversed()),
        maker,
      ),
  },
  {
    name: 'a payload with a number in more bytes than it needs, signed as it is',
    code: 'non-canonical',
    of: ({ message }, maker) =>
      sealBytes(message.kind, encodeMap(sortedEntries(message).map(encodeLong)), maker),
  },
  {
    name: 'a payload of indefinite length, signed as it is',
    code: 'non-canonical',
    of: ({ message }, maker) => {
      const entries = sortedEntries(message).map(encodeEntry)
      const payload = concat([Uint8Array.of(0xbf), ...entries, Uint8Array.of(0xff)])
      return sealBytes(message.kind, payload, maker)
    },
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

function sealBytes(
  kind: Message['kind'],
  payload: Uint8Array,
  { networkId, signer }: TwinMaker,
): Uint8Array {
  return encode({ payload, signature: signer.sign(signingBytes(kind, networkId, payload)) })
}

/** A map of fewer than 24 entries, in the order given. */
function encodeMap(entries: readonly Uint8Array[]): Uint8Array {
  return concat([Uint8Array.of(0xa0 + entries.length), ...entries])
}

function encodeEntry([key, value]: readonly [string, unknown]): Uint8Array {
  return concat([encode(key), encode(value)])
}

/** The entry; its number, if it is a small one, as eight bytes. */
function encodeLong([key, value]: readonly [string, unknown]): Uint8Array {
  if (typeof value !== 'number') return encodeEntry([key, value])
  const long = new DataView(new ArrayBuffer(9))
  long.setUint8(0, 0x1b)
  long.setBigUint64(1, BigInt(value))
  return concat([encode(key), new Uint8Array(long.buffer)])
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
