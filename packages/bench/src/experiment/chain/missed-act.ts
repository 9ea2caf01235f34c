import type { AgentId } from '@commonweal/protocol'
import { z } from 'zod'
import type { SeenEvent } from './chain-facts.ts'

/** Offences that an honest agent commits only when its act came too late. */
const LATE_OFFENCES = ['seal-not-revealed', 'share-not-revealed']

const absentSchema = z.looseObject({ round: z.int(), absent: z.array(z.boolean()) })

/**
 * The first act of an honest seat that did not get into a block in time, in a sentence; null where none is missing.
 *
 * Such a run says nothing about the agents: what it came to is what the network did.
 * @param faulty seats that are not expected to act in time.
 */
export function findMissedAct(
  seats: readonly AgentId[],
  faulty: ReadonlySet<number>,
  events: readonly SeenEvent[],
): string | null {
  let epoch = 1
  for (const event of events) {
    if (event.kind === 'phase') epoch = event.epoch
    if (event.kind === 'slashed' && LATE_OFFENCES.includes(event.offence)) {
      const seat = seats.indexOf(event.agent)
      if (!faulty.has(seat))
        return `seat ${seat} missed its phase in round ${epoch}: ${event.offence}`
    }
    if (event.kind !== 'round-settled') continue
    const { round, absent } = absentSchema.parse(event.row)
    const missing = absent.findIndex((isAbsent, seat) => isAbsent && !faulty.has(seat))
    if (missing !== -1) return `seat ${missing} did not seal its action in round ${round}`
  }
  return null
}
