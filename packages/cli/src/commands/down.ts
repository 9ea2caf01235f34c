import { setTimeout as sleep } from 'node:timers/promises'
import { createNodeApi } from '../node-api.ts'
import { createOutput } from '../output.ts'
import { chooseNetwork, isAlive } from '../run-folder.ts'
import { CommandError } from '../usage-error.ts'
import type { NetworkFlags } from './ps.ts'

const PATIENCE_MS = 15_000
const LOOK_MS = 100

/** Asks every node of a network to stop, and waits until they and the command that started them have ended. */
export async function runDown(flags: NetworkFlags): Promise<void> {
  const output = createOutput(flags)
  const { record } = await chooseNetwork(flags.data, flags.network)
  const asked = await Promise.all(
    record.nodes.map(({ api, dataFolder }) =>
      createNodeApi(api, dataFolder)
        .post('/stop')
        .then(
          () => true,
          () => false,
        ),
    ),
  )
  const pids = [...record.nodes.map(({ pid }) => pid), record.pid]
  const count = asked.filter(Boolean).length
  if (count > 0) await waitForEnd(pids)
  output.json({ network: record.name, stopped: count })
  output.line(count === 0 ? `${record.name} had ended before.` : `${record.name} is down.`)
}

async function waitForEnd(pids: readonly number[]): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS
  for (;;) {
    const left = pids.filter(isAlive)
    if (left.length === 0) return
    if (performance.now() > deadlineMs) {
      throw new CommandError(`asked to stop, and still running: process ${left.join(', ')}`)
    }
    await sleep(LOOK_MS)
  }
}
