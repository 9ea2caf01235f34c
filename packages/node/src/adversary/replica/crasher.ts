import type { Process } from './process.ts'
import type { Spell } from './spell.ts'

/**
 * Loses its process, and what came meanwhile, for a spell; then starts again from its disk.
 *
 * @param restart makes a process of what is on the disk.
 */
export function createCrasher(
  first: Process,
  spell: Spell,
  restart: (nowMs: number) => Process,
): Process {
  let process = first
  let downUntilMs: number | null = null
  return {
    step(input) {
      const { nowMs } = input
      downUntilMs ??= spell(nowMs, process.inspect().epoch)
      if (downUntilMs === null) return process.step(input)
      if (nowMs < downUntilMs) return []
      downUntilMs = null
      process = restart(nowMs)
      return process.step(input)
    },
    nextDeadlineMs: () => downUntilMs ?? process.nextDeadlineMs(),
    inspect: () => process.inspect(),
  }
}
