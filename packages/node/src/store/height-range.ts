/** Heights from `first` to `last`, both among them. */
export interface HeightRange {
  readonly first: number
  readonly last: number
}

/** Ranges with one more, in order, those that touch made one. */
export function addRange(
  ranges: readonly HeightRange[],
  added: HeightRange,
): readonly HeightRange[] {
  const sorted = [...ranges, added].toSorted((a, b) => a.first - b.first)
  const merged: HeightRange[] = []
  for (const range of sorted) {
    const before = merged.at(-1)
    if (before === undefined || range.first > before.last + 1) merged.push(range)
    else merged.splice(-1, 1, { first: before.first, last: Math.max(before.last, range.last) })
  }
  return merged
}

/** The lowest heights that are not missing, up to a last one and so many at most; undefined where all are missing. */
export function lowestKept(
  missing: readonly HeightRange[],
  last: number,
  countMax: number,
): HeightRange | undefined {
  const [lowest, next] = missing
  const first = lowest?.first === 1 ? lowest.last + 1 : 1
  const gap = lowest?.first === 1 ? next : lowest
  const end = Math.min(last, first + countMax - 1, (gap?.first ?? last + 1) - 1)
  return end < first ? undefined : { first, last: end }
}
