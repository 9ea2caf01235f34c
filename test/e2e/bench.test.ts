import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Command, run, withFolder } from './command.ts'
import { until } from './until.ts'

/** Runs that take long enough to be stopped in the middle: five agents bargain over a law of their own. */
const TEXT = `
name: killed
population: [{ policy: utility, count: 5 }]
contract: law
scenario: { rounds: 3 }
seeds: 6
`

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return new Map(names.map((name, index) => [name, texts[index] ?? '']))
}

async function assertSame(one: string, other: string): Promise<void> {
  const [found, expected] = [await filesOf(one), await filesOf(other)]
  assert.deepEqual([...found.keys()], [...expected.keys()])
  for (const [name, text] of expected) assert.ok(found.get(name) === text, `${name} differs`)
}

async function lineCount(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'runs.jsonl'), 'utf8').catch(() => '')
  return text.split('\n').length - 1
}

describe('commonweal bench', () => {
  it('makes one folder byte for byte: killed and resumed, interrupted and resumed, or not', async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'killed.yaml'), TEXT)
      const bench = (out: string, ...more: readonly string[]): readonly string[] => [
        'bench',
        'run',
        'killed.yaml',
        '--out',
        out,
        '--jobs',
        '1',
        ...more,
      ]
      const whole = await run(bench('whole'), folder)
      assert.equal(whole.code, 0, whole.stderr)
      assert.match(whole.stdout, /6 runs, 0 failed\. Results: whole/)

      const killed = new Command(bench('killed'), folder)
      await until('two runs are over', async () => (await lineCount(join(folder, 'killed'))) >= 2)
      killed.signal('SIGKILL')
      await killed.exit
      const left = await lineCount(join(folder, 'killed'))
      assert.ok(left >= 2 && left < 6, `${left} runs were over`)
      const refused = await run(bench('killed'), folder)
      assert.equal(refused.code, 2)
      assert.match(refused.stderr, /holds \d runs of this experiment already; resume it/)
      assert.equal((await run(bench('killed', '--resume'), folder)).code, 0)
      await assertSame(join(folder, 'killed'), join(folder, 'whole'))

      const stopped = new Command(bench('stopped'), folder)
      await until('a run is over', async () => (await lineCount(join(folder, 'stopped'))) >= 1)
      stopped.signal('SIGINT')
      assert.equal(await stopped.exit, 130)
      assert.match(
        stopped.stderr,
        /Stopped after \d of 6 runs; they are kept\. Go on with:\n.*--resume/,
      )
      assert.equal((await run(bench('stopped', '--resume'), folder)).code, 0)
      await assertSame(join(folder, 'stopped'), join(folder, 'whole'))

      const same = await run(['bench', 'compare', 'whole', 'stopped', '--metric', 'R'], folder)
      assert.equal(same.code, 0, same.stderr)
      assert.match(same.stdout, /6 pairs of runs, 6 with the same outcome/)
    })
  })

  it('says where a file is wrong, and which experiments there are', async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'wrong.yaml'), 'name: wrong\nscenario:\n  round: 3\n')
      const wrong = await run(['bench', 'run', 'wrong.yaml'], folder)
      assert.equal(wrong.code, 2)
      assert.match(
        wrong.stderr,
        /^error: wrong\.yaml:3:3: scenario: «round»: unknown field; accepted: /,
      )
      const unknown = await run(['bench', 'run', 'nothing'], folder)
      assert.equal(unknown.code, 2)
      assert.match(unknown.stderr, /no file nothing; accepted: a YAML file, or .*dose-response/)
    })
  })
})
