/** Only `hysteresis` leaves `healthy`. Agents see the regime's name and nothing else of the rate to come. */
export type Regime = 'healthy' | 'degraded'

/** Where a run stands. All of it is public. */
export interface CommonsState {
  /** The round to be played, from 1; after the end, the last one played. */
  readonly round: number
  /** Before the harvest of `round`; after the end, what is left. */
  readonly stock: number
  readonly seatCount: number
  readonly regime: Regime
  readonly status: 'open' | 'collapsed' | 'finished'
  /** Total catches of the last rounds, oldest first, as many as the regime looks back. */
  readonly recentCatches: readonly number[]
  /** Requests as submitted: one list by seat for each round played. */
  readonly requests: readonly (readonly number[])[]
}

/** A harvest, by seat. */
export interface CommonsOutcome {
  readonly requests: readonly number[]
  readonly enforced: readonly number[]
  readonly absent: readonly boolean[]
  readonly catches: readonly number[]
}

/** The public record of one round: what every metric is computed from. */
export interface CommonsRow extends CommonsOutcome {
  readonly round: number
  readonly stockBefore: number
  readonly catchTotal: number
  /** After the harvest, before renewal. */
  readonly stockLeft: number
  readonly ratePercent: number
  /** After renewal; equal to `stockLeft` where the run ends with this round. */
  readonly stockAfter: number
  /** That held during the harvest. */
  readonly regime: Regime
  readonly status: CommonsState['status']
}
