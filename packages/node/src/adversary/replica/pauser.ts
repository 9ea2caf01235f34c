import type { Input } from '@commonweal/protocol'
import { withStep } from './faulty-process.ts'
import type { Process } from './process.ts'
import type { Spell } from './spell.ts'

/** Stands still for a spell, as a process that is stopped and continued: what came meanwhile it takes in afterwards, in order. */
export function createPauser(process: Process, spell: Spell): Process {
  const waiting: Input[] = []
  let pausedUntilMs: number | null = null
  return {
    ...withStep(process, (input) => {
      const { nowMs } = input
      pausedUntilMs ??= spell(nowMs, process.inspect().epoch)
      if (pausedUntilMs !== null && nowMs < pausedUntilMs) {
        waiting.push(input)
        return []
      }
      pausedUntilMs = null
      const late = waiting.splice(0).flatMap((one) => process.step({ ...one, nowMs }))
      // Whoever sent those messages waits for no verdict any more.
      return [...late.filter(({ kind }) => kind !== 'verdict'), ...process.step(input)]
    }),
    nextDeadlineMs: () => pausedUntilMs ?? process.nextDeadlineMs(),
  }
}
