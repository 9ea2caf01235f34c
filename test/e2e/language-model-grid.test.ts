import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startModelServer } from '../model-server.ts'
import { RECORDING, recordVillager } from '../record-villager.ts'
import { playVillager, VILLAGER, VILLAGER_NOTE } from '../scripted-villager.ts'
import { Command, run, withFolder } from './command.ts'
import { until } from './until.ts'

const TEXT = `
name: villagers
scenario: { regeneration: iid }
population: [{ policy: llm, count: 2, prosociality: 1 }, { policy: llm, count: 3 }]
contract: law
seeds: 8
llm: { model: ${VILLAGER}, price: "0.25/2", isGuarded: false }
maxCost: 10
`

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const texts = await Promise.all(
    paths.map(
      async (path): Promise<[string, string]> => [
        path.slice(folder.length),
        await readFile(path, 'utf8'),
      ],
    ),
  )
  return new Map(texts.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function assertSame(one: string, other: string): Promise<void> {
  const [found, expected] = [await filesOf(one), await filesOf(other)]
  assert.deepEqual([...found.keys()], [...expected.keys()])
  for (const [name, text] of expected) assert.ok(found.get(name) === text, `${name} differs`)
}

async function lineCount(path: string): Promise<number> {
  return (await readFile(path, 'utf8').catch(() => '')).split('\n').length - 1
}

describe('commonweal bench paper --model', () => {
  it('records the grid over HTTP, and gives the same report from the recording of the repository', async () => {
    await withFolder(async (folder) => {
      const recorded = await readFile(await recordVillager(folder), 'utf8')
      assert.ok(recorded === (await readFile(RECORDING, 'utf8')), 'npm run record:villager')

      const again = join(folder, 'again')
      const replayed = await run(['bench', 'paper', '--replay', RECORDING, '--out', again], folder)
      assert.equal(replayed.code, 0, replayed.stderr)
      assert.match(replayed.stdout, new RegExp(`These are ${VILLAGER_NOTE}\\.`))
      assert.match(replayed.stdout, /^deterministic +none .* 6\.2 .* 195 /m)
      assert.match(replayed.stdout, /72 runs, 0 failed\. The report: again\/report\.html/)
      await assertSame(again, join(folder, 'recorded'))
      assert.ok((await readFile(join(again, 'report.html'), 'utf8')).includes(VILLAGER_NOTE))
    })
  })

  it('asks nobody before it has said what that may cost, and has a limit or a yes', async () => {
    await withFolder(async (folder) => {
      const environment = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
      const ask = (...flags: readonly string[]) =>
        run(['bench', 'paper', '--model', 'm', '--seeds', '1', ...flags], folder, environment)
      const silent = await ask('--price', '1/2')
      assert.equal(silent.code, 2)
      assert.match(silent.stderr, /36 runs ask m: at most 4,800 calls, .* at most \$\d+\.\d+\./)
      assert.match(silent.stderr, /give --max-cost with a price, or --yes/)
      const unpriced = await ask('--max-cost', '5')
      assert.equal(unpriced.code, 2)
      assert.match(unpriced.stderr, /a limit of cost needs a price for m/)
      const gone = await ask('--price', '1/2', '--max-cost', '5', '--out', 'gone')
      assert.equal(gone.code, 1)
      assert.match(gone.stderr, /error: connection-lost: /)
      assert.match(
        gone.stderr,
        /Go on with:\n.*--model m --seeds 1 --price 1\/2 --max-cost 5 --out gone --resume/,
      )
    })
  })
})

describe('commonweal bench run with a model', () => {
  it('makes one folder byte for byte: recorded, killed and resumed, interrupted and resumed, replayed', async () => {
    await withFolder(async (folder) => {
      await using server = await startModelServer(playVillager)
      await writeFile(join(folder, 'villagers.yaml'), TEXT)
      const environment = { OPENAI_BASE_URL: server.url }
      const bench = (out: string, ...more: readonly string[]): readonly string[] => {
        const flags = ['--out', out, '--jobs', '2', ...more]
        return ['bench', 'run', 'villagers.yaml', ...flags]
      }
      const whole = await run(bench('whole', '--record', 'whole.jsonl'), folder, environment)
      assert.equal(whole.code, 0, whole.stderr)
      assert.match(
        whole.stderr,
        /8 runs ask scripted-villager.*It stops before it has cost more than \$10/,
      )

      for (const [out, signal, code] of [
        ['killed', 'SIGKILL', null],
        ['stopped', 'SIGINT', 130],
      ] as const) {
        const recording = ['--record', `${out}.jsonl`]
        const command = new Command(bench(out, ...recording), folder, environment)
        const log = join(folder, out, 'runs.jsonl')
        await until('two runs are over', async () => (await lineCount(log)) >= 2)
        command.signal(signal)
        assert.equal(await command.exit, code)
        const left = await lineCount(log)
        assert.ok(left < 8, `${left} runs were over`)
        const resumed = await run(bench(out, ...recording, '--resume'), folder, environment)
        assert.equal(resumed.code, 0, resumed.stderr)
        await assertSame(join(folder, out), join(folder, 'whole'))
        const linesOf = async (name: string): Promise<readonly string[]> =>
          (await readFile(join(folder, `${name}.jsonl`), 'utf8')).split('\n').toSorted()
        assert.deepEqual(await linesOf(out), await linesOf('whole'))
      }

      const replayed = await run(bench('replayed', '--replay', 'killed.jsonl'), folder)
      assert.equal(replayed.code, 0, replayed.stderr)
      await assertSame(join(folder, 'replayed'), join(folder, 'whole'))
    })
  })
})
