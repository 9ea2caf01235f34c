import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createOutput } from '../output.ts'
import { FAULTS_SHOWN_MAX } from '../question-files.ts'
import { STANDINGS_SHOWN_MAX } from '../result/render-forecast-import.ts'
import { CommandError, UsageError } from '../usage-error.ts'
import { type ForecastImportFlags, runForecastImport } from './forecast-import.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const EXAMPLE = fileURLToPath(new URL('../../../bench/data/example-questions', import.meta.url))
/** A public data set beside the repository; it is not a part of it. */
const MARKETS = fileURLToPath(
  new URL('../../../../../shared/data/replication-markets', import.meta.url),
)
const skip = existsSync(MARKETS) ? false : 'there is no ../shared/data beside the repository'

const QUESTIONS = 'qid,text,outcomes,open,close,outcome_index\n'
const FORECASTS = 'qid,forecaster,role,time,probs\n'
const RAIN = 'rain,Rain?,no|yes,2024-01-01,2024-01-02,1\n'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonweal-questions-'))
})
after(() => rm(folder, { recursive: true, force: true }))

describe('commonweal forecast import', () => {
  it('shows pools, market, weight and leaderboard of the example', async () => {
    const text = await run(EXAMPLE)
    assert.match(text, /20 questions, 20 of them with a forecast; 7 forecasters in the role survey/)
    assert.match(text, /pool, equal weights +0\.4017 +0\.2414 +20/)
    assert.match(text, /pool, weights of the update +0\.3926 +0\.2348 +20/)
    assert.match(text, /market, last price before the close +0\.3923/)
    assert.match(text, /ΣW 7000\.000000 before, 7000\.000000 after: the same to the micro-unit/)
    assert.match(text, /1 +sees-4-and-shouts +20 +\+4\.95 +1\.15 +× 1\.54/)
  })

  it('prints one JSON document, and the same figures in it', async () => {
    const report: unknown = JSON.parse(await run(EXAMPLE, { json: true }))
    const { replication, role, order } = objectOf(report)
    assert.deepEqual([role, order], ['survey', 'open'])
    const { weightBeforeMicro, weightAfterMicro, standings } = objectOf(replication)
    assert.deepEqual([weightBeforeMicro, weightAfterMicro], ['7000000000', '7000000000'])
    assert.ok(Array.isArray(standings) && standings.length === 7)
  })

  it('scores another role, in another order, with a house', async () => {
    const text = await run(EXAMPLE, { role: 'trade-price-after', order: 'close', house: 0.25 })
    assert.match(text, /1 forecaster in the role trade-price-after/)
    assert.match(text, /in the order of closing, a house with 25 % of the weight at first/)
    assert.match(text, /ΣW 1333\.333333 before, 1333\.333333 after/)
  })

  it('writes the whole leaderboard', async () => {
    await writeQuestions(...crowdOf(STANDINGS_SHOWN_MAX + 1))
    const out = join(folder, 'leaderboard.csv')
    const text = await run(folder, { out })
    assert.match(text, /and 1 more/)
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n')
    assert.equal(lines.length, STANDINGS_SHOWN_MAX + 2)
    assert.match(lines[1] ?? '', /^1,"a, 0",1,/)
    await assert.rejects(run(folder, { out: join(folder, 'no', 'where.csv') }), CommandError)
  })

  it('shows every fault by file and line, up to a limit, and then a count', async () => {
    const wrong = 'rain,ann,survey,2024-01-01,1|1\n'
    await writeQuestions(RAIN + RAIN, wrong.repeat(FAULTS_SHOWN_MAX))
    const error = await run(folder).catch((caught: unknown) => caught)
    assert.ok(error instanceof UsageError)
    const lines = error.message.split('\n')
    assert.equal(lines[0], `${FAULTS_SHOWN_MAX + 1} faults, nothing was imported`)
    assert.match(lines[1] ?? '', /questions\.csv:3 {2}duplicate-question: rain is there already/)
    assert.match(
      lines[2] ?? '',
      /forecasts\.csv:2 {2}not-a-whole: the probabilities add up to 2; accepted is 1/,
    )
    assert.equal(lines.at(-1), '  … and 1 more')
    assert.equal(lines.length, FAULTS_SHOWN_MAX + 2)
  })

  it('tells two letters of another encoding from one another by refusing both', async () => {
    await writeQuestions(RAIN)
    const said = 'rain,J\u00f6rg,survey,2024-01-01,0|1\nrain,J\u00e4rg,survey,2024-01-01,1|0\n'
    await writeFile(join(folder, 'forecasts.csv'), Buffer.from(FORECASTS + said, 'latin1'))
    await assert.rejects(
      run(folder),
      /^UsageError: 2 faults[^]*forecasts\.csv:2 {2}not-utf-8: [^]*forecasts\.csv:3 {2}not-utf-8/,
    )
  })

  it('says which roles there are when asked for another', async () => {
    await assert.rejects(run(EXAMPLE, { role: 'model' }), {
      name: 'UsageError',
      message: '--role model: nobody has it; accepted are survey (7), trade-price-after (1)',
    })
  })

  it('says what a folder without questions lacks', async () => {
    await assert.rejects(run(join(folder, 'nowhere')), /there is no .*nowhere; accepted/)
    await assert.rejects(run(MAIN), /this is no folder: .*main\.ts; accepted/)
    const empty = await mkdtemp(join(folder, 'empty-'))
    await assert.rejects(
      run(empty),
      /there is no file .*questions\.csv and no .*forecasts\.csv; accepted/,
    )
    await writeQuestions('')
    await assert.rejects(run(folder), /questions\.csv has no question/)
    await writeQuestions(RAIN)
    await assert.rejects(run(folder), /forecasts\.csv has no forecast/)
    await writeQuestions(RAIN, 'rain,ann,survey,2024-01-03,0|1\n')
    await assert.rejects(run(folder), /nobody in the role survey said anything before a close/)
  })

  it('lets no control character of a file reach the terminal', async () => {
    await writeQuestions(RAIN, 'rain,\u001b[31mann,survey,2024-01-01,0|1\n')
    assert.ok((await run(folder)).includes('·[31mann'))
    await writeQuestions(RAIN, 'rain,ann,survey,\u001b[2J,0|1\n')
    await assert.rejects(run(folder), /·\[2J is no time/)
  })

  it('ends with exit code 2 for faults and for options that cannot be', async () => {
    await writeQuestions('x\n')
    for (const args of [[folder], [EXAMPLE, '--house', '1'], [EXAMPLE, '--order', 'age']]) {
      const { status, stdout, stderr } = spawn(args)
      assert.equal(status, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, /accepted/i)
    }
  })

  it('ends in silence where nobody reads on', () => {
    const command = `"${process.execPath}" --conditions=source "${MAIN}" forecast import "${EXAMPLE}" | true`
    assert.equal(spawnSync('sh', ['-c', command], { encoding: 'utf8' }).stderr, '')
  })

  it('replication markets: .5948 for equal weights, .5853 for the update, weight conserved', {
    skip,
  }, () => {
    const { status, stdout } = spawn([MARKETS, '--json'])
    assert.equal(status, 0)
    const { replication, market } = objectOf(JSON.parse(stdout))
    const { equalPool, weightedPool, ...rest } = objectOf(replication)
    near(objectOf(equalPool)['logLoss'], 0.5948)
    near(objectOf(weightedPool)['logLoss'], 0.5853)
    near(objectOf(market)['logLoss'], 0.574)
    assert.deepEqual([rest['forecasterCount'], rest['cappedCount']], [345, 0])
    assert.equal(rest['weightAfterMicro'], rest['weightBeforeMicro'])
  })
})

async function run(from: string, flags: Partial<ForecastImportFlags> = {}): Promise<string> {
  let text = ''
  const sink = {
    write(part: string) {
      text += part
    },
  }
  const all = { order: 'open', json: false, ...flags } as const
  await runForecastImport(from, all, createOutput({ json: all.json, color: false }, sink, sink))
  return text
}

function spawn(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--conditions=source', MAIN, 'forecast', 'import', ...args], {
    encoding: 'utf8',
  })
}

async function writeQuestions(questions: string, forecasts = ''): Promise<void> {
  await writeFile(join(folder, 'questions.csv'), QUESTIONS + questions)
  await writeFile(join(folder, 'forecasts.csv'), FORECASTS + forecasts)
}

/** One question on which so many said something, the first of them the surest. */
function crowdOf(count: number): [questions: string, forecasts: string] {
  const said = Array.from(
    { length: count },
    (_, index) =>
      `rain,"a, ${index}",survey,2024-01-01,0.${String(index + 10)}|0.${String(90 - index)}\n`,
  )
  return [RAIN, said.join('')]
}

function objectOf(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null)
  return Object.fromEntries(Object.entries(value))
}

function near(value: unknown, expected: number): void {
  assert.ok(typeof value === 'number' && Math.abs(value - expected) <= 0.0005, `${String(value)}`)
}
