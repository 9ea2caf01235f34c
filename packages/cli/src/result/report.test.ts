import assert from 'node:assert/strict'
import { test } from 'node:test'
import pc from 'picocolors'
import { buildReport, countEffects, type RunRecord } from './build-report.ts'
import { parseEvent, parseTurn } from './chain-record.ts'
import { describeEffects, describePath } from './render-contract.ts'
import { renderReport, summarize } from './render-report.ts'
import { replayAsRecord } from './replay-record.ts'

const plain = pc.createColors(false)

test('a mixed population saves its commons by a law that was bargained over', async () => {
  const report = buildReport(await replayAsRecord({}))
  assert.equal(report.metrics.m, 12)
  assert.equal(report.metrics.R, 600)
  const [contract] = report.contracts
  assert(contract !== undefined)
  assert.deepEqual(contract.rounds, [1, 12])
  assert.equal(contract.signers.length + contract.bound.length, 5)
  assert.match(describePath(contract.talks), /counter-proposal.*differ from the first/)
  assert.match(describeEffects(contract.effects), /^What it did: cut \d+ requests by \d+ units/)
})

test('the report says what would have become of it without a contract', async () => {
  const report = buildReport(await replayAsRecord({}))
  assert.match(
    summarize(report),
    /lasted all 12 rounds; the agents caught 600 units, 100 %.*Without a contract.*100 units in 1 round\./,
  )
})

test('selfish agents without contract collapse in round 1, and the report says so', async () => {
  const report = buildReport(await replayAsRecord({ contract: 'none', lambdas: [0] }))
  assert.equal(report.metrics.R, 100)
  assert.match(summarize(report), /^The commons collapsed in round 1 of 12/)
  const lines = renderReport(report, plain, 120)
  assert(lines.includes('  None: this commons takes no contracts.'))
})

test('an agent’s utility is its payoff and its share in everybody’s', async () => {
  const report = buildReport(await replayAsRecord({ lambdas: [0, 1, 2, 3, Infinity] }))
  const welfare = report.agents.reduce((sum, agent) => sum + agent.payoff, 0)
  const utilities = report.agents.map((agent) => agent.utility)
  const expected = report.agents.map(({ payoff, lambda }) =>
    lambda === Infinity ? welfare : payoff + lambda * welfare,
  )
  assert.deepEqual(utilities, expected)
  assert.deepEqual(
    report.agents.map(
      ({ payoff, value, catchTotal }) => payoff.toFixed(6) === (value * catchTotal).toFixed(6),
    ),
    [true, true, true, true, true],
  )
})

test('no line of a report is wider than the terminal, tables apart', async () => {
  const lines = renderReport(buildReport(await replayAsRecord({})), plain, 100)
  assert.deepEqual(
    lines.filter((line) => line.length > 100),
    [],
  )
})

test('what a law took, moved and could not take is counted apart', () => {
  const effects = countEffects([
    { kind: 'action', seat: 0, before: 100n, after: 10n },
    { kind: 'action', seat: 1, before: 10n, after: 10n },
    { kind: 'payment', seat: 0, effect: 'graduatedSanction', to: null, takenMicro: 2_000_000n },
    { kind: 'payment', seat: 0, effect: 'transfer', to: 1, takenMicro: 1_000_000n },
    { kind: 'shortfall', seat: 0, missingMicro: 500_000n },
    { kind: 'law-fault', seat: 2 },
  ])
  assert.equal(
    describeEffects(effects),
    'What it did: cut 1 request by 90 units in all, charged 1 sanction of 2.00 tokens, moved 1.00 tokens between agents, fell short once by 0.50 tokens and had 1 clause fail to evaluate.',
  )
})

test('a law that limited nothing says so', () => {
  assert.equal(describeEffects(countEffects([])), 'What it did: nothing was beyond its limits.')
})

test('talks without a contract are told by their first round', async () => {
  const record: RunRecord = await replayAsRecord({})
  const events = record.events.filter((event) => event.kind !== 'agreement-formed')
  const report = buildReport({ ...record, events })
  assert.deepEqual(report.contracts, [])
  assert.equal(report.failedTalks[0]?.round, 1)
  const lines = renderReport(report, plain, 100)
  assert(lines.some((line) => line.includes('No agreement in the talks of round 1')))
})

test('events and turns of an unknown kind or shape are passed over', () => {
  assert.equal(parseEvent({ kind: 'comet', tail: true }), undefined)
  assert.equal(parseEvent({ kind: 'run-ended', subnet: 'commons', run: '1' }), undefined)
  assert.deepEqual(parseEvent({ kind: 'run-ended', subnet: 'commons', run: 1, more: 1 }), {
    kind: 'run-ended',
    subnet: 'commons',
    run: 1,
  })
  assert.equal(parseTurn({ subnet: 'commons' }), undefined)
})
