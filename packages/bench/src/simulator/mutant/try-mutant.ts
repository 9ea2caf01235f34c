import { runPool } from '../pool.ts'
import type { RunRequest } from '../request.ts'
import type { WorkerAnswer } from '../worker.ts'
import type { Mutant } from './mutants.ts'

/** Seeds that a mutant gets to be caught in. */
const MUTANT_SEEDS_MAX = 400

/** What a mutant did on its schedules. */
export interface MutantVerdict {
  readonly mutant: Mutant
  /** The run in which the property that the rule protects failed; null where none did. */
  readonly caughtBy: RunRequest | null
  /** Whether the core as it is holds in that run, and its trace is another. */
  readonly isDifferent: boolean
  readonly runCount: number
}

/**
 * Runs a mutant on its schedules until it is caught, then the core as it is on the same one. [SIM-9]
 *
 * `base`: what the mutant's own request leaves open. Errors  WorkerError: the mutant's text is not in the core once.
 */
export async function tryMutant(
  mutant: Mutant,
  base: RunRequest,
  jobCount: number,
): Promise<MutantVerdict> {
  let runCount = 0
  const found: { readonly request: RunRequest; readonly traceDigest: string }[] = []
  const pool = { jobCount, mutant: mutant.id, isTwice: false, isTraceKept: false }
  await runPool(requestsOf(mutant, base), pool, (answer) => {
    runCount += 1
    if (answer.kind === 'result' && shows(mutant, answer)) found.push(answer.result)
    return found.length === 0
  })
  const [caught] = found
  if (caught === undefined) return { mutant, caughtBy: null, isDifferent: false, runCount }
  let isDifferent = false
  await runPool([caught.request], { ...pool, jobCount: 1, mutant: null }, (answer) => {
    if (answer.kind !== 'result') return false
    const { failures, traceDigest } = answer.result
    isDifferent = failures.length === 0 && traceDigest !== caught.traceDigest
    return true
  })
  return { mutant, caughtBy: caught.request, isDifferent, runCount }
}

function* requestsOf(mutant: Mutant, base: RunRequest): Generator<RunRequest> {
  for (let seed = mutant.seed; seed < mutant.seed + MUTANT_SEEDS_MAX; seed++) {
    yield { ...base, ...mutant.request, seed }
  }
}

function shows(
  { property }: Mutant,
  { result }: Extract<WorkerAnswer, { kind: 'result' }>,
): boolean {
  return result.failures.some((failure) => failure.property === property)
}
