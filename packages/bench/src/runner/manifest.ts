import { readFileSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type Condition,
  conditionOf,
  type Design,
  experimentFileSchema,
} from '../experiment/experiment.ts'
import { ExperimentError } from '../experiment/experiment-error.ts'
import { configDigestOf } from '../experiment/run-plan.ts'

/** Says what a folder holds. Nothing in it differs between machines. */
export const MANIFEST = 'manifest.json'

/** Every n-th run, from the index-th on; both from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

export function isInShard({ index }: { readonly index: number }, shard: Shard | null): boolean {
  return shard === null || index % shard.count === shard.index - 1
}

export interface Manifest {
  /** Of the package: another version may give other figures. */
  readonly version: string
  readonly configDigest: string
  /** Null for a whole experiment. */
  readonly shard: Shard | null
  /** Models that are asked. */
  readonly models: readonly string[]
  /** Of all that they answered, run by run in the order of the experiment; null until all is there, and without models. */
  readonly cassetteDigest: string | null
  readonly experiment: Design
}

const packageSchema = z.object({ version: z.string() })

/** Of this package. */
export const VERSION: string = packageSchema.parse(
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
).version

export function createManifest(
  { name, description, seeds, cells }: Design,
  shard: Shard | null,
  cassetteDigest: string | null = null,
): Manifest {
  const experiment = { name, description, seeds, cells }
  const configDigest = configDigestOf(experiment)
  const asked = cells.flatMap(({ condition: { population } }) =>
    population.flatMap(({ model, count }) => (model === undefined || count === 0 ? [] : [model])),
  )
  const models = [...new Set(asked)].toSorted()
  return { version: VERSION, configDigest, shard, models, cassetteDigest, experiment }
}

/** A condition that was written is one that the schema of files reads, and fills with nothing. */
const conditionSchema: z.ZodType<Condition, unknown> = experimentFileSchema.transform(conditionOf)
const manifestSchema: z.ZodType<Manifest, unknown> = z.strictObject({
  version: z.string(),
  configDigest: z.string(),
  shard: z.strictObject({ index: z.int().min(1), count: z.int().min(1) }).nullable(),
  models: z.array(z.string()),
  cassetteDigest: z.string().nullable(),
  experiment: z.strictObject({
    name: z.string(),
    description: z.string(),
    seeds: z.array(z.string()),
    cells: z.array(
      z.strictObject({ values: z.record(z.string(), z.json()), condition: conditionSchema }),
    ),
  }),
})

/**
 * The manifest of a folder; undefined where it has none.
 *
 * Errors  ExperimentError: it is damaged, or was written by a version whose figures need not be ours.
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const manifest = parseManifest(text)
  if (manifest === undefined || configDigestOf(manifest.experiment) !== manifest.configDigest) {
    throw new ExperimentError(path, null, 'this is no manifest of an experiment, or it was changed')
  }
  if (manifest.version !== VERSION) {
    const sentence = `written by version ${manifest.version}, and this is ${VERSION}`
    throw new ExperimentError(path, null, sentence)
  }
  return manifest
}

function parseManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

export function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  return writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** A file is there as a whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text)
  await rename(`${path}.part`, path)
}
