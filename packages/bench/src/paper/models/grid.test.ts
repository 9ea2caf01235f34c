import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { present } from '@commonweal/protocol'
import { reportToHtml } from '../../report/html.ts'
import { figuresOf, tablesOf } from '../../report/report.ts'
import { tableToCsv } from '../../report/table.ts'
import { readFolder } from '../../runner/read-folder.ts'
import { runExperiment } from '../../runner/run-experiment.ts'
import type { ScoredRun } from '../../runner/tables.ts'
import { createGrid } from './grid.ts'
import { cellsOf, spendingOf } from './grid-cell.ts'
import { createGridReport } from './grid-report.ts'
import { summariseGrid } from './grid-summary.ts'
import { testGrid } from './grid-test.ts'
import { readAbout } from './recording.ts'

const RECORDING = fileURLToPath(new URL('../../../data/scripted-villager.jsonl', import.meta.url))
const { note, grid } = present(readAbout(RECORDING), 'the recording says what it is')
const base = mkdtempSync(join(tmpdir(), 'grid-'))
after(() => rmSync(base, { recursive: true }))

let runs: readonly ScoredRun[] = []
before(async () => {
  const cassette = { file: RECORDING, mode: 'replay-only' } as const
  const folder = join(base, 'grid')
  const report = await runExperiment({
    experiment: { ...createGrid(grid), cassette },
    folder,
    shard: null,
    isResumed: false,
    jobCount: 4,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  assert.deepEqual([report.doneCount, report.failedCount, report.halted], [72, 0, null])
  runs = (await readFolder(folder)).runs
})

describe('the recorded grid of the scripted villager', () => {
  it('has every setting with every seed, and each costs something', () => {
    const cells = cellsOf(runs, null)
    assert.equal(cells.length, 2 * 3 * 6)
    for (const cell of cells) {
      assert.equal(cell.runs.length, 2)
      const { calls, cost, contracts } = spendingOf(cell.runs)
      assert.ok(calls > 0 && cost > 0)
      assert.equal(contracts, cell.contract === 'none' ? 0 : 2)
    }
  })

  it('is a dose response: the more of them care, the more is caught', () => {
    const { published } = summariseGrid(runs)
    assert.equal(published.length, 6)
    for (const { p0, p5 } of published) {
      assert.ok((p5.own.R?.mean ?? 0) > 2 * (p0.own.R?.mean ?? 0))
      assert.ok((p5.own.m?.mean ?? 0) >= (p0.own.m?.mean ?? 0))
    }
  })

  it('is shown beside the published figures, and never as those of a language model', () => {
    const report = createGridReport(runs, { ...grid, note })
    assert.equal(note, 'recorded replies of a scripted model, not of a language model')
    const html = reportToHtml(report)
    assert.ok(html.includes(`These figures are of ${note}.`))
    assert.ok(html.includes('p0, published, language models'))
    for (const { caption, svg } of figuresOf(report)) {
      assert.ok(caption.includes(note) && svg.includes(note))
    }
    const csv = tableToCsv(
      present(
        tablesOf(report).find(({ id }) => id === 'beside-published-m'),
        'is there',
      ),
    )
    assert.match(csv, /^deterministic,none,6\.20,\d/m)
    assert.match(csv, /^iid,law,7\.72,/m)
    assert.equal(figuresOf(report).length, 4)
  })

  it('tests each difference over pairs of one seed, corrected for all of them', () => {
    const tests = testGrid(cellsOf(runs, null))
    assert.equal(tests.length, 2 * (3 * 2 + 2 * 2))
    for (const { pairCount, p, pHolm } of tests) {
      assert.equal(pairCount, 2)
      assert.ok(p > 0 && pHolm >= p && pHolm <= 1)
    }
  })
})

describe('a run that failed', () => {
  it('is in no mean and in no test, and what it cost is counted', () => {
    const isP0 = ({ plan }: ScoredRun): boolean =>
      plan.cell['population'] === 'p0' && plan.cell['contract'] === 'none' && plan.seed === '1'
    const failing = runs.map((scored): ScoredRun => {
      if (!isP0(scored)) return scored
      const { id, events, asked } = scored.run
      const failed = { id, events, status: 'failed', reason: 'not-json: no' } as const
      return { ...scored, run: asked === undefined ? failed : { ...failed, asked } }
    })
    const [all, less] = [runs, failing].map((some) => cellsOf(some, null)[0])
    assert.ok(all !== undefined && less !== undefined)
    assert.deepEqual([spendingOf(all.runs).failedRuns, spendingOf(less.runs).failedRuns], [0, 1])
    assert.equal(spendingOf(less.runs).cost, spendingOf(all.runs).cost)
    const [first] = testGrid(cellsOf(failing, null))
    assert.equal(first?.pairCount, 1)
    const html = reportToHtml(createGridReport(failing, { ...grid, note }))
    assert.ok(html.includes('72 runs; 2 failed and are in no mean.'))
  })
})

it('a grid of two models has tables of both and of each', () => {
  const twins = runs.flatMap((scored) =>
    ['a', 'b'].map((model) => {
      const cell = { ...scored.plan.cell, 'llm.model': model }
      return { ...scored, plan: { ...scored.plan, cell } }
    }),
  )
  const report = createGridReport(twins, { ...grid, models: ['a', 'b'], note: null })
  const table = present(
    tablesOf(report).find(({ id }) => id === 'grid-metrics'),
    'is there',
  )
  assert.equal(table.rows.length, 3 * 36)
  assert.equal(testGrid(cellsOf(twins, null))[0]?.pairCount, 4)
  assert.ok(reportToHtml(report).includes('measured with a, b'))
})
