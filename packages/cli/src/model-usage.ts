import type { ModelUsage } from '@commonweal/node/agent'
import type { NodeApi } from './node-api.ts'
import { getStatus } from './node-view.ts'

/** What each agent asked of its language model, by agent; of a node that does not answer nobody knows it. */
export async function readModelUsage(
  apis: readonly NodeApi[],
): Promise<ReadonlyMap<string, ModelUsage>> {
  const statuses = await Promise.allSettled(apis.map(getStatus))
  return new Map(
    statuses.flatMap((answer) => {
      if (answer.status === 'rejected' || answer.value.model === null) return []
      return [[answer.value.agent, answer.value.model] as const]
    }),
  )
}
