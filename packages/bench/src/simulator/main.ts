import { WorkerError } from '../worker-pool.ts'
import { parseOptions, SimulationUsageError, USAGE } from './options.ts'
import { runSimulation } from './simulation.ts'

/** `npm run sim`: exit code 0 when every property held and every mutant was caught, 1 when not, 2 for a wrong option. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return 0
  }
  try {
    return await runSimulation(parseOptions(args))
  } catch (cause) {
    if (cause instanceof SimulationUsageError) {
      process.stderr.write(`${cause.message}\n\n${USAGE}`)
      return 2
    }
    if (!(cause instanceof WorkerError)) throw cause
    process.stderr.write(`${cause.message}\n${cause.stderr}`)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
