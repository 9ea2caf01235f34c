import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Metrics, RunResult } from '../../experiment/run-result.ts'
import { faultsSection, verdictOf } from './faults.ts'

const CALM: Metrics = {
  'deviation.gain': 0,
  'slashed.honest': 0,
  'suspects.honest': 0,
  'slashing.recall': 1,
  'detection.heights': 2,
  named: 1,
  conservationError: 0,
}

function runOf(metrics: Metrics = {}): RunResult {
  return {
    status: 'done',
    outcome: null,
    outcomeDigest: '',
    metrics: { ...CALM, ...metrics },
    events: [],
  }
}

describe('the verdict on a fault', () => {
  it('is ok where it gains nothing, is punished in every run, and nobody honest is blamed', () => {
    const row = verdictOf('double-vote', [runOf(), runOf({ 'deviation.gain': -1 })])
    assert.equal(row.verdict, 'ok')
    assert.match(row.note, /2\.0 blocks after the offence/)
  })

  it('takes no account of runs in which there was nothing to punish', () => {
    const runs = [runOf(), runOf({ 'slashing.recall': null })]
    assert.equal(verdictOf('equivocate-talk', runs).verdict, 'ok')
    const none = [runOf({ 'slashing.recall': null })]
    assert.equal(verdictOf('equivocate-talk', none).verdict, 'off')
  })

  for (const [words, metrics] of [
    ['gains 2.00', { 'deviation.gain': 2 }],
    ['punished in 1 of 2', { 'slashing.recall': 0 }],
    ['1 honest blamed', { 'slashed.honest': 1 }],
    ['1 honest blamed', { 'suspects.honest': 1 }],
    ['the ledger is off in 1 runs', { conservationError: -3 }],
  ] as const) {
    it(`is off, and says why: ${words}`, () => {
      const good = words.startsWith('gains') ? runOf(metrics) : runOf()
      const { verdict, got } = verdictOf('double-vote', [good, runOf(metrics)])
      assert.equal(verdict, 'off')
      assert.ok(String(got).includes(words), String(got))
    })
  }

  it('is off where a run failed: an attack may have made an honest act miss its phase', () => {
    const failed: RunResult = { status: 'failed', reason: 'missed', events: [] }
    assert.equal(verdictOf('flood', [runOf(), failed]).verdict, 'off')
  })

  it('asks of what cannot be punished that it is named, and of a machine that was away nothing', () => {
    const unnamed = [runOf({ named: 0, 'slashing.recall': null })]
    assert.equal(verdictOf('silent-leader', unnamed).verdict, 'off')
    assert.equal(verdictOf('pause', unnamed).verdict, 'ok')
  })
})

it('the matrix of faults has a part for each fault, and a plot once its rows are there', () => {
  assert.ok((faultsSection.partCount ?? 0) >= 16)
  const columns = ['fault', 'contract', 'gain', 'tokens slashed'].map((title) => ({ title }))
  const rows = [
    ['flood', 'none', 0, 0],
    ['double-vote', 'none', -1.5, 50],
  ]
  const table = { id: 'attack-matrix-protocol', title: '', caption: '', columns, rows }
  const svg = faultsSection.finish?.({ rows: [], tables: [table] }).figures?.[0]?.svg ?? ''
  for (const text of ['flood', 'double-vote', 'gain, none', '−1.5', '−50.0']) {
    assert.ok(svg.includes(`>${text}<`), text)
  }
})
