import { ConfigError, OperationalError } from '@commonweal/node/local'
import { InvariantError } from '@commonweal/protocol'
import { CommanderError } from 'commander'
import { createProgram } from './program.ts'
import { CommandError, InterruptedError, UsageError } from './usage-error.ts'

/** Exit codes: 0 done · 1 the world did not do its part · 2 asked for what cannot be · 70 our own bug ·
 * 130 interrupted. */
async function main(): Promise<number> {
  try {
    await createProgram().parseAsync()
    return 0
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  // Help and version end this way too; commander has said what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError || error instanceof ConfigError) {
    process.stderr.write(`error: ${error.message}\n`)
    return 2
  }
  if (error instanceof CommandError || error instanceof OperationalError) {
    process.stderr.write(`error: ${error.message}\n`)
    return 1
  }
  if (error instanceof InterruptedError) return 130
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`This is a defect of commonweal, please report it:\n${text}\n`)
  return error instanceof InvariantError ? 70 : 1
}

/** Whoever reads what is printed may have enough, as `head` does: then the command ends as if it was asked to. */
let isHeard = true
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  const isEnding = !isHeard || process.emit('SIGTERM', 'SIGTERM')
  isHeard = false
  if (!isEnding) process.exit(0)
})

process.exitCode = await main()
