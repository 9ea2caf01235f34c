import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, withFolder } from './e2e/command.ts'
import { startModelServer } from './model-server.ts'
import { playVillager, VILLAGER, VILLAGER_NOTE } from './scripted-villager.ts'

/** The recording that comes with the repository. */
export const RECORDING: string = fileURLToPath(
  new URL('../packages/bench/data/scripted-villager.jsonl', import.meta.url),
)

/** What the grid is recorded with; the price is made up, so that there is something to add up. */
const FLAGS = ['--model', VILLAGER, '--seeds', '2', '--price', '0.25/2', '--note', VILLAGER_NOTE]

/**
 * Records the grid of language models as the scripted villager answers it over HTTP: one run at a time, so that the file is always
 * the same.
 *
 * Result  the file `villager.jsonl` and the folder `recorded` in this folder.
 */
export async function recordVillager(folder: string): Promise<string> {
  await using server = await startModelServer(playVillager)
  const file = join(folder, 'villager.jsonl')
  const out = ['--out', join(folder, 'recorded'), '--record', file, '--jobs', '1', '--yes']
  const environment = { OPENAI_BASE_URL: server.url }
  const { code, stderr } = await run(['bench', 'paper', ...FLAGS, ...out], folder, environment)
  if (code !== 0) throw new Error(`the recording ended with code ${code}:\n${stderr}`)
  return file
}

if (import.meta.main) {
  await withFolder(async (folder) => copyFile(await recordVillager(folder), RECORDING))
  process.stdout.write(`Recorded again: ${RECORDING}\n`)
}
