import { withStep } from './replica/faulty-process.ts'
import type { Process } from './replica/process.ts'

/**
 * Dies in an epoch, once a block is final: what it was told last is lost, and what is on its disk is not.
 *
 * @param die ends the process at once.
 */
export function createMortal(process: Process, fromEpoch: number, die: () => void): Process {
  let isDead = false
  return {
    ...withStep(process, (input) => {
      const { epoch, height } = process.inspect()
      if (!isDead && (epoch < fromEpoch || height === 0)) return process.step(input)
      if (!isDead) die()
      isDead = true
      return []
    }),
    nextDeadlineMs: () => (isDead ? null : process.nextDeadlineMs()),
  }
}
