import { resolve } from 'node:path'
import { isPluginPath, loadPlugin, type PluginDoor } from '@commonweal/node/agent'
import { present } from '@commonweal/protocol'
import type { ConditionFault } from '../condition-fault.ts'
import type { Cell, Condition, Experiment, Members } from '../experiment.ts'
import type { RunPlan } from '../run-plan.ts'

/** A file of the operator's own that decides for seats. */
export interface OwnFile {
  /** As the experiment has it. */
  readonly policy: string
  /** Absolute. */
  readonly path: string
  readonly digest: string
}

/** What of a condition does not fit files of one's own. Null where all can be run. */
export function checkOwnFiles({ population, scenario }: Condition): ConditionFault | null {
  for (const [index, { policy, digest }] of population.entries()) {
    const path = ['population', index]
    if (isPluginPath(policy)) {
      if (scenario.kind !== 'forecast' || scenario.market === 'weather') continue
      const sentence = `population.${index}.policy: «${policy}»; accepted with market credit: forecaster`
      return { path: [...path, 'policy'], sentence }
    }
    if (digest === undefined) continue
    const sentence = `population.${index}.digest: «${digest}»; accepted with a file as policy alone`
    return { path: [...path, 'digest'], sentence }
  }
  return null
}

/**
 * Looks at every file that an experiment names, and writes its digest into the experiment, so that its figures are those of that
 * file and no other.
 *
 * @param folder where relative paths begin: that of the experiment's file.
 * Errors  PluginError: no module that can play, or another than the experiment's own digest says.
 */
export async function pinOwnFiles(experiment: Experiment, folder: string): Promise<Experiment> {
  const cells: Cell[] = []
  for (const cell of experiment.cells) {
    const { condition } = cell
    const population: Members[] = []
    for (const members of condition.population) {
      population.push(await pin(members, folder, doorOf(condition)))
    }
    cells.push({ ...cell, condition: { ...condition, population } })
  }
  return { ...experiment, cells, folder: resolve(folder) }
}

async function pin(members: Members, folder: string, door: PluginDoor): Promise<Members> {
  const { policy, digest: wanted = null, ...rest } = members
  if (!isPluginPath(policy)) return members
  const { digest } = await loadPlugin(resolve(folder, policy), { door, digest: wanted })
  // In the order of the schema, in which a manifest is read again.
  return { policy, digest, ...rest }
}

/** The files of a run, each once. */
export function ownFilesOf({ condition, folder }: RunPlan): readonly OwnFile[] {
  const files = new Map<string, OwnFile>()
  for (const { policy, digest, count } of condition.population) {
    if (!isPluginPath(policy) || count === 0) continue
    const begin = present(folder, 'an experiment with files says where they are')
    const pinned = present(digest, 'an experiment with files has their digests')
    files.set(policy, { policy, path: resolve(begin, policy), digest: pinned })
  }
  return [...files.values()]
}

/** The export that a file of a condition needs. */
export function doorOf({ scenario }: Pick<Condition, 'scenario'>): PluginDoor {
  return scenario.kind === 'forecast' ? 'createForecaster' : 'createAgent'
}
