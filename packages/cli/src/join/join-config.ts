import { join } from 'node:path'
import { type Bundle, type ConfigFile, type Fault, KEEP_EPOCHS_MIN } from '@commonweal/node/local'
import type { Genesis } from '@commonweal/protocol'
import { InvalidArgumentError } from 'commander'
import { KEY_FILE } from '../key-file.ts'

/** Peers whose heads are compared, where the bundle names as many. */
const HEADS_COMPARED = 3
/** How long peers are waited for. */
const PEER_PATIENCE_MS = 10_000

/** Epochs of which blocks are kept; undefined where the operator does not say. */
export type KeepEpochs = number | 'all' | undefined

export function parseKeepEpochs(text: string): number | 'all' {
  if (text === 'all') return text
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value >= KEEP_EPOCHS_MIN) return value
  throw new InvalidArgumentError(`Accepted: a whole number from ${KEEP_EPOCHS_MIN} on, or all.`)
}

/** As many as stake stays bonded for, unless the operator wants it otherwise; null for all. */
function countKeptEpochs(wanted: KeepEpochs, { epochs }: Genesis): number | null {
  if (wanted === 'all') return null
  return wanted ?? Math.max(KEEP_EPOCHS_MIN, epochs.unbondingEpochs)
}

/** The configuration of a node that joins the network of a bundle. */
export function createJoinConfig(options: {
  readonly bundle: Bundle
  readonly bundleFolder: string
  readonly part: { readonly agent: NonNullable<ConfigFile['agent']> }
  readonly fault: Fault | null
  readonly keepEpochs: KeepEpochs
}): Omit<ConfigFile, 'name' | 'dataFolder'> {
  const { bundle, bundleFolder, part, fault, keepEpochs } = options
  return {
    genesis: join(bundleFolder, 'genesis.json'),
    key: { file: KEY_FILE },
    bootNodes: [...bundle.bootNodes],
    agent: part.agent,
    fault,
    keepEpochs: countKeptEpochs(keepEpochs, bundle.genesis),
    join: {
      checkpoint: bundle.checkpoint === null ? null : join(bundleFolder, 'checkpoint.json'),
      headCountMin: Math.min(HEADS_COMPARED, Math.max(1, bundle.bootNodes.length)),
      patienceMs: PEER_PATIENCE_MS,
    },
  }
}
