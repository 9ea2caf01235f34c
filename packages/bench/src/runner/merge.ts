import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Design } from '../experiment/experiment.ts'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { planRuns, type RunPlan } from '../experiment/run-plan.ts'
import { finishFolder } from './finish.ts'
import { createManifest, type Manifest, readManifest, writeManifest } from './manifest.ts'
import { nameShard } from './run-experiment.ts'
import { RUN_LOG, RunReader } from './run-log.ts'
import type { CellSummary } from './tables.ts'

export interface MergeReport {
  readonly experiment: Design
  readonly runCount: number
  readonly cells: readonly CellSummary[]
}

/**
 * Joins the folders of shards into the folder that one process would have made.
 *
 * Errors  ExperimentError: not of one experiment, a run is missing, or two folders differ about one.
 */
export async function mergeFolders(folders: readonly string[], out: string): Promise<MergeReport> {
  const manifests = await Promise.all(folders.map(requireManifest))
  const [first] = manifests
  if (first === undefined) throw new ExperimentError(out, null, 'no folders to merge')
  for (const [index, { configDigest, experiment }] of manifests.entries()) {
    if (configDigest === first.configDigest) continue
    const sentence = `holds another experiment (${experiment.name}) than ${folders[0]} (${first.experiment.name})`
    throw new ExperimentError(folders[index] ?? '', null, sentence)
  }
  const readers = await Promise.all(folders.map((folder) => RunReader.open(join(folder, RUN_LOG))))
  try {
    const plans = planRuns(first.experiment)
    await checkRuns(plans, { folders, manifests, readers })
    await createFolder(out)
    const { cells, cassetteDigest } = await finishFolder(out, plans, readers)
    await writeManifest(out, createManifest(first.experiment, null, cassetteDigest))
    return { experiment: first.experiment, runCount: plans.length, cells }
  } finally {
    for (const reader of readers) await reader.close()
  }
}

async function requireManifest(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder)
  if (manifest !== undefined) return manifest
  throw new ExperimentError(folder, null, 'holds no experiment: there is no manifest.json')
}

interface Sources {
  readonly folders: readonly string[]
  readonly manifests: readonly Manifest[]
  readonly readers: readonly RunReader[]
}

async function checkRuns(plans: readonly RunPlan[], sources: Sources): Promise<void> {
  const { folders, manifests, readers } = sources
  const missing: RunPlan[] = []
  for (const plan of plans) {
    const holders = [...readers.entries()].filter(([, reader]) => reader.ids.has(plan.id))
    const lines = await Promise.all(holders.map(([, reader]) => reader.lineOf(plan.id)))
    if (lines.length === 0) missing.push(plan)
    const other = lines.findIndex((line) => line !== lines[0])
    if (other === -1) continue
    const [one, two] = [folders[holders[0]?.[0] ?? 0], folders[holders[other]?.[0] ?? 0]]
    throw new ExperimentError(two ?? '', null, `another result of run ${plan.id} than ${one}`)
  }
  const [firstMissing] = missing
  if (firstMissing === undefined) return
  const given = manifests.map(({ shard }) => nameShard(shard)).join(', ')
  const sentence = `${missing.length} of ${plans.length} runs are missing, the first of index ${firstMissing.index} and seed ${firstMissing.seed}; given: ${given}`
  throw new ExperimentError(folders.join(', '), null, sentence)
}

async function createFolder(out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  if ((await readdir(out)).length === 0) return
  throw new ExperimentError(out, null, 'is not empty')
}
