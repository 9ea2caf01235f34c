import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { RunReader, RunWriter } from './run-log.ts'
import { formatRun } from './stored-run.ts'

const ids = ['a', 'b'].map((letter) => letter.repeat(32))
const lines = ids.map((id, index) =>
  formatRun(
    { id },
    {
      status: 'done',
      outcome: null,
      outcomeDigest: 'd',
      metrics: { R: index, gap: null },
      events: [{ kind: 'Größe', round: 1 }],
    },
  ),
)

function withLog(work: (path: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'run-log-'))
    const path = join(folder, 'runs.jsonl')
    const writer = new RunWriter(path)
    for (const line of lines) writer.append(line)
    writer.close()
    try {
      await work(path)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

test(
  'a log gives back each run by its id, as it was written',
  withLog(async (path) => {
    const reader = await RunReader.open(path)
    assert.deepEqual([...reader.ids], ids)
    assert.equal(await reader.lineOf(ids[1] ?? ''), lines[1])
    const run = await reader.runOf(ids[1] ?? '')
    assert.deepEqual(run?.status === 'done' && run.metrics, { R: 1, gap: null })
    assert.equal(await reader.lineOf('c'.repeat(32)), undefined)
    await reader.close()
  }),
)

test(
  'wherever the last line was cut off, what is whole counts and the rest is known to be torn',
  withLog(async (path) => {
    const whole = statSync(path).size
    const bytes = Buffer.from(
      formatRun({ id: 'c'.repeat(32) }, { status: 'failed', reason: 'ö', events: [] }),
    )
    for (const byte of bytes) {
      appendFileSync(path, Buffer.from([byte]))
      const reader = await RunReader.open(path)
      assert.equal(reader.end, whole)
      assert.equal(reader.ids.size, 2)
      await reader.close()
    }
  }),
)

test(
  'a run twice is one run, and two results of one run are an error that names the line',
  withLog(async (path) => {
    appendFileSync(path, `${lines[0]}\n`)
    const reader = await RunReader.open(path)
    assert.equal(reader.ids.size, 2)
    await reader.close()
    appendFileSync(path, `${lines[0]?.replace('"R":0', '"R":9')}\n`)
    await assert.rejects(RunReader.open(path), /runs\.jsonl:4:1: another result of run a{32}/)
  }),
)

test(
  'a line that is no run is an error that names the line',
  withLog(async (path) => {
    appendFileSync(path, '{"id":"x"}\n')
    await assert.rejects(RunReader.open(path), /runs\.jsonl:3:1: this line is no run/)
  }),
)
