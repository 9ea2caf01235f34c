import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Checkpoint,
  type LocalNetwork,
  parseCheckpoint,
  writeBundle,
} from '@commonweal/node/local'
import type { Genesis } from '@commonweal/protocol'
import { createNodeApi } from './node-api.ts'

/**
 * Writes the join bundle of a launched network into its folder, with the latest checkpoint that a node tells. A reader finds
 * the one before or this one, never a mixture.
 *
 * Result  the bundle's folder.
 */
export async function saveBundle(
  folder: string,
  genesis: Genesis,
  network: LocalNetwork,
): Promise<string> {
  const running = network.nodes.filter(({ index }) => network.isRunning(index))
  const bundle = join(folder, 'bundle')
  writeBundle(`${bundle}.new`, {
    name: genesis.name,
    genesis,
    bootNodes: running.flatMap(({ addresses }) => addresses.slice(0, 1)),
    checkpointAddresses: running.map(({ api }) => `${api}/checkpoint`),
    expiresAtMs: null,
    checkpoint: await findCheckpoint(running),
  })
  await rename(bundle, `${bundle}.old`).catch(() => undefined)
  await rename(`${bundle}.new`, bundle)
  await rm(`${bundle}.old`, { recursive: true, force: true })
  return bundle
}

/** The end of the last epoch that a node knows; null in the first epoch. */
async function findCheckpoint(nodes: LocalNetwork['nodes']): Promise<Checkpoint | null> {
  for (const { api, dataFolder } of nodes) {
    const told = await createNodeApi(api, dataFolder)
      .get('/checkpoint')
      .catch(() => undefined)
    if (told !== undefined) return parseCheckpoint(told)
  }
  return null
}
