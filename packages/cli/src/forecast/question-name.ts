import { printable } from '../question-files.ts'
import { truncate } from '../table.ts'

const TITLE_WIDTH_MAX = 48

/** A topic as a person reads it: `seattle/2014-03-02/rain` is “rain on 2014-03-02”. Any other stays as it is. */
export function titleOf(topic: string): string {
  const [, day, kind] = /^[^/]+\/(\d{4}-\d{2}-\d{2})\/([^/]+)$/.exec(topic) ?? []
  const title = day === undefined || kind === undefined ? topic : `${kind} on ${day}`
  return truncate(printable(title), TITLE_WIDTH_MAX)
}

/** Somebody's words, as words: without control characters, at most so many cells, in quotes. */
export function quote(text: string, width: number): string {
  // Or the words could end their own quotation.
  return `“${truncate(printable(text).replaceAll(/[“”]/g, '"'), width)}”`
}

/** The shortest beginning of an id that no other has, of at least some characters. */
export function shortIds(ids: readonly string[]): (id: string) => string {
  const sorted = [...new Set(ids)].toSorted()
  const lengths = new Map(
    sorted.map((id, index) => {
      const neighbours = [sorted[index - 1] ?? '', sorted[index + 1] ?? '']
      const shared = Math.max(...neighbours.map((other) => sharedLength(id, other)))
      return [id, Math.max(ID_LENGTH_MIN, shared + 1)]
    }),
  )
  return (id) => id.slice(0, lengths.get(id) ?? ID_LENGTH_MIN)
}

const ID_LENGTH_MIN = 14

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
