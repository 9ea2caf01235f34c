import { ExperimentError, WorkerError } from '@commonweal/bench/experiment'
import { CommandError, UsageError } from './usage-error.ts'

/** Carries out what an experiment's file or folder may make impossible, and says so as the command says things. */
export async function withBenchErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ExperimentError) throw new UsageError(cause.message, { cause })
    if (cause instanceof WorkerError) {
      throw new CommandError(`${cause.message}\n${cause.stderr}`.trimEnd(), { cause })
    }
    // A folder that cannot be written, a disk that is full.
    if (cause instanceof Error && 'syscall' in cause)
      throw new CommandError(cause.message, { cause })
    throw cause
  }
}
