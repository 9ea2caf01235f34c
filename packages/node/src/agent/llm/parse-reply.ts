import { ok, type Result, reject } from '@commonweal/protocol'
import type { z } from 'zod'
import { dropNulls } from './output-schema.ts'

export type ReplyCode = 'not-json' | 'wrong-shape'

/**
 * Reads a reply as JSON and checks its shape.
 *
 * Local models wrap what they say: thoughts before it, a fence around it. What stands outside the outermost braces is dropped.
 *
 * Errors  'not-json' · 'wrong-shape', with `detail` for the model to read
 */
export function parseReply<T>(text: string, schema: z.ZodType<T, unknown>): Result<T, ReplyCode> {
  const value = readObject(text)
  if (value === undefined) return reject('not-json', { detail: 'the reply is not one JSON object' })
  return checkReply(value, schema)
}

/** Checks the shape of a reply that is read. Errors  'wrong-shape', with `detail` */
export function checkReply<T>(
  value: unknown,
  schema: z.ZodType<T, unknown>,
): Result<T, 'wrong-shape'> {
  const parsed = schema.safeParse(dropNulls(value))
  if (parsed.success) return ok(parsed.data)
  const issues = parsed.error.issues
    .slice(0, ISSUES_TOLD)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the object'}: ${message}`)
  return reject('wrong-shape', { detail: issues.join('; ') })
}

const ISSUES_TOLD = 3

function readObject(text: string): object | undefined {
  const said = text.replace(/^[\s\S]*<\/think>/, '')
  const from = said.indexOf('{')
  const to = said.lastIndexOf('}')
  if (from < 0 || to < from) return undefined
  try {
    const value: unknown = JSON.parse(said.slice(from, to + 1))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
