import { isPluginPath } from '@commonweal/node/agent'
import type { LocalAgent } from '@commonweal/node/local'
import type { NodeView } from '../net/node-view.ts'
import type { RunPlan } from '../run-plan.ts'
import { describeOwnFault } from './own-agents.ts'
import { ownFilesOf } from './own-file.ts'

/** What the node of a seat is told of the file that decides for it; nothing where none does. */
export function pluginOf(plan: RunPlan, policy: string): Pick<LocalAgent, 'plugin'> {
  if (!isPluginPath(policy)) return {}
  const file = ownFilesOf(plan).find((one) => one.policy === policy)
  return file === undefined ? {} : { plugin: { path: file.path, digest: file.digest } }
}

/** Why a run among processes says nothing of a file: it failed in one of them. Null where none did. */
export function findOwnFault(views: readonly Pick<NodeView, 'own'>[]): string | null {
  for (const { own } of views) {
    const faults = Object.entries(own?.failures ?? {}).map(([code, count]) => `${count} ${code}`)
    if (own !== null && faults.length > 0) return describeOwnFault(own.name, faults.join(', '))
  }
  return null
}
