import { join } from 'node:path'
import type { Bundle, ConfigFile, Fault } from '@commonweal/node/local'
import { KEY_FILE } from '../key-file.ts'

/** Peers whose heads are compared, where the bundle names as many. */
const HEADS_COMPARED = 3
/** How long peers are waited for. */
const PEER_PATIENCE_MS = 10_000

/** The configuration of a node that joins the network of a bundle. */
export function createJoinConfig(options: {
  readonly bundle: Bundle
  readonly bundleFolder: string
  readonly part: { readonly agent: NonNullable<ConfigFile['agent']> }
  readonly fault: Fault | null
}): Omit<ConfigFile, 'name' | 'dataFolder'> {
  const { bundle, bundleFolder, part, fault } = options
  return {
    genesis: join(bundleFolder, 'genesis.json'),
    key: { file: KEY_FILE },
    bootNodes: [...bundle.bootNodes],
    agent: part.agent,
    fault,
    join: {
      checkpoint: bundle.checkpoint === null ? null : join(bundleFolder, 'checkpoint.json'),
      headCountMin: Math.min(HEADS_COMPARED, Math.max(1, bundle.bootNodes.length)),
      patienceMs: PEER_PATIENCE_MS,
    },
  }
}
