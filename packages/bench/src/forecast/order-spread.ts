import { present } from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import type { ImportedQuestions } from './import-questions.ts'
import { type ReplicationOptions, replicate } from './replication.ts'

/** Mean log loss of the weighted pool over orders in which the same questions may be scored. */
export interface OrderSpread {
  readonly orderCount: number
  readonly lo: number
  readonly mean: number
  readonly hi: number
}

/** Plays the questions in random orders: what was learned from which question first is an accident. Null as for {@link replicate}. */
export function measureOrderSpread(
  imported: ImportedQuestions,
  options: ReplicationOptions,
  { seed, orderCount }: { readonly seed: string; readonly orderCount: number },
): OrderSpread | null {
  const random = new Random(seed, 'orders')
  const losses = Array.from({ length: orderCount }, () => {
    const replication = replicate(random.shuffle(imported.questions), imported, options)
    return replication === null ? [] : [replication.weightedPool.logLoss]
  })
    .flat()
    .toSorted((a, b) => a - b)
  if (losses.length === 0) return null
  return {
    orderCount,
    lo: present(losses[0], 'an order was played'),
    mean: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    hi: present(losses.at(-1), 'an order was played'),
  }
}
