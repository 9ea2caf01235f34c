import type { Context } from 'hono'
import type { z } from 'zod'
import { formatJson } from '../json.ts'

/** Largest body of a request, in bytes. */
const BODY_SIZE_MAX = 64 * 1024

export function answer(context: Context, value: unknown, status: 200 | 202 | 409 = 200): Response {
  return context.body(formatJson(value), status, { 'content-type': 'application/json' })
}

export function missing(context: Context, code: string): Response {
  return context.body(formatJson({ code }), 404, { 'content-type': 'application/json' })
}

export function malformed(context: Context): Response {
  const code = 'malformed-body'
  return context.body(formatJson({ code }), 400, { 'content-type': 'application/json' })
}

/** The body, where it is of that shape and not too large. */
export async function readBody<T>(
  context: Context,
  schema: z.ZodType<T, unknown>,
): Promise<T | undefined> {
  const size = Number(context.req.header('content-length') ?? Number.NaN)
  if (!(size <= BODY_SIZE_MAX)) return undefined
  const body: unknown = await context.req.json().catch(() => undefined)
  return schema.safeParse(body).data
}
