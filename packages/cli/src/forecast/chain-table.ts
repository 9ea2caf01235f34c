import { isPluginPath } from '@commonweal/node/agent'
import type { LocalNetwork } from '@commonweal/node/local'
import { COMMAND } from '../invocation.ts'
import type { Style } from '../output.ts'
import { type Column, formatTable } from '../table.ts'
import { formatFigure, formatTokens } from '../tokens.ts'
import type { ForecastScenario } from './scenario.ts'

/** A forecasting network as it starts. */
export interface ChainFacts {
  readonly network: string
  readonly networkId: string
  readonly seed: string
  readonly first: string
  readonly days: number
  readonly nodes: readonly StartedChainNode[]
}

interface StartedChainNode {
  readonly name: string
  readonly role: string
  /** The model that decides, `assistant`, or the name of a file; null where none does. */
  readonly model: string | null
  readonly suppliers: readonly string[]
  readonly lambda: number
  readonly lockedMicro: bigint
  readonly bondMicro: bigint
  readonly agent: string
  readonly peerId: string
  readonly address: string
  readonly api: string
  readonly pid: number
}

export function chainFacts(
  { genesis, nodes }: ForecastScenario,
  network: LocalNetwork,
  flags: { readonly seed: string; readonly first: string; readonly days: number },
): ChainFacts {
  return {
    network: genesis.name,
    networkId: network.networkId,
    ...flags,
    nodes: network.nodes.map(({ index, name, agent, peerId, addresses, api, pid }) => ({
      name,
      role: nodes[index]?.role ?? '',
      model: nodes[index]?.model ?? null,
      suppliers: nodes[index]?.suppliers ?? [],
      lambda: nodes[index]?.lambda ?? 0,
      lockedMicro: genesis.forecast?.locks.find((lock) => lock.agent === agent)?.lockedMicro ?? 0n,
      bondMicro: genesis.accounts[index]?.bondMicro ?? 0n,
      agent,
      peerId,
      address: addresses[0] ?? '',
      api,
      pid,
    })),
  }
}

/** Who does what and buys from whom, and the warning about the keys. */
export function renderChain(facts: ChainFacts, style: Style): readonly string[] {
  const { network, seed, first, days, nodes } = facts
  const columns: readonly Column<StartedChainNode>[] = [
    { title: 'node', cell: ({ name }) => style.bold(name) },
    { title: 'role', cell: ({ role, model }) => describeRole(role, model) },
    { title: 'λ', align: 'right', cell: ({ lambda }) => formatFigure(lambda, 3) },
    {
      title: 'weight',
      align: 'right',
      cell: ({ lockedMicro }) => (lockedMicro === 0n ? '' : formatTokens(lockedMicro)),
    },
    { title: 'buys signals of', cell: ({ suppliers }) => nameSuppliers(suppliers) },
  ]
  const asked = days === 1 ? '1 day' : `${days} days`
  return [
    `${style.bold('Commonweal')}: ${nodes.length} nodes forecast the weather of Seattle, ${asked} from ${first} on (network ${network}, seed ${seed}).`,
    'Two questions about each day: does it rain, and which of five classes of weather is it?',
    'Nobody goes by more than what was known the day before.',
    '',
    ...formatTable(columns, nodes, style.dim).map((line) => `  ${line}`),
    '',
    style.yellow(
      'These keys are public test keys: whoever knows the seed can sign with them. Put nothing of worth behind them.',
    ),
    style.dim(`Logs: ${COMMAND} logs 0 … ${nodes.length - 1}`),
    '',
  ]
}

/** Names while they are few, then how many of each kind: `2 data, 2 feature`. */
function nameSuppliers(names: readonly string[]): string {
  if (names.length <= 2) return names.join(', ')
  const kinds = Map.groupBy(names, (name) => name.slice(0, name.indexOf('-')))
  return [...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(', ')
}

function describeRole(role: string, model: string | null): string {
  if (model === null) return role
  const isModel = model !== 'assistant' && !isPluginPath(model)
  return `${role}, ${isModel ? `llm ${model}` : model}`
}
