import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { mergeFolders } from './merge.ts'
import { readFolder } from './read-folder.ts'
import { type RunOptions, type RunReport, runExperiment } from './run-experiment.ts'

const TEXT = `
name: small
population: [{ policy: greedy, count: 3 }]
law: stock / 6
seeds: 4
sweep: { contract: [none, law], scenario.regeneration: [deterministic, iid] }
`
const experiment = parseExperiment(TEXT, 'small.yaml')
const base = mkdtempSync(join(tmpdir(), 'experiment-'))
after(() => rmSync(base, { recursive: true }))

function run(name: string, options: Partial<RunOptions> = {}): Promise<RunReport> {
  return runExperiment({
    experiment,
    folder: join(base, name),
    shard: null,
    isResumed: false,
    jobCount: 2,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  })
}

function filesOf(name: string): Readonly<Record<string, string>> {
  const folder = join(base, name)
  const files = readdirSync(folder).toSorted()
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

/** Names the first file that differs instead of printing all of it. */
function assertSame(name: string, expected: Readonly<Record<string, string>>): void {
  const found = filesOf(name)
  assert.deepEqual(Object.keys(found), Object.keys(expected))
  for (const [file, text] of Object.entries(expected)) {
    assert.ok(found[file] === text, `${file} of ${name} differs`)
  }
}

describe('the folder of an experiment', async () => {
  const report = await run('whole')
  const whole = filesOf('whole')

  it('has a manifest, the runs, their events and two tables', () => {
    assert.deepEqual(Object.keys(whole), [
      'aggregate.csv',
      'events.jsonl',
      'manifest.json',
      'metrics.csv',
      'runs.jsonl',
    ])
    assert.deepEqual([report.doneCount, report.failedCount, report.runCount], [16, 0, 16])
    assert.equal(report.cells?.length, 4)
    assert.equal(whole['metrics.csv']?.trimEnd().split('\n').length, 17)
  })

  it('is the same byte for byte with one process', async () => {
    await run('alone', { jobCount: 1 })
    assertSame('alone', whole)
  })

  it('is the same when it was stopped, torn and resumed', async () => {
    const stop = new AbortController()
    const stopped = await run('stopped', {
      signal: stop.signal,
      onProgress: ({ doneCount }) => {
        if (doneCount === 3) stop.abort()
      },
    })
    assert.equal(stopped.cells, null)
    assert.ok(stopped.doneCount >= 3 && stopped.doneCount < 16)
    const log = join(base, 'stopped', 'runs.jsonl')
    writeFileSync(log, `${readFileSync(log, 'utf8')}{"id":"0123`)

    await assert.rejects(run('stopped'), /holds \d+ runs of this experiment already; resume it/)
    const counts: number[] = []
    await run('stopped', {
      isResumed: true,
      onProgress: ({ doneCount }) => counts.push(doneCount),
    })
    assert.equal(counts[0], stopped.doneCount)
    assert.equal(counts.length, 1 + 16 - stopped.doneCount)
    assertSame('stopped', whole)
  })

  it('is the same when four shards were merged, in any order', async () => {
    const shards = [1, 2, 3, 4].map((index) => ({ index, count: 4 }))
    for (const shard of shards) await run(`part-${shard.index}`, { shard, jobCount: 1 })
    const folders = [3, 1, 4, 2].map((index) => join(base, `part-${index}`))
    await assert.rejects(
      mergeFolders(folders.slice(1), join(base, 'merged')),
      /4 of 16 runs are missing, the first of index 2 and seed 3; given: shard 1\/4, shard 4\/4/,
    )
    await mergeFolders(folders, join(base, 'merged'))
    assertSame('merged', whole)
    const { runs } = await readFolder(join(base, 'merged'))
    assert.equal(runs.length, 16)
  })

  it('is not merged where two folders differ about a run', async () => {
    const log = join(base, 'part-4', 'runs.jsonl')
    const text = readFileSync(log, 'utf8')
    const [first = ''] = text.split('\n')
    writeFileSync(join(base, 'part-1', 'runs.jsonl'), `${first.replace('"R":', '"R":1')}\n`, {
      flag: 'a',
    })
    const folders = [1, 2, 3, 4].map((index) => join(base, `part-${index}`))
    await assert.rejects(mergeFolders(folders, join(base, 'wrong')), /another result of run/)
  })

  it('is refused to another experiment, to another shard, and to whoever finds other files there', async () => {
    const other = parseExperiment(`${TEXT}contractDelay: 1`, 'other.yaml')
    await assert.rejects(
      run('whole', { experiment: other, isResumed: true }),
      /holds another experiment \(small, digest [0-9a-f]{12}; this is small, [0-9a-f]{12}\)/,
    )
    await assert.rejects(
      run('whole', { shard: { index: 1, count: 2 }, isResumed: true }),
      /holds a whole experiment and not shard 1\/2/,
    )
    writeFileSync(join(base, 'note.txt'), 'mine')
    await assert.rejects(run('.'), /is not empty and holds no experiment/)
  })

  it('is refused when its manifest was changed', async () => {
    const path = join(base, 'alone', 'manifest.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"greedy"', '"steady"'))
    await assert.rejects(readFolder(join(base, 'alone')), /no manifest of an experiment, or it was/)
  })
})
