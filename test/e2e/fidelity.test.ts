import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { Command, run, withFolder } from './command.ts'
import { until } from './until.ts'

const LOSSY = 'network: { latencyMs: 10, jitterMs: 20, loss: 0.01 }\n'

const experiment = (fidelity: string, rounds: number): string => `name: ${fidelity}
scenario: { rounds: ${rounds} }
population: [{ policy: utility, count: 4 }]
contract: law
law: stock / 10
fidelity: ${fidelity}
seeds: [1]
`

const market = (fidelity: string): string => `name: ${fidelity}
scenario: { kind: forecast, market: weather, chain: short, questions: 2 }
population: [{ policy: forecaster, prosociality: 1 }]
fidelity: ${fidelity}
seeds: [1]
`

const runSchema = z.object({ outcomeDigest: z.string().optional(), reason: z.string().optional() })

/** Runs an experiment by the command line at every fidelity and gives the digests of its outcomes. */
async function digestsOf(
  write: (fidelity: string) => string,
  folder: string,
): Promise<readonly string[]> {
  const digests: string[] = []
  for (const fidelity of ['rounds', 'sim', 'net']) {
    digests.push(await digestOf(fidelity, write(fidelity), folder))
  }
  return digests
}

async function digestOf(name: string, text: string, folder: string): Promise<string> {
  const path = join(folder, `${name}.yaml`)
  const out = join(folder, `out-${name}`)
  await writeFile(path, text)
  const { code, stderr } = await run(['bench', 'run', path, '--out', out], folder)
  assert.equal(code, 0, stderr)
  const [line] = (await readFile(join(out, 'runs.jsonl'), 'utf8')).split('\n')
  const { outcomeDigest, reason } = runSchema.parse(JSON.parse(line ?? ''))
  assert.ok(outcomeDigest !== undefined, reason)
  return outcomeDigest
}

test('one experiment comes to the same by rounds, among simulated replicas and among real processes, lossy links or not', () =>
  withOwnTmp(async (folder) => {
    const digests = [
      ...(await digestsOf((fidelity) => experiment(fidelity, 3), folder)),
      await digestOf('lossy', experiment('net', 3) + LOSSY, folder),
    ]
    assert.equal(new Set(digests).size, 1, digests.join())
    assert.deepEqual(await leftovers(folder), [], 'no folder is left')
  }))

test('so does a market of forecasts: what was said, what passed on, and what everybody keeps', () =>
  withOwnTmp(async (folder) => {
    const digests = await digestsOf(market, folder)
    assert.equal(new Set(digests).size, 1, digests.join())
    assert.deepEqual(await leftovers(folder), [], 'no folder is left')
  }))

test('Ctrl-C in a run of real processes ends them all, and leaves no folder behind', () =>
  withOwnTmp(async (folder) => {
    const path = join(folder, 'net.yaml')
    await writeFile(path, experiment('net', 100))
    const command = new Command(['bench', 'run', path, '--out', join(folder, 'out')], folder)
    await until('four nodes run', async () => nodesIn(await leftovers(folder)).length === 4)
    const folders = await leftovers(folder)
    const pids = nodesIn(folders)
    command.signal('SIGINT')
    assert.equal(await command.exit, 130, command.stderr)
    assert.match(command.stderr, /Stopped after 0 of 1 runs/)
    assert.deepEqual(nodesIn(folders), [], `of ${pids.join()}`)
    assert.deepEqual(await leftovers(folder), [])
  }))

test('a run of which a process is killed is failed, and the next one is played', () =>
  withOwnTmp(async (folder) => {
    const path = join(folder, 'net.yaml')
    await writeFile(path, `${experiment('net', 2).replace('[1]', '[1, 2]')}`)
    const command = new Command(['bench', 'run', path, '--out', join(folder, 'out')], folder)
    await until('four nodes run', async () => nodesIn(await leftovers(folder)).length === 4)
    const [victim] = nodesIn(await leftovers(folder))
    assert(victim !== undefined)
    process.kill(victim, 'SIGKILL')
    assert.equal(await command.exit, 0, command.stderr)
    assert.match(command.stdout, /2 runs, 1 failed/)
    assert.deepEqual(await leftovers(folder), [])
  }))

/** Folders of networks that runs have made. */
async function leftovers(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('commonweal-bench-'))
}

/** A folder that is also where commands put what is temporary, so that only theirs is in it. */
async function withOwnTmp(use: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = folder
    try {
      await use(folder)
    } finally {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
  })
}

/** Ids of the processes whose command line names one of these folders. */
function nodesIn(folders: readonly string[]): readonly number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    const line = commandLineOf(entry)
    return folders.some((folder) => line.includes(folder)) ? [Number(entry)] : []
  })
}

function commandLineOf(entry: string): string {
  try {
    return readFileSync(`/proc/${entry}/cmdline`, 'utf8')
  } catch {
    // It has ended since it was listed.
    return ''
  }
}
