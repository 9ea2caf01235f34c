import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Input, ReplicaView } from '@commonweal/protocol'
import { formatJson } from './json.ts'

export interface Crash {
  readonly error: Error
  /** What was being stepped. */
  readonly input: Input | undefined
  readonly view: ReplicaView | null
  readonly networkId: string
  readonly nowMs: number
}

/** Writes `crash-<instant>.json`: with the journal beside it, all that is needed to see the same again. */
export function dumpCrash(folder: string, crash: Crash): string {
  const { error, nowMs, ...facts } = crash
  const path = join(folder, `crash-${nowMs}.json`)
  const { name, message, stack } = error
  writeFileSync(path, `${formatJson({ error: { name, message, stack }, nowMs, ...facts }, 2)}\n`)
  return path
}
