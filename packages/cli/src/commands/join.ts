import { resolve } from 'node:path'
import { loadPlugin, type Policy, type Prosociality } from '@commonweal/node/agent'
import { BundleError, type Fault, readBundle } from '@commonweal/node/local'
import type { Genesis } from '@commonweal/protocol'
import { onInterrupt } from '../interrupt.ts'
import { formatPath } from '../invocation.ts'
import { createCommonsPart } from '../join/commons-part.ts'
import { createForecastPart } from '../join/forecast-part.ts'
import type { KeepEpochs } from '../join/join-config.ts'
import type { JoinPart } from '../join/join-part.ts'
import { Joining } from '../join/joining.ts'
import { checkEndpoints, pluginOf, unguarded } from '../model-options.ts'
import { createOutput, type Output } from '../output.ts'
import { DATA_FOLDER_DEFAULT } from '../run-folder.ts'
import { CommandError, InterruptedError, UsageError } from '../usage-error.ts'

export interface JoinFlags {
  readonly data?: string
  readonly prosociality?: Prosociality
  readonly policy: Policy
  readonly model?: string
  readonly assistant: boolean
  /** A file of the operator's own. */
  readonly agent?: string
  readonly mandate: boolean
  readonly adversary?: Fault
  readonly seat?: string
  readonly role?: string
  readonly keepEpochs?: KeepEpochs
  readonly json: boolean
}

/** Joins a running network step by step, plays in it, and leaves it when the operator says so. */
export async function runJoin(bundleFolder: string, flags: JoinFlags): Promise<void> {
  const output = createOutput(flags)
  const bundle = readBundleFolder(bundleFolder)
  const part = await createPart(bundle.genesis, bundle.name, flags, output)
  const folder = resolve(flags.data ?? `${DATA_FOLDER_DEFAULT}/joined-${bundle.name}`)
  const over = new AbortController()
  const joining = new Joining({
    bundle,
    bundleFolder: resolve(bundleFolder),
    folder,
    output,
    signal: over.signal,
    part,
    fault: flags.adversary ?? null,
    keepEpochs: flags.keepEpochs,
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

/** A seat where the network has seats, and else a part in its forecasting. Errors  UsageError, PluginError */
async function createPart(
  genesis: Genesis,
  name: string,
  flags: JoinFlags,
  output: Output,
): Promise<JoinPart> {
  const { policy, model = null, assistant, agent, prosociality = null, seat, role } = flags
  const deciders = [
    ...(assistant ? ['--assistant'] : []),
    ...(model === null ? [] : ['--model']),
    ...(agent === undefined ? [] : ['--agent']),
  ]
  if (deciders.length > 1) {
    throw new UsageError(`${deciders.join(' and ')}: one of them decides; give one`)
  }
  if (flags.mandate && agent === undefined) throw unguarded()
  if (model !== null) checkEndpoints([model], process.env)
  const plugin = agent === undefined ? null : pluginOf({ file: agent }, flags)
  const [first] = genesis.instances
  if (
    genesis.forecast !== null &&
    seat === undefined &&
    (role !== undefined || first === undefined)
  ) {
    if (plugin !== null) await loadPlugin(plugin.path, { door: 'createForecaster' })
    const plan = { role: role ?? 'forecaster', prosociality, model, assistant, plugin }
    return createForecastPart(genesis, plan, output.style)
  }
  if (role !== undefined) {
    throw new UsageError(`--role ${role}: nobody forecasts in ${name}; accepted: --seat`)
  }
  const instance = genesis.instances.find(({ id }) => id === (seat ?? first?.id))
  if (instance === undefined) {
    const ids = genesis.instances.map(({ id }) => id).join(', ')
    throw new UsageError(
      `--seat ${seat ?? ''}: ${name} has no such instance; accepted: ${ids === '' ? 'none, it has no seats' : ids}`,
    )
  }
  if (plugin !== null) await loadPlugin(plugin.path, { door: 'createAgent' })
  const plan = { policy, model, assistant, plugin, prosociality }
  return createCommonsPart(instance, plan, output.style)
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
