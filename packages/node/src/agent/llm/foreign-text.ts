/** Longest part of a peer's text that a model is shown, in characters. */
export const FOREIGN_TEXT_MAX = 600

/**
 * A peer's text as data: between marks that it cannot close, without what cannot be seen, and no longer than
 * {@link FOREIGN_TEXT_MAX}.
 *
 * What is left is still whatever the peer wrote: that nothing comes of it is the mandate's part.
 */
export function quote(from: string, text: string): string {
  return `<data from="${from}">${cleanse(text)}</data>`
}

/** One line, printable, without angle brackets; `…` where it was cut. */
export function cleanse(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    // Controls, line breaks, formatting and direction marks, tags, private use, and halves of a pair.
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  const characters = [...plain]
  if (characters.length <= FOREIGN_TEXT_MAX) return plain
  return `${characters.slice(0, FOREIGN_TEXT_MAX - 1).join('')}…`
}

/** So many words in a row of what another wrote are its words, not the agent's. */
const WORDS_IN_A_ROW = 6
/** The same for a text without spaces. */
const CHARACTERS_IN_A_ROW = 40

/** Whether a text passes on what peers wrote: such a text is not sent, so that no note spreads by itself. */
export function repeatsForeign(text: string, heard: readonly string[]): boolean {
  const own = normalize(text)
  return heard.some((other) => {
    const theirs = normalize(other)
    return (
      sharesRun(own.split(' '), theirs.split(' '), WORDS_IN_A_ROW, ' ') ||
      sharesRun([...own], [...theirs], CHARACTERS_IN_A_ROW, '')
    )
  })
}

function normalize(text: string): string {
  return cleanse(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function sharesRun(
  own: readonly string[],
  theirs: readonly string[],
  length: number,
  between: string,
): boolean {
  const runs = new Set<string>()
  for (let from = 0; from + length <= theirs.length; from++) {
    runs.add(theirs.slice(from, from + length).join(between))
  }
  for (let from = 0; from + length <= own.length; from++) {
    if (runs.has(own.slice(from, from + length).join(between))) return true
  }
  return false
}
