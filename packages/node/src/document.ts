import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { ConfigError } from './errors.ts'

/** Errors  ConfigError */
export function parseShape<T>(key: string, schema: z.ZodType<T, unknown>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path ?? []
  const given = path.reduce<unknown>((part, step) => partOf(part, step), value)
  const name = path.length === 0 ? key : `${key}.${path.map(String).join('.')}`
  throw new ConfigError(name, given, issue?.message ?? 'another shape')
}

/** Errors  ConfigError */
export function readJson(key: string, path: string): unknown {
  return parseJson(key, readText(key, path))
}

/** Errors  ConfigError */
export function readText(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(key, path, 'the path of a file that can be read', error)
  }
}

/** Errors  ConfigError */
export function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError(key, text.slice(0, 40), 'JSON', error)
  }
}

function partOf(value: unknown, step: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<PropertyKey, unknown>(Object.entries(value)).get(String(step))
}
