import { createLocalGenesis, createParams, type LocalGenesisOptions } from '@commonweal/node/local'
import {
  type AgentId,
  type Cid,
  type CommonsParams,
  type Genesis,
  type InstanceGenesis,
  networkIdOf,
  present,
  seededShare,
  shareDigest,
} from '@commonweal/protocol'
import { gameParamsOf } from './rounds/game-setup.ts'
import type { RunPlan } from './run-plan.ts'
import type { CommonsScenario, GameScenario } from './scenario.ts'

/** The network that a run is of: the same at every fidelity, so that all draw the same beacons. */
export interface RunNetwork {
  readonly genesis: Genesis
  readonly networkId: Cid
  readonly instance: InstanceGenesis
  /** Every agent is a validator, in the order of the seats. */
  readonly validators: readonly AgentId[]
}

/** The network of a run of a commons. */
export function createCommonsNetwork(plan: RunPlan, scenario: CommonsScenario): RunNetwork {
  const options = commonsOptions(plan, scenario)
  return networkOf(createLocalGenesis(options), (instance) => ({
    ...instance,
    params: commonsParamsOf(plan, scenario),
  }))
}

export function commonsParamsOf(plan: RunPlan, scenario: CommonsScenario): CommonsParams {
  const { collapseBelow } = scenario
  return { ...createParams(commonsOptions(plan, scenario)), collapseBelow }
}

/** The network of a run of a game. Where the game has a hidden state, the genesis lists the first signal shares. */
export function createGameNetwork(plan: RunPlan, scenario: GameScenario): RunNetwork {
  const { seed, condition } = plan
  const params = gameParamsOf(scenario, condition.language).params
  const genesis = createLocalGenesis(localOptions(plan))
  const isSignalled = params.game.form === 'hidden-state'
  const signalDigests = genesis.accounts.map(({ agent }) => {
    const share = seededShare(seed, agent, 1, 'signal')
    return { agent, digest: shareDigest({ author: agent, epoch: 1, purpose: 'signal', share }) }
  })
  return networkOf({ ...genesis, signalDigests: isSignalled ? signalDigests : [] }, (instance) => ({
    ...instance,
    id: 'game',
    kind: 'game',
    params,
  }))
}

function networkOf(
  genesis: Genesis,
  change: (instance: InstanceGenesis) => InstanceGenesis,
): RunNetwork {
  const instance = change(present(genesis.instances[0], 'a local genesis has one instance'))
  const changed = { ...genesis, instances: [instance] }
  const validators = genesis.accounts.map(({ agent }) => agent)
  return { genesis: changed, networkId: networkIdOf(changed), instance, validators }
}

function localOptions({ seed, condition }: RunPlan): LocalGenesisOptions {
  const { population, contract, contractDelay } = condition
  const nodes = population.reduce((sum, { count }) => sum + count, 0)
  return { nodes, seed, contract, contractDelay }
}

function commonsOptions(plan: RunPlan, scenario: CommonsScenario): LocalGenesisOptions {
  const { rounds, capacity, regeneration, values, binding, quorum, turns } = scenario
  return {
    ...localOptions(plan),
    rounds,
    capacity,
    values,
    regeneration,
    language: plan.condition.language === 'stock-cap' ? 'stock-cap' : 'full',
    quorum,
    binding,
    ...(turns === null ? {} : { turnsMax: turns }),
  }
}
