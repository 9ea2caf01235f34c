import type { Digest } from '../../codec/digest.ts'
import { createStream } from '../randomness.ts'

/**
 * Divides the stock among requests. [COM-5]
 *
 * Where the requests fit, everyone gets its own. Otherwise, while stock remains, one unit goes to a uniformly random seat
 * among those whose request is not yet met, these counted in the order of seats.
 *
 * Shape   requests: non-negative integers by seat; stock: a non-negative integer.
 * Result  catches by seat, their sum min(stock, sum of the requests).
 * Cost    O(stock) draws, one byte each for up to 256 seats; none where the requests fit.
 */
export function ration(
  requests: readonly number[],
  stock: number,
  beacon: Digest,
): readonly number[] {
  let wanted = 0
  for (const request of requests) wanted += request
  if (wanted <= stock) return requests

  const stream = createStream(beacon, 'rationing')
  const catches = requests.map(() => 0)
  const open = requests.flatMap((request, seat) => (request > 0 ? [seat] : []))
  let left = stock
  while (left > 0 && open.length > 1) {
    const place = stream.below(open.length)
    const seat = open[place] ?? 0
    const got = (catches[seat] ?? 0) + 1
    catches[seat] = got
    left -= 1
    if (got === requests[seat]) open.splice(place, 1)
  }
  const [last] = open
  if (last !== undefined) catches[last] = (catches[last] ?? 0) + left
  return catches
}
