import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'
import { ExperimentError } from '../../experiment/experiment-error.ts'
import type { GridOptions } from './grid.ts'

/** What the first line of a recording says: whose answers these are, and the grid that they answer. */
export interface RecordingAbout {
  /** "recorded replies of …", for every report of them; null where the models alone say it. */
  readonly note: string | null
  readonly grid: GridOptions
}

const aboutSchema: z.ZodType<RecordingAbout, unknown> = z.strictObject({
  note: z.string().min(1).max(200).nullable(),
  grid: z.strictObject({
    models: z.array(z.string().min(1)).min(1),
    seedCount: z.int().min(1),
    prosociality: z.number().min(0),
    prices: z.record(z.string(), z.string()),
  }),
})
const headingSchema = z.strictObject({ about: aboutSchema })

/** Longest first line. */
const HEADING_SIZE_MAX = 65_536

/**
 * What a recording says of itself; null where it says nothing.
 *
 * Errors  ExperimentError: there is no such file.
 */
export function readAbout(path: string): RecordingAbout | null {
  if (!existsSync(path)) throw new ExperimentError(path, null, 'there is no such recording')
  const bytes = Buffer.alloc(HEADING_SIZE_MAX)
  const file = openSync(path, 'r')
  const size = readSync(file, bytes)
  closeSync(file)
  const [line = ''] = bytes.toString('utf8', 0, size).split('\n')
  try {
    return headingSchema.safeParse(JSON.parse(line)).data?.about ?? null
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}
