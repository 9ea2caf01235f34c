import { z } from 'zod'
import type { NodeApi } from './node-api.ts'
import { check } from './node-view.ts'
import type { Output } from './output.ts'

interface HistoryView {
  /** Heights of which the node has no blocks, receipts and events; in order. */
  readonly missing: readonly { readonly first: number; readonly last: number }[]
}

const height = z.int().nonnegative()

const historySchema: z.ZodType<HistoryView, unknown> = z.object({
  missing: z.array(z.object({ first: height, last: height })),
})

/** Says of which heights the node that is asked has no history: what happened there is not in what a command shows. */
export async function warnOfMissing(api: NodeApi, output: Output): Promise<void> {
  const { missing } = check(historySchema, '/history', await api.get('/history'))
  if (missing.length === 0) return
  const heights = missing.map(({ first, last }) => `${first} to ${last}`).join(', ')
  output.warn(
    `The history of heights ${heights} is not on this node: what was done there may be missing here.`,
  )
}
