import { resolve } from 'node:path'
import { createCommonsScenario } from '../commons-scenario.ts'
import { createExperiment, type ExperimentFlags } from '../experiment-options.ts'
import { createForecastUp, type ForecastFlags } from '../forecast/forecast-up.ts'
import type { ScenarioName } from '../forecast/scenario-flags.ts'
import { formatPath } from '../invocation.ts'
import { Launch, type UpScenario } from '../launch.ts'
import { checkPlugins, createModels, type ModelFlags } from '../model-options.ts'
import { createOutput, type Output } from '../output.ts'
import { createRunFolder, DATA_FOLDER_DEFAULT, removeRunFolder } from '../run-folder.ts'

export interface UpFlags extends ExperimentFlags, ForecastFlags, ModelFlags {
  readonly scenario: ScenarioName
  readonly json: boolean
  readonly keep: boolean
  readonly data?: string
}

/** Launches a network, shows what becomes of it, and ends it. */
export async function runUp(flags: UpFlags): Promise<void> {
  const output = createOutput(flags)
  const isKept = flags.keep
  const scenario = await createScenario(flags, output)
  const base = flags.data ?? DATA_FOLDER_DEFAULT
  const folder = await createRunFolder(base, Date.now())
  const launch = new Launch({ isKept, scenario, output, folder })
  try {
    await launch.run()
  } finally {
    await launch.end()
    output.clearStatus()
    if (isKept || flags.data !== undefined || launch.hasDeaths) {
      output.line(`Data: ${formatPath(folder)}`)
    } else {
      await removeRunFolder(resolve(base), folder)
    }
  }
}

/** Errors  UsageError, PluginError */
async function createScenario(flags: UpFlags, output: Output): Promise<UpScenario> {
  if (flags.scenario === 'forecast') return createForecastUp(flags, output)
  const experiment = createExperiment(flags)
  const models = createModels(flags, flags.nodes, process.env)
  await checkPlugins(models, 'createAgent')
  return createCommonsScenario(experiment, models, output, flags.keep)
}
