import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { checkHello, decodeHelloFrame, encodeHelloFrame } from './hello.ts'
import { bytes } from './test-network.ts'

const HELLO = { networkId: 'n', protocolVersion: 1, name: 'demo', height: 3 }

test('a handshake frame comes back as it went', () => {
  for (const frame of [
    { hello: HELLO },
    { hello: HELLO, refusal: 'foreign-network' },
    {},
  ] as const) {
    assert.deepEqual(decodeHelloFrame(encodeHelloFrame(frame)), frame)
  }
})

test('what a later version adds is passed over', () => {
  const later = bytes(
    JSON.stringify({ hello: { ...HELLO, protocolVersion: 9, mood: 'good' }, x: 1 }),
  )
  const frame = decodeHelloFrame(later)
  assert.deepEqual(frame, { hello: { ...HELLO, protocolVersion: 9 } })
  assert.equal(checkHello(HELLO, frame?.hello), 'protocol-version')
})

test('bytes that are no frame give none, and none throw', () => {
  for (const broken of ['', '{', '[]', 'null', '{"hello":{}}', '{"refusal":"because"}']) {
    assert.equal(decodeHelloFrame(bytes(broken)), undefined, broken)
  }
  fc.assert(
    fc.property(fc.uint8Array(), (random) => {
      decodeHelloFrame(random)
    }),
  )
})

test('a limit of the hello holds at it and not past it', () => {
  assert.notEqual(decodeNamed(64), undefined)
  assert.equal(decodeNamed(65), undefined)
})

test('the network is compared before the version, and a hello that is missing is malformed', () => {
  assert.equal(checkHello(HELLO, HELLO), undefined)
  assert.equal(checkHello(HELLO, { ...HELLO, name: 'other', height: 99 }), undefined)
  assert.equal(
    checkHello(HELLO, { ...HELLO, networkId: 'm', protocolVersion: 2 }),
    'foreign-network',
  )
  assert.equal(checkHello(HELLO, undefined), 'malformed-hello')
})

function decodeNamed(size: number): unknown {
  return decodeHelloFrame(encodeHelloFrame({ hello: { ...HELLO, name: 'x'.repeat(size) } }))
}
