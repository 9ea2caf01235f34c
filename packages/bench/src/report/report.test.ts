import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseCsv } from '../forecast/csv.ts'
import { createExperimentReport } from './experiment-report.ts'
import { reportToHtml } from './html.ts'
import { reportToMarkdown } from './markdown.ts'
import { drawBars } from './plot/bar-plot.ts'
import { drawFlow } from './plot/flow-plot.ts'
import { drawHeat } from './plot/heat-plot.ts'
import { drawLines } from './plot/line-plot.ts'
import type { Report } from './report.ts'
import { type Table, tableToCsv, tableToHtml, tableToMarkdown, textsOf } from './table.ts'
import { writeReport } from './write-report.ts'

const table: Table = {
  id: 'numbers',
  title: 'Numbers',
  caption: 'As they come.',
  columns: [{ title: 'who' }, { title: 'how much', digits: 2 }, { title: 'of | what' }],
  rows: [
    ['Ann & "Bob" <c>', -0.125, 'a, b | c'],
    ['', -0.001, null],
    ['−x', 12, 'off'],
  ],
}

const AGGREGATE = `population.0.prosociality,contract,metric,runs,failed,values,mean,lo,hi
0,none,R,10,0,10,100,100,100
0,law,R,10,1,9,600,590,610.5
1,none,R,10,0,10,600,600,600
1,law,R,10,0,10,600,600,600
0,none,nash,10,0,0,,,
0,law,nash,10,1,9,1,0.5,1.5
1,none,nash,10,0,10,1,1,1
1,law,nash,10,0,10,1,1,1
`
const METRICS = `run,population.0.prosociality,contract,seed,status,outcome,R,nash\n${'x,0,none,1,done,y,100,\n'.repeat(40)}`

const report: Report = createExperimentReport({
  name: 'dose <1>',
  aggregate: AGGREGATE,
  metrics: METRICS,
})

/** The texts of all cells of all tables of a page, in order. */
function cellsOf(html: string): readonly string[] {
  return [...html.matchAll(/<t[hd](?: [^>]*)?>(.*?)<\/t[hd]>/g)].map(([, text = '']) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  )
}

describe('a table', () => {
  it('has the same texts as a page, as CSV and as Markdown', () => {
    const texts = textsOf(table).flat()
    assert.deepEqual(cellsOf(tableToHtml(table)), texts)
    const csv = parseCsv(tableToCsv(table)).records.flatMap(({ fields }) => fields)
    assert.deepEqual(
      csv,
      texts.map((text) => text.replace(/^−(?=\d)/, '-')),
    )
    const lines = tableToMarkdown(table).split('\n')
    const cells = lines
      .filter((_, index) => index !== 1)
      .flatMap((line) => line.slice(2, -2).split(/ (?<!\\)\| /))
      .map((text) => text.replaceAll('\\|', '|'))
    assert.deepEqual(cells, texts)
  })

  it('writes no minus before nothing, and marks what is off', () => {
    const [, first, second] = textsOf(table)
    assert.deepEqual([first?.[1], second?.[1]], ['−0.13', '0.00'])
    assert.match(tableToHtml(table), /<tr class="off"><td>−x/)
  })
})

describe('a plot', () => {
  const plots: Readonly<Record<string, () => string>> = {
    lines: () =>
      drawLines({
        name: 'Lines',
        x: 'λ',
        y: 'W',
        marks: [{ x: 0.6, label: 'λ* = .6' }],
        series: [{ name: 'law', points: [0, 1].map((x) => ({ x, y: x, lo: x - 1, hi: x + 1 })) }],
      }),
    bars: () =>
      drawBars({
        name: 'Bars',
        y: 'W',
        digits: 3,
        categories: ['law'],
        series: [{ name: 'a', values: [0.125] }],
      }),
    heat: () =>
      drawHeat({ name: 'Heat', rows: ['law'], columns: ['W'], values: [[-0.125]], digits: 3 }),
    flow: () =>
      drawFlow({
        name: 'Flow',
        labels: new Map([
          ['a', 'law a'],
          ['b', 'b'],
        ]),
        links: [{ from: 'a', to: 'b', amount: 1 }],
      }),
  }
  for (const [name, draw] of Object.entries(plots)) {
    it(`of ${name} is the same each time, has a name, words, and nothing that a script needs`, () => {
      const svg = draw()
      assert.equal(draw(), svg)
      assert.match(svg, /^<svg role="img" aria-label="\w+"/)
      assert.match(svg, /law/)
      assert.doesNotMatch(svg, /NaN|ecmeta|<script|undefined/)
    })
  }

  it('shows an interval as a whisker, and the numbers of bars and heat', () => {
    const bare = drawLines({
      name: 'Bare',
      x: 'x',
      y: 'y',
      series: [
        {
          name: 'a',
          points: [
            { x: 0, y: 1 },
            { x: 1, y: 1 },
          ],
        },
      ],
    })
    const whiskered = plots['lines']?.() ?? ''
    const strokes = (svg: string): number => svg.match(/stroke-width="1.4"/g)?.length ?? 0
    assert.equal(strokes(bare), 0)
    assert.equal(strokes(whiskered), 6)
    assert.match(plots['bars']?.() ?? '', />0\.125</)
    assert.match(plots['heat']?.() ?? '', />−0\.125</)
  })
})

