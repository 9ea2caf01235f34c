import type { CommonsRow, GameRow } from '@commonweal/protocol'
import { z } from 'zod'

/*
 * The public record of a round as an event carries it. The ledger writes nothing else there; a field more is a row that the
 * outcome would leave out, and is refused.
 */

const natural = z.int().nonnegative()
const status = z.enum(['open', 'collapsed', 'finished'])

export const commonsRowSchema: z.ZodType<CommonsRow, unknown> = z.strictObject({
  round: natural,
  stockBefore: natural,
  requests: z.array(natural),
  enforced: z.array(natural),
  absent: z.array(z.boolean()),
  catches: z.array(natural),
  catchTotal: natural,
  stockLeft: natural,
  ratePercent: natural,
  stockAfter: natural,
  regime: z.enum(['healthy', 'degraded']),
  status,
})

export const gameRowSchema: z.ZodType<GameRow, unknown> = z.strictObject({
  round: natural,
  actions: z.array(natural),
  enforced: z.array(natural),
  absent: z.array(z.boolean()),
  partners: z.array(natural),
  payoffs: z.array(z.int()),
  state: natural.nullable(),
  bases: z.array(natural),
  status: z.enum(['open', 'finished']),
})
