import { type Prosociality, parseProsociality } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { Adversaries, Condition } from './experiment.ts'

/** Who sits in a seat. */
export interface ExperimentSeat {
  /** Entry of the population, from 0. */
  readonly entry: number
  readonly policy: string
  readonly prosociality: Prosociality
  /** What it turns into, and from which round on. */
  readonly adversary: { readonly kind: string; readonly fromRound: number } | null
}

/** The seats of a run: the population in its order, its last seats taken by the adversaries in theirs. */
export function seatsOf({ population, adversaries }: SeatedCondition): readonly ExperimentSeat[] {
  const seats = population.flatMap(({ policy, count, prosociality }, entry) =>
    Array.from({ length: count }, (): ExperimentSeat => {
      return { entry, policy, prosociality: prosocialityOf(prosociality), adversary: null }
    }),
  )
  const taken = adversaries.flatMap(({ kind, fromRound, ...size }) =>
    Array.from({ length: countOf(size, seats.length) }, () => ({ kind, fromRound })),
  )
  const firstTaken = Math.max(0, seats.length - taken.length)
  return seats.map((seat, index) => ({ ...seat, adversary: taken[index - firstTaken] ?? null }))
}

type SeatedCondition = Pick<Condition, 'population' | 'adversaries'>

/** How many seats adversaries take of a number of seats. */
export function countOf(
  { count, share }: Pick<Adversaries, 'count' | 'share'>,
  seatCount: number,
): number {
  return count ?? Math.round((share ?? 0) * seatCount)
}

function prosocialityOf(written: number | string): Prosociality {
  const parsed = parseProsociality(String(written))
  return present(parsed.ok ? parsed.value : null, 'a file that was read has good weights')
}
