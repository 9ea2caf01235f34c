import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { digestOf } from '../codec/digest.ts'
import { createStream } from './randomness.ts'

const R = digestOf(Uint8Array.of(1))

function blockOf(domain: string, counter: number): Buffer {
  const suffix = Buffer.alloc(5)
  suffix.writeUInt32BE(counter, 1)
  const hash = createHash('sha256').update(Buffer.from(R, 'hex'))
  return hash.update(`commonweal/stream/${domain}`).update(suffix).digest()
}

test('the bytes of a stream are SHA-256 of digest, domain and counter, block after block', () => {
  const stream = createStream(R, 'rationing')
  const bytes = Buffer.concat([0, 1, 2].map((counter) => blockOf('rationing', counter)))
  for (const byte of bytes) assert.equal(stream.below(256), byte)
})

test('a draw of a bound that is no power of 256 rejects the bytes above its largest multiple', () => {
  const stream = createStream(R, 'regeneration')
  const bytes = [...blockOf('regeneration', 0), ...blockOf('regeneration', 1)]
  const expected = bytes.filter((byte) => byte < 200).map((byte) => byte % 100)
  assert.ok(expected.length < bytes.length, 'some byte is rejected')
  for (const value of expected) assert.equal(stream.below(100), value)
})

test('a wide bound takes two bytes, big-endian', () => {
  const stream = createStream(R, 'values')
  const block = blockOf('values', 0)
  assert.equal(stream.below(65_536), block.readUInt16BE(0))
  assert.equal(stream.below(65_536), block.readUInt16BE(2))
})

test('a bound of one consumes nothing', () => {
  const stream = createStream(R, 'rationing')
  assert.equal(stream.below(1), 0)
  assert.equal(stream.below(256), blockOf('rationing', 0)[0])
})

test('a bound that is not a whole number from 1 to 2^32 is our own bug', () => {
  const stream = createStream(R, 'rationing')
  for (const bound of [0, -1, 1.5, 2 ** 32 + 1]) assert.throws(() => stream.below(bound))
})

test('a bigint bound draws what a number of the same size draws, and goes on beyond 2^32', () => {
  for (const bound of [1, 2, 100, 256, 257, 65_536, 70_000, 2 ** 24 + 1, 2 ** 32]) {
    const [wide, narrow] = [createStream(R, 'jury'), createStream(R, 'jury')]
    for (let draw = 0; draw < 50; draw++) {
      assert.equal(wide.belowBigint(BigInt(bound)), BigInt(narrow.below(bound)))
    }
  }
  const stream = createStream(R, 'jury')
  const block = blockOf('jury', 0)
  assert.equal(stream.belowBigint(2n ** 64n), block.readBigUInt64BE(0))
  // Nine bytes, of which one bit more than the eight of a word counts.
  const wide = BigInt(`0x${block.subarray(8, 17).toString('hex')}`)
  assert.equal(stream.belowBigint(2n ** 65n), wide % 2n ** 65n)
})

test('a bigint bound below one is our own bug', () => {
  for (const bound of [0n, -1n]) assert.throws(() => createStream(R, 'jury').belowBigint(bound))
})
