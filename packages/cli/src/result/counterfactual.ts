import {
  type Beacons,
  configOfInstance,
  type RoundsConfig,
  type RunResult,
  runRounds,
  seededBeacons,
  withEveryoneProsocial,
  withoutContract,
} from '@commonweal/bench/run'
import { type Genesis, type InstanceGenesis, networkIdOf } from '@commonweal/protocol'
import type { Experiment } from '../experiment-options.ts'
import type { Counterfactual } from './run-report.ts'

/** A model is not asked what it would have done: closed-form agents of the same weights stand in its place. */
const WITHOUT_MODELS = 'closed-form agents without contract'

/** What the same seed and agents come to under other rules: the plain state machine, no processes. */
export async function computeCounterfactuals(
  genesis: Genesis,
  instance: InstanceGenesis,
  experiment: Experiment,
  hasModels = false,
): Promise<readonly Counterfactual[]> {
  const config = configOfExperiment(instance, experiment)
  const beacons = seededBeacons(
    networkIdOf(genesis),
    genesis.accounts.map(({ agent }) => agent),
    experiment.seed,
  )
  return [
    ...(config.contract === 'none'
      ? []
      : [
          await replay(
            hasModels ? WITHOUT_MODELS : 'no contract',
            withoutContract(config),
            beacons,
          ),
        ]),
    await replay('everyone at λ*', withEveryoneProsocial(config), beacons),
  ]
}

/** What the plain state machine makes of an experiment. */
export function configOfExperiment(
  instance: InstanceGenesis,
  experiment: Experiment,
): RoundsConfig {
  const plans = experiment.policies.flatMap((policy, index) => {
    const prosociality = experiment.prosociality[index]
    return prosociality === undefined ? [] : [{ policy, prosociality }]
  })
  return configOfInstance(instance, plans, experiment.law)
}

async function replay(
  title: string,
  config: RoundsConfig,
  beacons: Beacons,
): Promise<Counterfactual> {
  const result = await runRounds(config, beacons)
  return { title, metrics: result.metrics, welfare: computeWelfare(config, result) }
}

function computeWelfare({ params }: RoundsConfig, { values, creditsMicro }: RunResult): number {
  const creditMicro = creditsMicro.reduce((sum, credit) => sum + credit, 0n)
  return (
    values.reduce((sum, value) => sum + value, 0) + Number(creditMicro) / Number(params.unitMicro)
  )
}
