/** Spearman's rank correlation, ties with their mean rank; null where one side does not vary. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  const [ranksA, ranksB] = [centredRanks(a), centredRanks(b)]
  const product = sumOf(ranksA.map((rank, index) => rank * (ranksB[index] ?? 0)))
  const size = Math.sqrt(
    sumOf(ranksA.map((rank) => rank ** 2)) * sumOf(ranksB.map((rank) => rank ** 2)),
  )
  return size === 0 ? null : product / size
}

/** Ranks less their mean. */
function centredRanks(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => {
    const middle = (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2
    return middle - (values.length - 1) / 2
  })
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
