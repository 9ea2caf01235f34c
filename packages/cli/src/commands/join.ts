import { resolve } from 'node:path'
import type { Policy, Prosociality } from '@commonweal/node/agent'
import { BundleError, readBundle } from '@commonweal/node/local'
import { onInterrupt } from '../interrupt.ts'
import { formatPath } from '../invocation.ts'
import { Joining } from '../joining.ts'
import { createOutput } from '../output.ts'
import { DATA_FOLDER_DEFAULT } from '../run-folder.ts'
import { CommandError, InterruptedError, UsageError } from '../usage-error.ts'

export interface JoinFlags {
  readonly data?: string
  readonly prosociality?: Prosociality
  readonly policy: Policy
  readonly seat: string
  readonly json: boolean
}

/** Joins a running network step by step, plays in it, and leaves it when the operator says so. */
export async function runJoin(bundleFolder: string, flags: JoinFlags): Promise<void> {
  const output = createOutput(flags)
  const bundle = readBundleFolder(bundleFolder)
  if (!bundle.genesis.instances.some(({ id }) => id === flags.seat)) {
    const ids = bundle.genesis.instances.map(({ id }) => id).join(', ')
    throw new UsageError(
      `--seat ${flags.seat}: ${bundle.name} has no such instance; accepted: ${ids}`,
    )
  }
  const folder = resolve(flags.data ?? `${DATA_FOLDER_DEFAULT}/joined-${bundle.name}`)
  const over = new AbortController()
  const joining = new Joining({
    bundle,
    bundleFolder: resolve(bundleFolder),
    folder,
    output,
    signal: over.signal,
    instance: flags.seat,
    policy: flags.policy,
    prosociality: flags.prosociality ?? null,
  })
  let interrupts = 0
  const stopListening = onInterrupt((times) => {
    interrupts = times
    over.abort()
    if (times > 1) joining.kill()
  })
  const kill = (): void => joining.kill()
  process.on('exit', kill)
  try {
    await joining.run()
    await joining.stay()
  } catch (error) {
    if (interrupts > 0) throw new InterruptedError()
    throw error
  } finally {
    await joining.leave()
    output.clearStatus()
    process.off('exit', kill)
    stopListening()
    output.line(`Data: ${formatPath(folder)}`)
  }
}

function readBundleFolder(folder: string): ReturnType<typeof readBundle> {
  try {
    return readBundle(folder, Date.now())
  } catch (error) {
    if (error instanceof BundleError) {
      throw new CommandError(`bundle: ${error.code}: ${error.message}`, { cause: error })
    }
    throw error
  }
}
