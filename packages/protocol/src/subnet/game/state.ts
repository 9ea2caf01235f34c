/** Where a run stands. All of it is public. */
export interface GameState {
  /** The round to be played, from 1; after the end, the last one played. */
  readonly round: number
  readonly seatCount: number
  readonly status: 'open' | 'finished'
  /** Actions as submitted: one list by seat for each round played. */
  readonly actions: readonly (readonly number[])[]
}

/** A round of play, by seat. */
export interface GameOutcome {
  readonly actions: readonly number[]
  /** What a law made of them: what was played. */
  readonly enforced: readonly number[]
  readonly absent: readonly boolean[]
  /** Whom each seat met; itself where it met nobody, and in a game of all seats. */
  readonly partners: readonly number[]
  readonly payoffs: readonly number[]
  /** The hidden state of the round; null in a matrix game. */
  readonly state: number | null
}

/** The public record of one round. */
export interface GameRow extends GameOutcome {
  readonly round: number
  /** The base action of what each seat submitted: what contracts see of it. */
  readonly bases: readonly number[]
  readonly status: GameState['status']
}
