import {
  type BoundLaw,
  checkLaw,
  commons,
  createLawState,
  type Law,
  present,
  settleEnd,
  settleRound,
} from '@commonweal/protocol'
import { type Renewal, stateAt } from './renewal.ts'

/** What all seats request at a round, stock and draw. */
export type Requests = (round: number, stock: number, draw: number) => readonly number[]

/** How a plan fares when selfish seats are asked to keep it. */
export interface HeldPlan {
  /** Expected harvest of all, if everybody keeps it. */
  readonly welfare: number
  /** The most that a seat gains by one other request, in any state that occurs and at any draw; 0 or less: the plan is held. */
  readonly gainMax: number
  readonly stateCount: number
}

/**
 * Plays a plan under a law by the real state machine, and tries every other request of every seat: an equilibrium is a plan that no
 * single step away from it betters. Seats whose requests are the same are alike, and one of them is tried.
 *
 * In the last round luck may divide the stock by who asks for how much; there the plan is taken as it is.
 * Shape   the law treats seats alike, and transfers no more than what is caught is worth.
 */
export function measureHeldPlan(renewal: Renewal, law: Law, requestsAt: Requests): HeldPlan {
  const { params, draws } = renewal
  const bound = bind(renewal, law)
  const known = new Map<string, readonly number[]>()
  let gainMax = Number.NEGATIVE_INFINITY

  const worthsOf = (moment: Moment): readonly number[] => {
    const { worths, next } = playOnce(renewal, bound, moment)
    if (next === null) return worths
    const later = valueAt(moment.round + 1, next)
    return worths.map((worth, seat) => worth + (later[seat] ?? 0))
  }
  const valueAt = (round: number, stock: number): readonly number[] => {
    const key = `${round}/${stock}`
    const before = known.get(key)
    if (before !== undefined) return before
    const byDraw = [...draws.keys()].map((draw) => {
      const requests = requestsAt(round, stock, draw)
      const worths = worthsOf({ round, stock, draw, requests })
      if (round < params.rounds) {
        for (const seat of requests.map((own) => requests.indexOf(own)).filter(isFirst)) {
          for (let own = 0; own <= stock; own++) {
            const bent = worthsOf({ round, stock, draw, requests: requests.with(seat, own) })
            gainMax = Math.max(gainMax, (bent[seat] ?? 0) - (worths[seat] ?? 0))
          }
        }
      }
      return worths
    })
    const value = Array.from({ length: renewal.seatCount }, (_, seat) => {
      return byDraw.reduce((sum, worths) => sum + (worths[seat] ?? 0), 0) / byDraw.length
    })
    known.set(key, value)
    return value
  }

  const worths = valueAt(1, params.capacity)
  const welfare = worths.reduce((sum, worth) => sum + worth, 0)
  return { welfare, gainMax, stateCount: known.size }
}

interface Moment {
  readonly round: number
  readonly stock: number
  readonly draw: number
  readonly requests: readonly number[]
}

const COLLATERAL_MICRO = 1_000_000_000n

function isFirst(seat: number, index: number, seats: readonly number[]): boolean {
  return seats.indexOf(seat) === index
}

function bind({ params, seatCount }: Renewal, law: Law): BoundLaw {
  const checked = checkLaw(law, commons.language(params, seatCount))
  if (!checked.ok) throw new RangeError(`${params.language} does not admit the law`)
  const everybody = Array.from({ length: seatCount }, () => true)
  return { law: checked.value, signer: everybody, bound: everybody }
}

/** What a round brings each seat, in units of catch, and the stock after it; null where the run is over. */
function playOnce(
  { params, seatCount, draws }: Renewal,
  bound: BoundLaw,
  { round, stock, draw, requests }: Moment,
): { readonly worths: readonly number[]; readonly next: number | null } {
  const collateral = requests.map(() => COLLATERAL_MICRO)
  const settled = settleRound(commons, {
    params,
    state: stateAt(params, seatCount, round, stock),
    actions: requests.map((request) => ({ action: BigInt(request), absent: false })),
    laws: [{ bound, state: createLawState(collateral) }],
    randomness: present(draws[draw], 'a draw has its randomness'),
  })
  const kept = settleEnd(present(settled.laws[0], 'a law that was given is settled').state)
  const worths = settled.outcome.catches.map((got, seat) => {
    const paidMicro = (settled.creditsMicro[seat] ?? 0n) + (kept[seat] ?? 0n) - COLLATERAL_MICRO
    return got + Number(paidMicro) / Number(params.unitMicro)
  })
  return { worths, next: settled.state.status === 'open' ? settled.state.stock : null }
}
