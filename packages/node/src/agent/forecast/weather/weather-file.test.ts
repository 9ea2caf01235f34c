import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError } from '../../../errors.ts'
import { loadWeatherDays, openWeatherFile } from './weather-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'weather-'))
after(() => rmSync(folder, { recursive: true }))

const HEADER = 'date,precipitation,temp_max,temp_min,wind,weather'
const LINES = [
  '2012-02-28,0.0,12.8,-5.0,4.7,drizzle',
  '2012-02-29,10.9,-0.6,-2.8,4.5,rain',
  '2012-03-01,0.8,11.7,7.2,2.3,sun',
]

function fileOf(lines: readonly string[], header = HEADER): string {
  const path = join(folder, 'days.csv')
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`)
  return path
}

describe('a weather file', () => {
  it('gives whole tenths, and the class as its place', () => {
    assert.deepEqual(loadWeatherDays(fileOf(LINES)).slice(0, 2), [
      {
        date: '2012-02-28',
        columns: { precipitation: 0, temp_max: 128, temp_min: -50, wind: 47, class: 0 },
      },
      {
        date: '2012-02-29',
        columns: { precipitation: 109, temp_max: -6, temp_min: -28, wind: 45, class: 2 },
      },
    ])
  })

  it('is read up to a date, and what lies there or later is not looked at', () => {
    const path = fileOf([...LINES.slice(0, 2), '2012-03-01,nothing,of,this', 'is read'])
    const days = loadWeatherDays(path, { before: '2012-03-01' })
    assert.deepEqual(
      days.map(({ date }) => date),
      ['2012-02-28', '2012-02-29'],
    )
    assert.throws(() => loadWeatherDays(path, { before: '2012-03-02' }), ConfigError)
  })

  it('gives a data agent the day before a date only', () => {
    const dayBefore = openWeatherFile(fileOf(LINES))
    assert.equal(dayBefore('2012-03-01')?.date, '2012-02-29')
    assert.equal(dayBefore('2012-02-28'), null)
    assert.equal(dayBefore('2012-03-03'), null)
    assert.equal(dayBefore('no date'), null)
  })

  it('is refused by line', () => {
    const refused: readonly [readonly string[], RegExp][] = [
      [['2012-02-30,0.0,1.0,1.0,1.0,sun'], /days\.csv:2: "2012-02-30" was given; accepted: a date/],
      [['2012-02-28,0.0,1.0,1.0,1.0,hail'], /days\.csv:2 weather: "hail".*drizzle, fog, rain/],
      [['2012-02-28,0.0,1.0,1.0,1.0'], /days\.csv:2: /],
      [['2012-02-28,0,1.0,1.0,1.0,sun'], /days\.csv:2 precipitation: "0" .*one decimal/],
      [['2012-02-28,0.0,1.0,1.05,1.0,sun'], /days\.csv:2 temp_min: "1\.05"/],
      [[LINES[0] ?? '', LINES[2] ?? ''], /days\.csv:3: "2012-03-01".*the day after 2012-02-28/],
      [[LINES[0] ?? '', LINES[0] ?? ''], /days\.csv:3: /],
    ]
    for (const [lines, message] of refused) {
      const path = fileOf(lines)
      assert.throws(() => loadWeatherDays(path), { name: 'ConfigError', message })
    }
    const path = fileOf(LINES, 'date,rain')
    assert.throws(() => loadWeatherDays(path), { message: /days\.csv:1: "date,rain"/ })
    assert.throws(() => loadWeatherDays(fileOf(LINES), { before: 'soon' }), { message: /^before/ })
    assert.throws(() => loadWeatherDays(join(folder, 'absent')), { message: /can be read/ })
  })
})
