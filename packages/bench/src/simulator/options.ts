import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { MUTANTS } from './mutant/mutants.ts'
import { FAULTY_BEHAVIOURS } from './plan/chaos-plan.ts'
import type { Behaviour } from './plan/plan.ts'
import {
  FAMILIES,
  PROCESS_KINDS,
  type ProcessKind,
  type RunRequest,
  STAKE_SHARES,
  type StakeShare,
} from './request.ts'

/** What the command line asks for. */
export interface SimulationOptions {
  /** One run to look into, or null for many. */
  readonly seed: number | null
  readonly from: number
  /** Everything of a request but its seed. */
  readonly request: Omit<RunRequest, 'seed'>
  /** Which stages a run of many seeds has. */
  readonly stages: readonly Stage[]
  /** The one mutant to load; null for none, or for all of them in their stage. */
  readonly mutant: string | null
  readonly jobCount: number
  readonly isJson: boolean
  readonly isTwice: boolean
  readonly isTraceKept: boolean
}

/** Runs of one sort, or every rule broken in turn. */
export type Stage =
  | {
      readonly kind: 'runs'
      readonly process: ProcessKind
      readonly byzantine: StakeShare
      readonly seedCount: number
    }
  | { readonly kind: 'mutants' }

/** The operator asked for something that there is not. */
export class SimulationUsageError extends Error {
  override readonly name = 'SimulationUsageError'
}

export const USAGE: string = `npm run sim -- [options]

  --seeds N          how many seeds (default 100); without --byzantine, --process or --mutant: faulty stake below
                     a third with both processes, a fifth of them again above a third, then every mutant
  --from N           the first seed (default 0)
  --seed N           one run; with --trace, everything that happened in it
  --family F         ${FAMILIES.join(' | ')} (default mixed)
  --process P        ${PROCESS_KINDS.join(' | ')} (default consensus)
  --nodes A..B       how many validators (default 4..7)
  --byzantine S      ${STAKE_SHARES.join(' | ')}: faulty stake against a third
  --behaviours B,…   ${FAULTY_BEHAVIOURS.join(' | ')}
  --mutant M         ${MUTANTS.map(({ id }) => id).join(' | ')} | all
  --preset tiny      short epochs, early healing
  --verify           every run twice, traces compared
  --jobs N           processes (default: one for each core)
  --json             one line of JSON a run
`

/** Errors  SimulationUsageError: an option that there is not, or a value that it does not take. */
export function parseOptions(args: readonly string[]): SimulationOptions {
  const values = parseValues(args)
  const nodes = /^(\d+)(?:\.\.(\d+))?$/.exec(values.nodes)
  if (nodes === null) throw new SimulationUsageError(`--nodes ${values.nodes}: a count, or A..B`)
  const nodeCountMin = Number(nodes[1])
  const nodeCountMax = Number(nodes[2] ?? nodes[1])
  const isTiny = values.preset === 'tiny'
  if (values.preset !== undefined && !isTiny) throw new SimulationUsageError('--preset: tiny')
  const { mutant } = values
  if (mutant !== undefined && mutant !== 'all')
    oneOf(
      '--mutant',
      mutant,
      MUTANTS.map(({ id }) => id),
    )
  const byzantine = oneOf('--byzantine', values.byzantine ?? 'below', STAKE_SHARES)
  return {
    seed: values.seed === undefined ? null : count('--seed', values.seed),
    from: count('--from', values.from),
    request: {
      family: oneOf('--family', values.family, FAMILIES),
      process: oneOf('--process', values.process ?? 'consensus', PROCESS_KINDS),
      nodeCountMin,
      nodeCountMax,
      byzantine,
      behaviours: parseBehaviours(values.behaviours),
      isTiny,
    },
    stages: stagesOf(values),
    mutant: mutant === undefined || mutant === 'all' ? null : mutant,
    jobCount: values.jobs === undefined ? availableParallelism() : count('--jobs', values.jobs),
    isJson: values.json,
    isTwice: values.verify,
    isTraceKept: values.trace && values.seed !== undefined,
  }
}

type Values = ReturnType<typeof parseValues>

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string', default: '100' },
        from: { type: 'string', default: '0' },
        seed: { type: 'string' },
        family: { type: 'string', default: 'mixed' },
        process: { type: 'string' },
        nodes: { type: 'string', default: '4..7' },
        byzantine: { type: 'string' },
        behaviours: { type: 'string', default: '' },
        mutant: { type: 'string' },
        preset: { type: 'string' },
        jobs: { type: 'string' },
        verify: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        trace: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new SimulationUsageError(cause instanceof Error ? cause.message : String(cause), {
      cause,
    })
  }
}

function stagesOf({ mutant, byzantine, process, seeds }: Values): readonly Stage[] {
  if (mutant !== undefined) return [{ kind: 'mutants' }]
  const seedCount = count('--seeds', seeds)
  const runs = { kind: 'runs', process: 'consensus', byzantine: 'below', seedCount } as const
  if (byzantine !== undefined || process !== undefined) {
    return [
      {
        ...runs,
        process: oneOf('--process', process ?? 'consensus', PROCESS_KINDS),
        byzantine: oneOf('--byzantine', byzantine ?? 'below', STAKE_SHARES),
      },
    ]
  }
  const fewer = Math.ceil(seedCount / ABOVE_DIVISOR)
  return [
    runs,
    { ...runs, process: 'replica' },
    { ...runs, byzantine: 'above', seedCount: fewer },
    { kind: 'mutants' },
  ]
}

/** Above a third, runs are a fraction of those below. */
const ABOVE_DIVISOR = 5

function parseBehaviours(text: string): readonly Behaviour[] {
  if (text === '') return []
  return text.split(',').map((name) => oneOf('--behaviours', name, FAULTY_BEHAVIOURS))
}

function count(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new SimulationUsageError(`${option} ${text}: a whole number`)
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === text)
  if (found !== undefined) return found
  throw new SimulationUsageError(`${option} ${text}: one of ${allowed.join(', ')}`)
}
