import type { z } from 'zod'

/** What is wrong with a field, in one sentence: where, what was given, what is accepted. */
export function describeIssue(issue: z.core.$ZodIssue, document: unknown): string {
  const where = issue.path.map(String).join('.')
  const given = describeGiven(issue.path.reduce(fieldOf, document))
  return `${where === '' ? '' : `${where}: `}${given}${sentenceOf(issue)}`
}

/** A word or a number as it stands in the file; nothing for what is longer. */
function describeGiven(value: unknown): string {
  const isWord = typeof value === 'string' || typeof value === 'number' || value === null
  const text = isWord ? String(value) : ''
  return text === '' || text.length > GIVEN_LENGTH_MAX ? '' : `«${text}»; `
}

const GIVEN_LENGTH_MAX = 64

/** A field of whatever it is; undefined where there is none. */
export function fieldOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([name]) => name === String(key))?.[1]
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => `«${key}»`).join(', ')}: ${issue.message}`
    case 'invalid_value':
      return `accepted: ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      if (issue.discriminator !== undefined && 'options' in issue) {
        return `accepted: ${issue.options.map(String).join(', ')}`
      }
      return issue.message
    case 'too_small':
      return `accepted: at least ${issue.minimum}${countOf(issue.origin)}`
    case 'too_big':
      return `accepted: at most ${issue.maximum}${countOf(issue.origin)}`
    case 'invalid_type':
      return `accepted: ${nameOf(issue.expected)}`
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

function countOf(origin: string): string {
  if (origin === 'array') return ' entries'
  return origin === 'string' ? ' characters' : ''
}

function nameOf(type: string): string {
  const names: Readonly<Record<string, string>> = {
    int: 'a whole number',
    number: 'a number',
    string: 'text',
    array: 'a list',
    object: 'fields',
    record: 'fields',
    boolean: 'true or false',
  }
  return names[type] ?? type
}
