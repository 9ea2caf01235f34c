import { readFileSync } from 'node:fs'

/** Texts of the prompts: a change of one is a new version beside the old. Here as beside the built code. */
const FOLDER = new URL('../../../prompts/', import.meta.url)

const PLACE = /\{\{([a-zA-Z]+)\}\}/g

/** A text with named places: `commons-act.v1`. */
export interface Prompt {
  readonly name: string
  readonly text: string
  readonly places: ReadonlySet<string>
}

/** What stands at each place. */
export type Values = Readonly<Record<string, string>>

export function loadPrompt(name: string): Prompt {
  const text = readFileSync(new URL(`${name}.md`, FOLDER), 'utf8').trim()
  return { name, text, places: new Set([...text.matchAll(PLACE)].map(([, place = '']) => place)) }
}

/**
 * Fills every place with its value; a value is never filled in turn.
 *
 * Throws where a place has no value or a value no place: that is our own mistake.
 */
export function fillPrompt(prompt: Prompt, values: Values): string {
  const unused = Object.keys(values).filter((name) => !prompt.places.has(name))
  if (unused.length > 0) throw new TypeError(`${prompt.name} has no place for ${unused.join(', ')}`)
  return prompt.text.replace(PLACE, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`${prompt.name} wants ${name}`)
    return value
  })
}
