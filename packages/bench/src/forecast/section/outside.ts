import { formatOutsideData, measureOutsideData } from '../outside-data.ts'
import type { Measured, SectionOptions } from './section.ts'

/** The rules on public data sets that are not part of the repository. */
export function outsideSection({ dataFolder }: SectionOptions): Measured | null {
  if (dataFolder === null) return null
  const outside = measureOutsideData(dataFolder)
  return { figures: outside, lines: formatOutsideData(outside) }
}
