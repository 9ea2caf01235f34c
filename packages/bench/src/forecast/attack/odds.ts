/** A probability after a change of its odds. */
export function withOdds(probability: number, change: (odds: number) => number): number {
  const odds = change(probability / (1 - probability))
  return odds / (1 + odds)
}
