import assert from 'node:assert/strict'
import { test } from 'node:test'
import pc from 'picocolors'
import { formatLogRecord, instantOf } from './log-record.ts'

const plain = pc.createColors(false)

test('a record becomes instant, level, sentence and facts', () => {
  const line = JSON.stringify({ level: 30, time: 1_700_000_000_123, msg: 'block final', height: 7 })
  assert.equal(formatLogRecord(line, plain), '22:13:20.123 info  block final height=7')
})

test('a line that is no record is shown as it is', () => {
  assert.equal(formatLogRecord('Error: at once', plain), 'Error: at once')
  assert.equal(formatLogRecord('{ broken', plain), '{ broken')
})

test('only a record has an instant', () => {
  assert.equal(instantOf('{"time":5}'), 5)
  assert.equal(instantOf('{"time":"5"}'), undefined)
  assert.equal(instantOf('text'), undefined)
})
