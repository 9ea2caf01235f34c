/** xorshift32 over the seed: whole numbers below a bound, the same for the same seed. */
export function createRandom(seed: string): (below: number) => number {
  let state = 0x9e3779b9
  for (const character of seed)
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
