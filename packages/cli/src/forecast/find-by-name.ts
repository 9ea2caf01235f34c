import { printable } from '../question-files.ts'
import { truncate } from '../table.ts'
import { UsageError } from '../usage-error.ts'

/** Something that a person may name by its id, the beginning of it, or its name. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** How many of those that may be meant are told. */
export const NEAR_COUNT_MAX = 5
const GIVEN_WIDTH_MAX = 80
/** Longer texts are compared by their beginning. */
const COMPARED_LENGTH_MAX = 128

/**
 * The one that is meant: by its whole id or name, or by a beginning of its id that no other has.
 *
 * Errors  UsageError: names up to {@link NEAR_COUNT_MAX} that may be meant
 */
export function findByName<T extends Named>(text: string, among: readonly T[], noun: string): T {
  // In this order: anybody may take for a name what is the id of another.
  const found =
    [
      among.filter(({ id }) => id === text),
      among.filter(({ name }) => name === text),
      among.filter(({ id }) => text !== '' && id.startsWith(text)),
    ].find((matches) => matches.length > 0) ?? []
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const given = `${noun} ${truncate(printable(text), GIVEN_WIDTH_MAX)}`
  if (found.length > 1) {
    throw new UsageError(
      `${given}: ${found.length} are meant; give more of the id, such as${tell(found.slice(0, NEAR_COUNT_MAX))}`,
    )
  }
  if (among.length === 0) throw new UsageError(`${given}: there is none so far`)
  throw new UsageError(
    `${given}: no such ${noun}; accepted are an id, its beginning, or a name; near are${tell(nearest(text, among))}`,
  )
}

function tell(named: readonly Named[]): string {
  return named
    .map(({ id, name }) => `\n  ${truncate(printable(name), GIVEN_WIDTH_MAX)}  ${id}`)
    .join('')
}

/** Those whose name holds a text, and then those that differ least from it. */
function nearest<T extends Named>(text: string, among: readonly T[]): readonly T[] {
  return among
    .map((one) => ({
      one,
      isHeld: text !== '' && one.name.includes(text),
      distance: Math.min(
        editDistance(text, one.name),
        editDistance(text, one.id.slice(0, text.length)),
      ),
    }))
    .toSorted((a, b) => Number(b.isHeld) - Number(a.isHeld) || a.distance - b.distance)
    .slice(0, NEAR_COUNT_MAX)
    .map(({ one }) => one)
}

/** Characters to add, drop or replace to make one text of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.slice(0, COMPARED_LENGTH_MAX), b.slice(0, COMPARED_LENGTH_MAX)]
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
