import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reportToHtml } from '../report/html.ts'
import { tablesOf } from '../report/report.ts'
import { tableToCsv } from '../report/table.ts'
import { countVerdicts, measurePaper } from './paper.ts'
import { createPaperReport } from './paper-report.ts'
import { FAST_SECTIONS, PAPER_SECTIONS } from './sections.ts'
import { judge } from './verdict-row.ts'

const fast = PAPER_SECTIONS.filter(({ name }) => FAST_SECTIONS.includes(name))
const options = { seed: 'paper', dataFolder: null }
const measured = await measurePaper(fast, options, { jobCount: 1 })

describe('the published figures', () => {
  for (const { section, rows } of measured) {
    it(`of ${section.name} come out as published`, () => {
      assert.ok(rows.length >= 3)
      assert.deepEqual(
        rows.filter(({ verdict }) => verdict === 'off'),
        [],
      )
    })
  }

  it('each have a row of their own', () => {
    const ids = measured.flatMap(({ rows }) => rows.map(({ id }) => id))
    assert.equal(new Set(ids).size, ids.length)
    assert.equal(fast.length, FAST_SECTIONS.length)
  })
})

describe('a paper measured on two cores', () => {
  it('has the rows, tables and plots of one measured on one, in the same order', async () => {
    const seen: string[] = []
    const again = await measurePaper(fast, options, {
      jobCount: 2,
      onMeasured: ({ section }) => seen.push(section.name),
    })
    assert.deepEqual(again, measured)
    const csvOf = (sections: typeof measured): readonly string[] =>
      tablesOf(createPaperReport(sections, 'paper')).map(tableToCsv)
    assert.deepEqual(csvOf(again), csvOf(measured))
    assert.deepEqual(seen.toSorted(), FAST_SECTIONS.toSorted())
  })
})

describe('a verdict', () => {
  const claim = { id: 'a', what: 'a figure', expected: 1, got: 1.01 }

  it('is off where a number is beyond its tolerance, and ok up to it', () => {
    assert.equal(judge('s', claim).verdict, 'off')
    assert.equal(judge('s', { ...claim, got: 1.25, tolerance: 0.25 }).verdict, 'ok')
    assert.equal(judge('s', { ...claim, got: 1.26, tolerance: 0.25 }).verdict, 'off')
    assert.equal(judge('s', { ...claim, got: Number.NaN, tolerance: 9 }).verdict, 'off')
  })

  it('is off where words differ, or a number is expected and there is none', () => {
    assert.equal(judge('s', { ...claim, expected: 'x', got: 'y' }).verdict, 'off')
    assert.equal(judge('s', { ...claim, got: '1' }).verdict, 'off')
    assert.equal(judge('s', { ...claim, expected: 'x', got: 'x' }).verdict, 'ok')
  })

  it('says the condition under which a figure holds, and does not save one that is off', () => {
    const held = judge('s', {
      ...claim,
      got: 1,
      condition: 'Holds on Sundays.',
      note: 'Seen once.',
    })
    assert.equal(held.verdict, 'ok under the stated condition')
    assert.equal(held.note, 'Holds on Sundays. Seen once.')
    assert.equal(judge('s', { ...claim, condition: 'Holds on Sundays.' }).verdict, 'off')
  })
})

describe('the report', () => {
  const wrong = judge('anchors', { id: 'w', what: 'a wrong figure', expected: 1, got: 2 })
  const rows = measured.flatMap((one) => one.rows)

  it('counts what is ok and what is off, at the top', () => {
    const html = reportToHtml(createPaperReport(measured, 'paper'))
    const { all, ok, off } = countVerdicts(rows)
    assert.equal(off, 0)
    assert.ok(
      html.includes(`Of ${all} figures whose value is known, ${ok} come out as they should`),
    )
    assert.ok(html.includes('none is off'))
  })

  it('names what is off, and marks its row', () => {
    const [first, ...rest] = measured
    assert.ok(first !== undefined)
    const bad = [{ ...first, rows: [...first.rows, wrong] }, ...rest]
    const html = reportToHtml(createPaperReport(bad, 'paper'))
    assert.ok(html.includes('1 is off: a wrong figure'))
    assert.match(html, /<tr class="off"><td>a wrong figure/)
  })

  it('shows every row', () => {
    const html = reportToHtml(createPaperReport(measured, 'paper'))
    assert.equal(html.match(/<td>(?:ok|off)[^<]*<\/td>/g)?.length, rows.length)
  })
})
