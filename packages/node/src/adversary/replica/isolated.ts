import { withStep } from './faulty-process.ts'
import type { Process } from './process.ts'
import type { Spell } from './spell.ts'

const HEARD = ['message', 'certificate', 'block', 'chain']
const SAID = ['publish', 'send', 'fetch-block', 'sync']

/** Runs on, but for a spell hears nobody and reaches nobody. */
export function createIsolated(process: Process, spell: Spell): Process {
  let cutUntilMs: number | null = null
  return withStep(process, (input) => {
    const { nowMs } = input
    if (cutUntilMs !== null && nowMs >= cutUntilMs) cutUntilMs = null
    cutUntilMs ??= spell(nowMs, process.inspect().epoch)
    if (cutUntilMs === null) return process.step(input)
    if (HEARD.includes(input.kind)) return []
    return process.step(input).filter(({ kind }) => !SAID.includes(kind))
  })
}
