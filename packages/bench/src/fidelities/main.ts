import { parseArgs } from 'node:util'
import { firstSeeds } from '../experiment/experiment.ts'
import { findFidelity } from '../experiment/fidelity-named.ts'
import type { RunResult } from '../experiment/run-result.ts'
import {
  FIDELITY_MATRIX,
  FIDELITY_NAMES,
  type FidelityName,
  type MatrixEntry,
  plansOf,
} from './matrix.ts'

const USAGE = `npm run bench:fidelities -- [options]

Plays every scenario and contract condition at every fidelity, and compares the outcomes.

  --seeds N         how many seeds (default 3)
  --fidelities F,…  rounds, sim, net (default: all; net takes some seconds a round)
  --only TEXT       the settings whose name has this in it
`
const SHORT = 12

/** Exit code 0 when all are the same, 1 when one differs or could not be compared, 2 for a wrong option. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '3' },
      fidelities: { type: 'string', default: 'rounds,sim,net' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  })
  const seedCount = Number(values.seeds)
  const named = values.fidelities.split(',')
  const fidelities = FIDELITY_NAMES.filter((name) => named.includes(name))
  const isKnown = named.every((name) => FIDELITY_NAMES.some((one) => one === name))
  if (values.help || !isKnown || !Number.isInteger(seedCount) || seedCount < 1) {
    process.stdout.write(USAGE)
    return values.help ? 0 : 2
  }
  const entries = FIDELITY_MATRIX.filter(({ name }) => name.includes(values.only))
  return compareAll(entries, fidelities, firstSeeds(seedCount))
}

async function compareAll(
  entries: readonly MatrixEntry[],
  fidelities: readonly FidelityName[],
  seeds: readonly string[],
): Promise<number> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  let differenceCount = 0
  const nameWidth = Math.max(...entries.map(({ name }) => name.length))
  for (const entry of entries) {
    for (const seed of seeds) {
      const results = new Map<FidelityName, RunResult>()
      for (const fidelity of fidelities) {
        const [plan] = plansOf(entry, fidelity, [seed])
        if (plan === undefined) continue
        results.set(fidelity, await findFidelity(fidelity).run(plan, stop.signal))
      }
      const isSame = areSame([...results.values()])
      if (!isSame) differenceCount += 1
      const shown = [...results].map(([name, result]) => `${name} ${describe(result)}`)
      const verdict = isSame ? 'same ' : 'OTHER'
      process.stdout.write(
        `${entry.name.padEnd(nameWidth)}  seed ${seed}  ${verdict}  ${shown.join('  ')}\n`,
      )
    }
  }
  const runs = entries.length * seeds.length
  process.stdout.write(`${runs - differenceCount} of ${runs} the same at all fidelities\n`)
  return entries.length > 0 && differenceCount === 0 ? 0 : 1
}

function areSame(results: readonly RunResult[]): boolean {
  const digests = results.map((result) => (result.status === 'done' ? result.outcomeDigest : null))
  return results.length > 0 && !digests.includes(null) && new Set(digests).size === 1
}

function describe(result: RunResult): string {
  return result.status === 'done'
    ? result.outcomeDigest.slice(0, SHORT)
    : `failed: ${result.reason}`
}

process.exitCode = await main(process.argv.slice(2))
