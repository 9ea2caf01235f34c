import { randomInt } from 'node:crypto'
import { invariant } from '@commonweal/protocol'
import type { Draws } from './replica/faulty-process.ts'

/** Draws that nobody can foresee. */
export const DRAWS: Draws = {
  below: (count) => (count === 0 ? 0 : randomInt(count)),
  chance: (ppm) => randomInt(1_000_000) < ppm,
  pick(items) {
    const item = items[randomInt(items.length)]
    invariant(item !== undefined, 'there is something to pick')
    return item
  },
}
