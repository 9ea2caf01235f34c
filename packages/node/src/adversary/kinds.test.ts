import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FAULT_KINDS, formatFault, parseFault, SPELL_MS_DEFAULT, WIRE_KINDS } from './kinds.ts'

describe('a fault in words', () => {
  it('of every kind is read back from what it is written as', () => {
    const names = [...FAULT_KINDS, ...WIRE_KINDS]
    assert.ok(names.length > 20)
    for (const name of names) {
      const fault = parseFault(name)
      assert.deepEqual(fault, { kind: name, fromEpoch: 1, spellMs: SPELL_MS_DEFAULT })
      assert.equal(fault && formatFault(fault), name)
    }
  })

  it('says how long it lasts, where it passes', () => {
    const fault = parseFault('pause(0.5s)')
    assert.deepEqual(fault, { kind: 'pause', fromEpoch: 1, spellMs: 500 })
    assert.equal(fault && formatFault(fault), 'pause(0.5s)')
    assert.equal(parseFault('crash(600s)')?.spellMs, 600_000)
  })

  it('is none with another name, or with a time that makes no sense', () => {
    const wrong = ['magic', '', 'flood(3s)', 'crash(0s)', 'crash(601s)', 'crash(3)', 'crash(-1s)']
    for (const text of wrong) assert.equal(parseFault(text), null, text)
  })
})
