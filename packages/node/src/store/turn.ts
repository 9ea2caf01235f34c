import { naturalSchema, type TurnTaken, termsSchema } from '@commonweal/protocol'
import { z } from 'zod'

/** A turn as it was heard, read back from the store. */
export const turnSchema: z.ZodType<TurnTaken, unknown> = z.strictObject({
  turn: naturalSchema,
  seat: naturalSchema,
  move: z.enum(['propose', 'accept', 'reject', 'pass', 'silent']),
  terms: termsSchema.nullable(),
  text: z.string(),
})
