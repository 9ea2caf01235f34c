import type { LocalNode } from '@commonweal/node/local'
import { z } from 'zod'

/** What a node says at the end of a run: whom it blames, and whether its ledger adds up. */
export interface NodeView {
  readonly offenders: readonly { readonly agent: string | null; readonly isBanned: boolean }[]
  /** What came from nowhere or went nowhere. */
  readonly errorMicro: bigint
  /** Of a file that decides for it: its name, and answers that would not do, by why. Null where it has none. */
  readonly own: {
    readonly name: string
    readonly failures: Readonly<Record<string, number>>
  } | null
}

const statusSchema = z.object({
  offenders: z.array(z.object({ agent: z.string().nullable(), isBanned: z.boolean() })),
  model: z.object({ model: z.string(), failures: z.record(z.string(), z.int()) }).nullable(),
})
const ledgerSchema = z.object({
  totals: z.object({ errorMicro: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
})

export async function viewNode({ api }: LocalNode, signal: AbortSignal): Promise<NodeView> {
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(new URL(path, api), { signal })).json()
  const { offenders, model } = statusSchema.parse(await ask('/status'))
  const { totals } = ledgerSchema.parse(await ask('/ledger'))
  const own = model === null ? null : { name: model.model, failures: model.failures }
  return { offenders, errorMicro: BigInt(totals.errorMicro), own }
}
