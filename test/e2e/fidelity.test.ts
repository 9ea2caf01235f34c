import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { Command, run, withFolder } from './command.ts'
import { until } from './until.ts'

const experiment = (fidelity: string, rounds: number): string => `name: ${fidelity}
scenario: { rounds: ${rounds} }
population: [{ policy: utility, count: 4 }]
contract: law
law: stock / 10
fidelity: ${fidelity}
seeds: [1]
`

const runSchema = z.object({ outcomeDigest: z.string() })

/** Runs an experiment by the command line and gives the digest of its one outcome. */
async function digestOf(fidelity: string, folder: string): Promise<string> {
  const path = join(folder, `${fidelity}.yaml`)
  const out = join(folder, `out-${fidelity}`)
  await writeFile(path, experiment(fidelity, 3))
  const { code, stderr } = await run(['bench', 'run', path, '--out', out], folder)
  assert.equal(code, 0, stderr)
  const [line] = (await readFile(join(out, 'runs.jsonl'), 'utf8')).split('\n')
  return runSchema.parse(JSON.parse(line ?? '')).outcomeDigest
}

test('one experiment comes to the same by rounds, among simulated replicas and among real processes', () =>
  withFolder(async (folder) => {
    const before = await leftovers()
    const digests = [
      await digestOf('rounds', folder),
      await digestOf('sim', folder),
      await digestOf('net', folder),
    ]
    assert.equal(new Set(digests).size, 1, digests.join())
    assert.deepEqual(await leftovers(), before, 'no folder is left')
  }))

test('Ctrl-C in a run of real processes ends them all, and leaves no folder behind', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'net.yaml')
    await writeFile(path, experiment('net', 100))
    const before = await leftovers()
    const command = new Command(['bench', 'run', path, '--out', join(folder, 'out')], folder)
    const started = async (): Promise<readonly string[]> =>
      (await leftovers()).filter((name) => !before.includes(name))
    await until('four nodes run', async () => nodesIn(await started()).length === 4)
    const folders = await started()
    const pids = nodesIn(folders)
    command.signal('SIGINT')
    assert.equal(await command.exit, 130, command.stderr)
    assert.match(command.stderr, /Stopped after 0 of 1 runs/)
    assert.deepEqual(nodesIn(folders), [], `of ${pids.join()}`)
    assert.deepEqual(await started(), [])
  }))

/** Folders of networks that runs have made. */
async function leftovers(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('commonweal-bench-'))
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
