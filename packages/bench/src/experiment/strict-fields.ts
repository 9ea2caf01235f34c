import { z } from 'zod'

/** An object with these fields and no others; an unknown one is refused with the names of those that there are. */
export function strictFields<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const accepted = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `unknown field; accepted: ${accepted}` : undefined,
  })
}
