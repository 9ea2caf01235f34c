import { digestBytes, digestOf, encode } from '@commonweal/protocol'

/** Probabilities that are about nothing, and as bold as those of somebody who knows: the same for the same name and question. */
export function drawNoise(name: string, question: string, outcomeCount: number): readonly number[] {
  const bytes = digestBytes(digestOf(encode(['noise', name, question])))
  const masses = Array.from({ length: outcomeCount }, (_, k) => {
    const drawn = (bytes[(2 * k) % 32] ?? 0) * 256 + (bytes[(2 * k + 1) % 32] ?? 0) + 1
    return drawn ** 2
  })
  const sum = masses.reduce((total, mass) => total + mass, 0)
  return masses.map((mass) => mass / sum)
}
