import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cidOf, digestOf, encode, OUTCOME_COUNT_MAX, type Statement } from '@commonweal/protocol'
import { decodeSignalFrame, encodeSignalFrame, SIGNAL_FRAME_SIZE_MAX } from './signal-frame.ts'

const statement: Statement = {
  report: [8_000, 2_000],
  findings: [{ name: 'wind', value: -3 }],
  parents: [],
  reasoning: 'It blows.',
  hypotheses: [],
}
const frame = {
  kind: 'statement',
  question: cidOf(encode('a question')),
  snapshot: 1,
  statement,
  salt: new Uint8Array(32),
} as const

describe('a frame between agents', () => {
  it('comes back as it was sent', () => {
    for (const sent of [frame, { kind: 'subscribe' } as const]) {
      assert.deepEqual(decodeSignalFrame(encodeSignalFrame(sent)), { ok: true, value: sent })
    }
  })

  it('is refused where it has another shape', () => {
    for (const odd of [
      null,
      'subscribe',
      { kind: 'unsubscribe' },
      { kind: 'subscribe', to: 'all' },
      { ...frame, salt: new Uint8Array(31) },
      { ...frame, snapshot: -1 },
      { ...frame, question: 'which?' },
      { ...frame, statement: { ...statement, reasoning: 'x'.repeat(1_025) } },
      { ...frame, statement: { ...statement, secret: 1 } },
      { ...frame, more: 1 },
    ]) {
      assert.equal(codeOf(encode(odd)), 'bad-signal', JSON.stringify(odd))
    }
    assert.equal(codeOf(new Uint8Array()), 'bad-signal')
    assert.equal(codeOf(Uint8Array.of(255, 1, 2)), 'bad-signal')
  })

  it('holds a statement of the greatest size, in half of its limit', () => {
    const text = (bytes: number): string => '\u0001'.repeat(bytes)
    const greatest: Statement = {
      report: Array.from({ length: OUTCOME_COUNT_MAX }, () => 10_000),
      findings: Array.from({ length: 32 }, () => ({
        name: text(64),
        value: Number.MIN_SAFE_INTEGER,
      })),
      parents: Array.from({ length: 32 }, (_, index) => digestOf(encode(index))),
      reasoning: text(1_024),
      hypotheses: Array.from({ length: 8 }, () => text(256)),
    }
    const bytes = encodeSignalFrame({ ...frame, statement: greatest })
    assert.ok(decodeSignalFrame(bytes).ok)
    assert.ok(bytes.length < SIGNAL_FRAME_SIZE_MAX / 2, `${bytes.length}`)
  })

  it('is not looked at above its limit', () => {
    const bytes = new Uint8Array(SIGNAL_FRAME_SIZE_MAX + 1)
    bytes.set(encodeSignalFrame(frame))
    assert.equal(codeOf(bytes), 'bad-signal')
  })
})

function codeOf(bytes: Uint8Array): string | null {
  const decoded = decodeSignalFrame(bytes)
  return decoded.ok ? null : decoded.error.code
}
