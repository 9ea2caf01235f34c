import { basename } from 'node:path'
import { formatPolicy } from '@commonweal/node/agent'
import { formatFault, type LocalNetwork } from '@commonweal/node/local'
import type { Genesis } from '@commonweal/protocol'
import type { Experiment } from './experiment-options.ts'
import { COMMAND } from './invocation.ts'
import type { Models } from './model-options.ts'
import type { Style } from './output.ts'
import { type Column, formatTable } from './table.ts'
import { formatFigure, formatTokens } from './tokens.ts'

/** A network as it starts. */
export interface StartFacts {
  readonly network: string
  readonly networkId: string
  readonly seed: string
  readonly rounds: number
  readonly contract: string
  readonly nodes: readonly StartedNode[]
}

export interface StartedNode {
  readonly name: string
  readonly peerId: string
  readonly agent: string
  readonly policy: string
  readonly lambda: number
  readonly stakeMicro: bigint
  readonly address: string
  readonly api: string
  readonly pid: number
  readonly log: string
}

export function startFacts(
  genesis: Genesis,
  experiment: Experiment,
  models: Models,
  network: LocalNetwork,
): StartFacts {
  return {
    network: genesis.name,
    networkId: network.networkId,
    seed: experiment.seed,
    rounds: experiment.rounds,
    contract: experiment.contract,
    nodes: network.nodes.map(({ index, name, peerId, agent, addresses, api, pid }) => {
      return {
        name,
        peerId,
        agent,
        api,
        pid,
        policy: describePolicy(experiment, models, index),
        lambda: experiment.prosociality[index]?.lambda ?? 0,
        stakeMicro: genesis.accounts[index]?.bondMicro ?? 0n,
        address: addresses[0] ?? '',
        log: `${COMMAND} logs ${index}`,
      }
    }),
  }
}

/** What decides for a node, its model, an assistant, a file or its policy, and what it does against the protocol. */
export function describePolicy(experiment: Experiment, models: Models, index: number): string {
  const fault = describeFault(experiment, index)
  const decider = describeDecider(experiment, models, index)
  return fault === null ? decider : `${decider}, ${fault}`
}

/** What a node does against the protocol; null where it keeps the rules. */
export function describeFault({ faults }: Experiment, index: number): string | null {
  const fault = faults[index] ?? null
  return fault === null ? null : formatFault(fault)
}

function describeDecider(experiment: Experiment, models: Models, index: number): string {
  const model = models.byNode[index] ?? null
  if (model !== null) return `llm ${model.name}`
  if (models.isAssistant[index] === true) return 'assistant'
  const plugin = models.plugins[index] ?? null
  if (plugin !== null) return basename(plugin.path)
  const policy = experiment.policies[index]
  return policy === undefined ? '' : formatPolicy(policy)
}

/** The table of nodes, and the warning about their keys. */
export function renderStart(facts: StartFacts, style: Style): readonly string[] {
  const { network, seed, rounds, nodes } = facts
  const columns: readonly Column<StartedNode>[] = [
    { title: 'node', cell: (node) => style.bold(node.name) },
    { title: 'peer id', cell: ({ peerId }) => shortenPeerId(peerId) },
    { title: 'policy', cell: ({ policy }) => policy },
    { title: 'λ', align: 'right', cell: ({ lambda }) => formatFigure(lambda, 3) },
    { title: 'stake', align: 'right', cell: ({ stakeMicro }) => formatTokens(stakeMicro) },
    { title: 'address', cell: ({ address }) => address.replace(/\/p2p\/.*$/, '') },
    { title: 'log', cell: ({ log }) => log },
  ]
  const parties = nodes.length === 1 ? '1 agent shares' : `${nodes.length} agents share`
  return [
    `${style.bold('Commonweal')}: ${parties} a stock that renews itself, for ${rounds} rounds (network ${network}, seed ${seed}).`,
    '',
    ...formatTable(columns, nodes, style.dim).map((line) => `  ${line}`),
    '',
    style.yellow(
      'These keys are public test keys: whoever knows the seed can sign with them. Put nothing of worth behind them.',
    ),
    '',
  ]
}

/** All peer ids of our keys begin alike: the end tells them apart. */
function shortenPeerId(peerId: string): string {
  return `${peerId.slice(0, 8)}…${peerId.slice(-8)}`
}
