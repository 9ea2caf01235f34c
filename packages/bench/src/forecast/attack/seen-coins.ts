/** What somebody believes who has seen so many coins: (heads + 1)/(coins + 2). */
export interface Seen {
  readonly belief: number
  readonly coins: number
}

/** What one would believe who had seen the coins of all of them: heads can be read from beliefs, and added up. */
export function beliefOfAll(seen: readonly Seen[]): number {
  const heads = seen.reduce((sum, { belief, coins }) => sum + belief * (coins + 2) - 1, 0)
  const coins = seen.reduce((sum, one) => sum + one.coins, 0)
  return (heads + 1) / (coins + 2)
}
