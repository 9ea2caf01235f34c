import type { Digest } from '../../codec/digest.ts'
import { present } from '../../invariant.ts'
import { createStream } from '../randomness.ts'
import type { MatrixGame } from './params.ts'

/** Two seats that meet; the first plays the rows. */
export type Pair = readonly [row: number, column: number]

/**
 * Divides seats into pairs. [GAM-4]
 *
 * Formula the seats in an order that `beacon` shuffles (place k, from the last to the second, changes with place below(k + 1))
 *         and `fixed` leaves; the first two are a pair, then the next two. An odd last seat meets nobody.
 */
export function matchSeats(
  matching: MatrixGame['matching'],
  seatCount: number,
  beacon: Digest,
): readonly Pair[] {
  const order = Array.from({ length: seatCount }, (_, seat) => seat)
  if (matching === 'beacon') shuffle(order, beacon)
  const pairs: Pair[] = []
  for (let place = 0; place + 1 < seatCount; place += 2) {
    pairs.push([seatAt(order, place), seatAt(order, place + 1)])
  }
  return pairs
}

function shuffle(order: number[], beacon: Digest): void {
  const stream = createStream(beacon, 'matching')
  for (let place = order.length - 1; place > 0; place--) {
    const other = stream.below(place + 1)
    const seat = seatAt(order, place)
    order[place] = seatAt(order, other)
    order[other] = seat
  }
}

function seatAt(order: readonly number[], place: number): number {
  return present(order[place], 'an order has a seat at each place')
}
