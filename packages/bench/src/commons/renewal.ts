import {
  type CommonsParams,
  type CommonsState,
  commons,
  type Digest,
  digestOf,
  type RoundRandomness,
  settleRound,
  signalRate,
} from '@commonweal/protocol'

/** What a commons whose rate is drawn does, by the real state machine: the base of every exact figure. */
export interface Renewal {
  readonly params: CommonsParams
  readonly seatCount: number
  /** Randomness that draws each rate, in the order of the params' rates; all are equally likely. */
  readonly draws: readonly RoundRandomness[]
  /** `[draw][left]`: the stock of the next round after so much was left; null where the run collapses. */
  readonly nextStock: readonly (readonly (number | null)[])[]
}

/** Throws RangeError unless the rate is drawn. */
export function createRenewal(params: CommonsParams, seatCount: number): Renewal {
  const { regeneration, capacity } = params
  if (regeneration.mode !== 'iid' && regeneration.mode !== 'private-signal') {
    throw new RangeError(`${regeneration.mode} draws no rate`)
  }
  const draws = regeneration.ratesPercent.map((rate) => {
    const digest = digestOfRate({ ...params, regeneration }, rate)
    return { beacon: digest, signal: regeneration.mode === 'iid' ? null : digest }
  })
  const stocks = Array.from({ length: capacity + 1 }, (_, left) => left)
  const nextStock = draws.map((randomness) =>
    stocks.map((left) => {
      const whole = stateAt(params, seatCount, 1, capacity)
      const requests = [capacity - left, ...Array.from({ length: seatCount - 1 }, () => 0)]
      const { state } = settleRound(commons, {
        params: { ...params, rounds: 2 },
        state: whole,
        actions: requests.map((request) => ({ action: BigInt(request), absent: false })),
        laws: [],
        randomness,
      })
      return state.status === 'collapsed' ? null : state.stock
    }),
  )
  return { params, seatCount, draws, nextStock }
}

/** A state of the same commons at another round and stock. */
export function stateAt(
  params: CommonsParams,
  seatCount: number,
  round: number,
  stock: number,
): CommonsState {
  return { ...commons.start(params, seatCount), round, stock }
}

/** The mean over the draws of what the next round is worth after a harvest; 0 where there is none. */
export function expectNext(
  { nextStock }: Renewal,
  left: number,
  valueAt: (stock: number) => number,
): number {
  let sum = 0
  for (const stocks of nextStock) {
    const next = stocks[left] ?? null
    if (next !== null) sum += valueAt(next)
  }
  return sum / nextStock.length
}

function digestOfRate(params: CommonsParams, ratePercent: number): Digest {
  const { regeneration } = params
  if (regeneration.mode !== 'iid' && regeneration.mode !== 'private-signal') {
    throw new RangeError(`${regeneration.mode} draws no rate`)
  }
  const announcing: CommonsParams = {
    ...params,
    regeneration: { mode: 'private-signal', ratesPercent: regeneration.ratesPercent },
  }
  for (let seed = 0; ; seed++) {
    const digest = digestOf(Uint8Array.of(seed & 0xff, seed >> 8))
    if (signalRate(announcing, digest) === ratePercent) return digest
  }
}
