import { writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { readCheckpoint } from './bundle.ts'
import type { JoinConfig } from './config.ts'
import { type Joined, type JoinOptions, joinNetwork } from './join.ts'
import { JoinError } from './join-error.ts'
import { formatJson } from './json.ts'
import type { Host } from './network/port.ts'
import type { ClockPort, LogPort } from './ports.ts'

export interface NewcomerOptions extends Omit<JoinOptions, 'checkpoint' | 'headCountMin'> {
  readonly join: JoinConfig
  readonly host: Host
  readonly clock: ClockPort
  /** Where evidence of two histories is kept. */
  readonly folder: string
}

/**
 * Waits for peers, then joins. Where peers prove two histories, both are kept for a person to see.
 *
 * Errors  JoinError · BundleError for the checkpoint
 */
export async function joinFirst(options: NewcomerOptions): Promise<Joined> {
  const { join, host, clock, folder, log } = options
  const checkpoint = join.checkpoint === null ? null : readCheckpoint(join.checkpoint)
  const deadlineMs = clock.nowMs() + join.patienceMs
  const attempt = { ...options, checkpoint, headCountMin: join.headCountMin }
  try {
    for (;;) {
      await waitForPeers(host, clock, { ...join, deadlineMs })
      const joined = await tryToJoin(attempt, () => clock.nowMs() < deadlineMs)
      if (joined !== null) return joined
      await pause(clock)
    }
  } catch (error) {
    if (error instanceof JoinError) keepEvidence(error, folder, log)
    throw error
  }
}

/** Writes two histories that are both proven to `conflict.json` in this folder, for a person to see. */
export function keepEvidence(error: JoinError, folder: string, log: LogPort): void {
  if (error.evidence.length === 0) return
  const path = joinPath(folder, 'conflict.json')
  writeFileSync(path, `${formatJson(error.evidence, 2)}\n`)
  log.error({ path, ...error.facts }, 'two histories are proven')
}

const LOOK_MS = 50

/** Resolves when there are enough peers, or when patience ends. */
async function waitForPeers(
  host: Host,
  clock: ClockPort,
  { headCountMin, deadlineMs }: { readonly headCountMin: number; readonly deadlineMs: number },
): Promise<void> {
  while (host.peers().length < headCountMin && clock.nowMs() < deadlineMs) await pause(clock)
}

/** Null where too few of the peers that are there told the truth, and others may come. Errors  JoinError */
async function tryToJoin(options: JoinOptions, mayWait: () => boolean): Promise<Joined | null> {
  try {
    return await joinNetwork(options)
  } catch (error) {
    if (error instanceof JoinError && error.code === 'too-few-peers' && mayWait()) return null
    throw error
  }
}

function pause(clock: ClockPort): Promise<void> {
  return new Promise((resolve) => {
    clock.alarm(LOOK_MS, resolve)
  })
}
