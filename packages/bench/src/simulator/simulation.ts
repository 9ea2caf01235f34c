import { WorkerError } from '../worker-pool.ts'
import { MUTANTS, type Mutant } from './mutant/mutants.ts'
import { type MutantVerdict, tryMutant } from './mutant/try-mutant.ts'
import type { SimulationOptions, Stage } from './options.ts'
import { runPool } from './pool.ts'
import { ProgressLine } from './progress-line.ts'
import {
  formatRequest,
  type ProcessKind,
  type RunRequest,
  type RunResult,
  type StakeShare,
} from './request.ts'
import type { WorkerAnswer } from './worker.ts'

/** Failing seeds that are shown; the rest is counted. */
const FAILURES_SHOWN_MAX = 10

/** Runs what the options ask for, prints what became of it, and gives the exit code. */
export async function runSimulation(options: SimulationOptions): Promise<number> {
  if (options.seed !== null) return runOne(options, options.seed)
  let isGood = true
  for (const stage of options.stages) {
    const isStageGood =
      stage.kind === 'mutants' ? await runMutants(options) : await runStage(options, stage)
    isGood &&= isStageGood
  }
  return isGood ? 0 : 1
}

async function runOne(options: SimulationOptions, seed: number): Promise<number> {
  const request: RunRequest = { ...options.request, seed }
  let isGood = true
  const pool = { ...options, jobCount: 1 }
  await runPool([request], pool, (answer) => {
    isGood = isGoodAnswer(answer)
    if (answer.kind === 'result') {
      for (const line of answer.result.lines ?? []) print(line)
    }
    print(
      options.isJson
        ? JSON.stringify(withoutLines(answer))
        : describeAnswer(answer, options.mutant),
    )
    return true
  })
  return isGood ? 0 : 1
}

async function runStage(
  options: SimulationOptions,
  { process: kind, byzantine, seedCount }: Extract<Stage, { kind: 'runs' }>,
): Promise<boolean> {
  const name = `${PROCESS_NAMES[kind]}, faulty stake ${STAKE_NAMES[byzantine]}`
  const total = new Totals()
  const progress = new ProgressLine(name, seedCount)
  const requests = requestsOf(options, { byzantine, process: kind }, options.from, seedCount)
  await runPool(requests, options, (answer) => {
    progress.advance()
    if (options.isJson) print(JSON.stringify(withoutLines(answer)))
    total.add(answer)
    if (!isGoodAnswer(answer) && total.badCount <= FAILURES_SHOWN_MAX) {
      progress.clear()
      process.stderr.write(`${describeAnswer(answer, null)}\n`)
    }
    return true
  })
  progress.clear()
  if (!options.isJson) print(total.describe(name, byzantine === 'above'))
  return total.badCount === 0
}

const PROCESS_NAMES: Readonly<Record<ProcessKind, string>> = {
  consensus: 'consensus',
  replica: 'whole replicas',
}
const STAKE_NAMES: Readonly<Record<StakeShare, string>> = {
  none: 'none',
  below: 'below a third',
  above: 'a third or more',
}

async function runMutants(options: SimulationOptions): Promise<boolean> {
  const mutants = MUTANTS.filter(({ id }) => options.mutant === null || options.mutant === id)
  const progress = new ProgressLine('mutants', mutants.length)
  let isGood = mutants.length > 0
  for (const mutant of mutants) {
    const verdict = await tryMutant(
      mutant,
      { ...options.request, seed: 0 },
      options.jobCount,
    ).catch((cause: unknown) => {
      if (cause instanceof WorkerError) return cause
      throw cause
    })
    progress.advance()
    progress.clear()
    isGood &&= !(verdict instanceof WorkerError) && verdict.isDifferent
    print(options.isJson ? JSON.stringify(verdict) : describeVerdict(mutant, verdict))
  }
  progress.clear()
  return isGood
}

function describeVerdict(mutant: Mutant, verdict: MutantVerdict | WorkerError): string {
  const name = `${mutant.rule.padEnd(10)} ${mutant.id.padEnd(28)}`
  if (verdict instanceof WorkerError) return `${name} NOT MADE: ${verdict.message}`
  const { caughtBy, isDifferent, runCount } = verdict
  if (caughtBy === null) return `${name} NOT CAUGHT in ${runCount} runs: ${mutant.breaks}`
  const line = `npm run sim -- ${formatRequest(caughtBy, mutant.id)}`
  const end = isDifferent ? '' : ' · NOT DIFFERENT from the core as it is'
  return `${name} caught by ${mutant.property} in run ${runCount}: ${line}${end}`
}

function* requestsOf(
  options: SimulationOptions,
  changes: Partial<RunRequest>,
  from: number,
  count: number,
): Generator<RunRequest> {
  for (let seed = from; seed < from + count; seed++) {
    yield { ...options.request, ...changes, seed }
  }
}

function requestOf(answer: WorkerAnswer): RunRequest {
  return answer.kind === 'result' ? answer.result.request : answer.request
}

function isGoodAnswer(answer: WorkerAnswer): boolean {
  return answer.kind === 'result' && answer.result.failures.length === 0
}

function describeAnswer(answer: WorkerAnswer, mutant: string | null): string {
  const again = `npm run sim -- ${formatRequest(requestOf(answer), mutant)}`
  switch (answer.kind) {
    case 'threw':
      return `FAILED  ${again}\n  the run threw: ${answer.sentence}`
    case 'unlike':
      return `FAILED  ${again}\n  two runs differ: ${answer.digests.join(' and ')}`
    case 'result': {
      const { failures, traceDigest, heightMax, epochMax, forkCount } = answer.result
      if (failures.length === 0) {
        return `held    ${again}\n  height ${heightMax}, epoch ${epochMax}, forks ${forkCount}, trace ${traceDigest}`
      }
      const lines = failures.map(
        ({ property, atMs, sentence }) => `  ${property} at ${atMs} ms: ${sentence}`,
      )
      return [`FAILED  ${again}`, ...lines].join('\n')
    }
  }
}

function withoutLines(answer: WorkerAnswer): unknown {
  return answer.kind === 'result' ? { ...answer.result, lines: undefined } : answer
}

/** Sums over a stage. */
class Totals {
  runCount = 0
  badCount = 0
  readonly #startedAtMs = performance.now()
  readonly #results: RunResult[] = []

  add(answer: WorkerAnswer): void {
    this.runCount += 1
    if (!isGoodAnswer(answer)) this.badCount += 1
    if (answer.kind === 'result') this.#results.push(answer.result)
  }

  describe(name: string, isForkExpected: boolean): string {
    const sum = (of: (result: RunResult) => number): number =>
      this.#results.reduce((total, result) => total + of(result), 0)
    const views = Math.max(0, ...this.#results.map(({ viewsAfterHealing }) => viewsAfterHealing))
    const seconds = ((performance.now() - this.#startedAtMs) / 1_000).toFixed(1)
    const forked = this.#results.filter(({ forkCount }) => forkCount > 0).length
    const verdict = this.badCount === 0 ? 'all held' : `${this.badCount} FAILED`
    const forks = isForkExpected
      ? `${forked} forked, each convicting a third of the stake and nobody honest`
      : `${forked} forked`
    return [
      `${name}: ${this.runCount} runs, ${verdict}; ${forks}`,
      `  ${sum(({ heightMax }) => heightMax)} heights, ${sum(({ epochMax }) => epochMax)} epochs, ${sum(({ eventCount }) => eventCount)} events, at most ${views} views from one final block to the next after healing, ${seconds} s`,
    ].join('\n')
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