describe('a page', () => {
  const html = reportToHtml(report)

  it('refers to nothing outside itself and runs nothing', () => {
    const withoutNames = html.replaceAll(/ xmlns(?::\w+)?="[^"]*"/g, '')
    assert.doesNotMatch(withoutNames, /https?:|\/\/|<script|<link|<img|@import|src=/)
    for (const [, target] of html.matchAll(/href="([^"]*)"/g)) assert.match(target ?? '', /^#/)
    for (const [, target] of html.matchAll(/url\(([^)]*)\)/g)) assert.match(target ?? '', /^["']?#/)
  })

  it('has each place once, and every place that it points to', () => {
    const places = [...html.matchAll(/ id="([^"]+)"/g)].map(([, place]) => place)
    assert.equal(new Set(places).size, places.length)
    const targets = [...html.matchAll(/(?:href="|url\()#([^")]+)/g)].map(([, target]) => target)
    assert.ok(targets.length > 0)
    for (const target of targets) assert.ok(places.includes(target), target)
  })

  it('says how many runs there were and how many failed, and escapes what it is given', () => {
    assert.match(html, /40 runs over population\.0\.prosociality, contract; 1 failed/)
    assert.match(html, /Experiment dose &lt;1&gt;/)
  })

  it('draws a line for each value of what is not the axis', () => {
    const [section] = report.sections
    assert.match(section?.figures[0]?.svg ?? '', />law<[\s\S]*>none<|>none<[\s\S]*>law</)
  })
})

describe('an experiment that varies two things in words', () => {
  const header = 'adversaries.0.kind,contract,metric,runs,failed,values,mean,lo,hi'
  const rows = ['flood,none', 'flood,law', 'crash,none'].map(
    (cell, index) => `${cell},named,10,0,10,${index / 4},0,1`,
  )
  const words = createExperimentReport({
    name: 'words',
    aggregate: [header, ...rows].join('\n'),
    metrics: 'run\n1\n',
  })

  it('is drawn as a field of numbers, a line for each of the first, empty where nothing was measured', () => {
    const svg = words.sections[0]?.figures[0]?.svg ?? ''
    for (const text of ['flood', 'crash', 'none', 'law']) assert.ok(svg.includes(`>${text}<`), text)
    const numbers = [...svg.matchAll(/>(\d\.\d\d)</g)].map(([, number]) => number)
    assert.deepEqual(numbers, ['0.00', '0.25', '0.50'])
  })
})

describe('the folder of a report', () => {
  it('has page, Markdown, tables and figures that say the same numbers', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'))
    context.after(() => rm(folder, { recursive: true }))
    const page = await readFile(await writeReport(folder, report), 'utf8')
    const markdown = await readFile(join(folder, 'report.md'), 'utf8')
    assert.equal(markdown, reportToMarkdown(report))
    const files = await readdir(join(folder, 'tables'))
    assert.deepEqual(
      files.toSorted(),
      [
        'aggregate.csv',
        ...report.sections.flatMap(({ figures }) => figures.map(({ id }) => `${id}-numbers.csv`)),
      ].toSorted(),
    )
    for (const file of files) {
      const { records } = parseCsv(await readFile(join(folder, 'tables', file), 'utf8'))
      const texts = records.flatMap(({ fields }) => fields)
      assert.ok(cellsOf(page).join('\n').includes(texts.join('\n')), file)
      for (const text of texts) assert.ok(markdown.includes(text), text)
    }
    for (const { id, svg } of report.sections.flatMap(({ figures }) => figures)) {
      assert.equal(await readFile(join(folder, 'figures', `${id}.svg`), 'utf8'), svg)
      assert.ok(page.includes(svg))
    }
  })

  it('is refused where the table is none', () => {
    assert.throws(
      () => createExperimentReport({ name: 'x', aggregate: 'a,b\n1,2\n', metrics: '' }),
      /aggregate\.csv ends its header with metric/,
    )
  })
})
