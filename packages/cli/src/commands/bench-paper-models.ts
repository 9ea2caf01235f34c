import { join } from 'node:path'
import type { GridOptions } from '@commonweal/bench/paper'
import { InvalidArgumentError } from 'commander'
import { withBenchErrors } from '../bench-error.ts'
import { type BenchModelFlags, formatModelFlags, withModelFlags } from '../bench-model-options.ts'
import { COMMAND, formatPath } from '../invocation.ts'
import { parsePrices } from '../model-options.ts'
import type { Output } from '../output.ts'
import { renderGrid } from '../result/render-grid.ts'
import { DATA_FOLDER_DEFAULT } from '../run-folder.ts'
import { UsageError } from '../usage-error.ts'

/** Flags of `bench paper` that are about the grid of language models. */
export interface GridFlags extends BenchModelFlags {
  readonly out?: string
  readonly only?: string
  readonly model?: readonly string[]
  readonly seeds?: number
  readonly prosociality?: number
  /** One for all models, or one for each. */
  readonly price?: readonly string[]
  readonly note?: string
  readonly jobs?: number
  readonly json: boolean
}

const NOTE_LENGTH_MAX = 200
const SEED_COUNT_DEFAULT = 10
const PROSOCIALITY_DEFAULT = 1

/** Whether the flags ask for the grid. Errors  UsageError: one of its flags stands without it, or with another's. */
export function isGrid(flags: GridFlags): boolean {
  const { model, replay, record, maxCost, price, seeds, prosociality, note, resume, only } = flags
  if (model !== undefined || replay !== undefined) {
    if (only === undefined) return true
    throw new UsageError('--only is about figures without models, and not for --model or --replay')
  }
  const given = {
    '--record': record,
    '--max-cost': maxCost,
    '--price': price,
    '--seeds': seeds,
    '--prosociality': prosociality,
    '--note': note,
    '--resume': resume ? true : undefined,
  }
  const [flag] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (flag !== undefined) throw new UsageError(`${flag} needs --model or --replay`)
  return false
}

/** Runs the published grid of language models, or a recording of it, and reports it beside the published figures. */
export async function runGrid(flags: GridFlags, output: Output): Promise<void> {
  await withBenchErrors(async () => {
    const paper = await import('@commonweal/bench/paper')
    const { readFolder } = await import('@commonweal/bench/experiment')
    const { writeReport } = await import('@commonweal/bench/report')
    const { carryOut } = await import('./bench-run.ts')
    const about = flags.replay === undefined ? null : paper.readAbout(flags.replay)
    const grid = chooseGrid(flags, about?.grid ?? null)
    const note = flags.note ?? about?.note ?? describeReplay(flags, grid)
    const experiment = withModelFlags(paper.createGrid(grid), flags, { note, grid: { ...grid } })
    const folder = flags.out ?? join(DATA_FOLDER_DEFAULT, 'bench', experiment.name)
    if (note !== null) output.line(`These are ${note}.`)
    const command = resumeCommand(folder, flags)
    const report = await carryOut({ experiment, folder, command }, flags, output)
    const { runs } = await readFolder(folder)
    const source = { ...grid, note }
    const page = await writeReport(folder, paper.createGridReport(runs, source))
    const summary = paper.summariseGrid(runs)
    output.json({ kind: 'language-models', folder, note, ...grid, ...summary })
    output.lines(['', ...renderGrid(summary, output.style)])
    const counts = `${report.runCount} runs, ${report.failedCount} failed`
    output.lines(['', `${counts}. The report: ${formatPath(page)}`])
  })
}

/** A recording that does not say whose answers it holds is one of its models. */
function describeReplay({ replay, record }: GridFlags, { models }: GridOptions): string | null {
  const asksNobody = replay !== undefined && record === undefined
  return asksNobody ? `recorded replies of ${models.join(', ')}` : null
}

/** What the flags say, what a recording says of itself, what is usual: in this order. */
function chooseGrid(flags: GridFlags, recorded: GridOptions | null): GridOptions {
  const models = flags.model ?? recorded?.models
  if (models === undefined) {
    throw new UsageError(
      `--replay ${flags.replay}: the file does not say of which models; give --model`,
    )
  }
  return {
    models,
    seedCount: flags.seeds ?? recorded?.seedCount ?? SEED_COUNT_DEFAULT,
    prosociality: flags.prosociality ?? recorded?.prosociality ?? PROSOCIALITY_DEFAULT,
    prices: flags.price === undefined ? (recorded?.prices ?? {}) : pricesOf(models, flags.price),
  }
}

function pricesOf(
  models: readonly string[],
  prices: readonly string[],
): Readonly<Record<string, string>> {
  const [first] = prices
  if (first === undefined || (prices.length !== 1 && prices.length !== models.length)) {
    throw new UsageError(
      `--price has ${prices.length} entries for ${models.length} models; give one for all, or one for each`,
    )
  }
  return Object.fromEntries(models.map((model, index) => [model, prices[index] ?? first]))
}

function resumeCommand(folder: string, flags: GridFlags): string {
  const { model, seeds, prosociality, price, note, jobs } = flags
  return [
    `${COMMAND} bench paper`,
    ...(model === undefined ? [] : [`--model ${model.join()}`]),
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ...(prosociality === undefined ? [] : [`--prosociality ${prosociality}`]),
    ...(price === undefined ? [] : [`--price ${price.join()}`]),
    ...(note === undefined ? [] : [`--note ${JSON.stringify(note)}`]),
    ...(jobs === undefined ? [] : [`--jobs ${jobs}`]),
    ...formatModelFlags(flags),
    `--out ${formatPath(folder)} --resume`,
  ].join(' ')
}

/** As long as a line of a report bears. */
export function parseNote(text: string): string {
  const note = text.trim()
  if (note.length > 0 && note.length <= NOTE_LENGTH_MAX) return note
  throw new InvalidArgumentError(`Accepted: 1 to ${NOTE_LENGTH_MAX} characters.`)
}

/** A λ that a report can print: a number above 0. */
export function parseWeight(text: string): number {
  const lambda = Number(text)
  if (text.trim() !== '' && lambda > 0 && Number.isFinite(lambda)) return lambda
  throw new InvalidArgumentError('Accepted: a number above 0, such as 1 or 0.6.')
}

/** `0.25/2,1/8`: kept as they are written, since files hold them so. */
export function parsePriceTexts(text: string): readonly string[] {
  parsePrices(text)
  return text.split(',').map((entry) => entry.trim())
}
