import { capLaw } from '@commonweal/node/agent'
import { createLocalGenesis, type LocalAgent } from '@commonweal/node/local'
import {
  checkLaw,
  commons,
  commonsParamsSchema,
  type Genesis,
  type InstanceGenesis,
  present,
} from '@commonweal/protocol'
import type { Experiment } from './experiment-options.ts'
import type { UpScenario } from './launch.ts'
import { describeModelHint, type Models } from './model-options.ts'
import type { Output } from './output.ts'
import { followRuns } from './run-follower.ts'
import { renderStart, startFacts } from './start-table.ts'
import { UsageError } from './usage-error.ts'

/** A commons on real processes. Errors  UsageError: a law that no ledger would take is refused before anything starts. */
export function createCommonsScenario(
  experiment: Experiment,
  models: Models,
  output: Output,
  isKept: boolean,
): UpScenario {
  const genesis = createGenesis(experiment, models, isKept)
  checkLawOption(experiment, onlyInstance(genesis))
  return {
    genesis,
    seed: experiment.seed,
    law: experiment.law,
    agents: agentsOf(experiment, models),
    showStart(network, folder) {
      const facts = startFacts(genesis, experiment, models, network)
      output.json({ kind: 'started', folder, ...facts })
      output.lines(renderStart(facts, output.style))
      const hint = describeModelHint(models, process.env)
      if (hint !== undefined) output.lines([hint, ''])
    },
    follow: (options) => followRuns({ ...options, genesis, experiment, models, output }),
  }
}

function createGenesis(experiment: Experiment, { thinkMs }: Models, repeat: boolean): Genesis {
  const { nodes, seed, rounds, values, contract, contractDelay, regeneration } = experiment
  const rules = { contract, contractDelay, regeneration, repeat }
  const time = thinkMs === null ? {} : { thinkMs }
  return createLocalGenesis({ nodes, seed, rounds, values, ...rules, ...time })
}

function onlyInstance(genesis: Genesis): InstanceGenesis {
  return present(genesis.instances[0], 'a local genesis has one instance')
}

function agentsOf(
  { policies, prosociality, faults }: Experiment,
  { byNode, isAssistant, plugins }: Models,
): LocalAgent[] {
  return policies.flatMap((policy, index) => {
    const weight = prosociality[index]
    const model = byNode[index] ?? null
    const plugin = plugins[index] ?? null
    const fault = faults[index] ?? null
    if (weight === undefined) return []
    return [
      {
        policy,
        prosociality: weight,
        ...(model === null ? {} : { model }),
        ...(isAssistant[index] === true ? { assistant: {} } : {}),
        ...(plugin === null ? {} : { plugin }),
        ...(fault === null ? {} : { fault }),
      },
    ]
  })
}

function checkLawOption({ law, nodes }: Experiment, instance: InstanceGenesis): void {
  if (law === null) return
  const language = commons.language(commonsParamsSchema.parse(instance.params), nodes)
  const checked = checkLaw(capLaw(law), language)
  if (checked.ok) return
  const { clause: _, argument: __, ...facts } = checked.error.facts
  const said = Object.entries(facts).map(([name, fact]) => `${name} ${fact}`)
  const names = Object.keys(language.submission).join(', ')
  throw new UsageError(
    `--law "${law}": ${[checked.error.code, ...said].join(', ')}; accepted: an expression such as "stock / 10" over ${names}, self and n`,
  )
}
