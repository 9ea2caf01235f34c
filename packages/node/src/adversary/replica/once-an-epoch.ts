import { withStep } from './faulty-process.ts'
import type { Process, ProcessEffect } from './process.ts'

/** Adds something to what a process does once an epoch, with the first word that it hears: then others hear it too. */
export function actOnceAnEpoch(
  process: Process,
  act: (place: { readonly epoch: number; readonly view: number }) => readonly ProcessEffect[],
): Process {
  let actedIn = 0
  return withStep(process, (input) => {
    const effects = process.step(input)
    if (input.kind !== 'message') return effects
    const { epoch, view } = process.inspect()
    if (epoch <= actedIn) return effects
    actedIn = epoch
    return [...effects, ...act({ epoch, view })]
  })
}
