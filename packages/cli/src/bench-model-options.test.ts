import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parseExperiment } from '@commonweal/bench/experiment'
import { type BenchModelFlags, formatModelFlags, withModelFlags } from './bench-model-options.ts'
import { isGrid, parseNote, parsePriceTexts, parseWeight } from './commands/bench-paper-models.ts'

const folder = mkdtempSync(join(tmpdir(), 'flags-'))
after(() => rmSync(folder, { recursive: true }))
const there = join(folder, 'there.jsonl')
writeFileSync(there, '')
const absent = join(folder, 'absent.jsonl')
const none: BenchModelFlags = { yes: false, resume: false }
const asking = parseExperiment('population: [{ policy: llm, count: 2, model: m }]', 'asking.yaml')

describe('the flags about models of an experiment', () => {
  it('say where answers are kept and taken from, and what may be spent', () => {
    const modeOf = (flags: Partial<BenchModelFlags>) =>
      withModelFlags(asking, { ...none, ...flags }).cassette?.mode
    assert.equal(modeOf({}), undefined)
    assert.equal(modeOf({ record: absent }), 'record')
    assert.equal(modeOf({ replay: there }), 'replay-only')
    assert.equal(modeOf({ record: there, replay: there }), 'replay')
    assert.equal(withModelFlags(asking, { ...none, maxCost: 2_500_000n }).maxCost, 2.5)
  })

  it('let a recording go on that is there, and overwrite none', () => {
    assert.throws(() => withModelFlags(asking, { ...none, record: there }), /is there already/)
    const { cassette } = withModelFlags(asking, { ...none, record: there, resume: true })
    assert.equal(cassette?.mode, 'replay')
  })

  it('are refused where nobody asks a model', () => {
    const plain = parseExperiment('', 'plain.yaml')
    for (const flags of [{ record: absent }, { replay: there }, { maxCost: 1n }]) {
      assert.throws(() => withModelFlags(plain, { ...none, ...flags }), /needs an experiment with/)
    }
    assert.equal(withModelFlags(plain, none).cassette, null)
  })

  it('are written as they were given', () => {
    const flags = { ...none, record: 'a b.jsonl', maxCost: 250_000n, yes: true }
    assert.equal(formatModelFlags(flags).join(' '), "--record 'a b.jsonl' --max-cost 0.25 --yes")
  })
})

describe('the flags of the grid of language models', () => {
  it('need a model or a recording, and none of the figures without models', () => {
    assert.equal(isGrid({ ...none, json: false }), false)
    assert.equal(isGrid({ ...none, json: false, model: ['m'] }), true)
    assert.equal(isGrid({ ...none, json: false, replay: there }), true)
    assert.throws(
      () => isGrid({ ...none, json: false, model: ['m'], only: 'dose' }),
      /--only is about figures without models/,
    )
    assert.throws(() => isGrid({ ...none, json: false, seeds: 3 }), /--seeds needs --model or/)
    assert.throws(() => isGrid({ ...none, json: false, resume: true }), /--resume needs --model or/)
  })

  it('take a weight above 0, prices as files have them, and a note of one line', () => {
    assert.equal(parseWeight('0.6'), 0.6)
    for (const text of ['0', 'inf', '', 'x']) assert.throws(() => parseWeight(text), /above 0/)
    assert.deepEqual(parsePriceTexts('0.25/2, 1/8'), ['0.25/2', '1/8'])
    assert.throws(() => parsePriceTexts('1'), /dollars for a million tokens/)
    assert.throws(() => parseNote('x'.repeat(201)), /1 to 200 characters/)
  })
})
