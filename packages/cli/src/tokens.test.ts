import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFigure, formatTokenChange, formatTokens } from './tokens.ts'

test('micro-tokens are shown as tokens with two decimals and thousands apart', () => {
  assert.equal(formatTokens(0n), '0.00')
  assert.equal(formatTokens(1_234_567_890_000n), '1,234,567.89')
})

test('halves of the last decimal are rounded away from zero', () => {
  assert.equal(formatTokens(4_999n), '0.00')
  assert.equal(formatTokens(5_000n), '0.01')
  assert.equal(formatTokens(-5_000n), '−0.01')
})

test('an amount that rounds to nothing has no sign', () => {
  assert.equal(formatTokens(-4_999n), '0.00')
})

test('a change shows its direction', () => {
  assert.equal(formatTokenChange(0n), '0')
  assert.equal(formatTokenChange(1_500_000n), '+1.50')
  assert.equal(formatTokenChange(-1_500_000n), '−1.50')
})

test('figures have no trailing zeros, and infinity has its sign', () => {
  assert.equal(formatFigure(0.6), '0.6')
  assert.equal(formatFigure(2 / 3, 3), '0.667')
  assert.equal(formatFigure(Number.POSITIVE_INFINITY), '∞')
})
