import { isPluginPath } from '@commonweal/node/agent'
import type { LocalNetwork } from '@commonweal/node/local'
import { present } from '@commonweal/protocol'
import { COMMAND } from '../invocation.ts'
import type { Style } from '../output.ts'
import { type Column, wrap } from '../table.ts'
import { formatFigure, formatTokens } from '../tokens.ts'
import { fitTable } from './fit-table.ts'
import type { ChainRole, ForecastScenario } from './scenario.ts'

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
  readonly kind: ChainRole
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
  { seed, first, days }: { readonly seed: string; readonly first: string; readonly days: number },
): ChainFacts {
  return {
    network: genesis.name,
    networkId: network.networkId,
    // Not all of the flags: those of the other scenario would be among them.
    seed,
    first,
    days,
    nodes: network.nodes.map(({ index, name, agent, peerId, addresses, api, pid }) => ({
      name,
      kind: present(nodes[index], 'every process has a place in the chain').kind,
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
export function renderChain(facts: ChainFacts, style: Style, width: number): readonly string[] {
  const { network, seed, first, days, nodes } = facts
  const columns: readonly Column<StartedChainNode>[] = [
    { title: 'node', cell: ({ name }) => style.bold(name) },
    { title: 'role', cell: describeRole },
    { title: 'λ', align: 'right', cell: ({ lambda }) => formatFigure(lambda, 3) },
    {
      title: 'weight',
      align: 'right',
      cell: ({ lockedMicro }) => (lockedMicro === 0n ? '' : formatTokens(lockedMicro)),
    },
    { title: 'buys signals of', cell: ({ suppliers }) => nameSuppliers(suppliers, nodes) },
  ]
  const asked = days === 1 ? '1 day' : `${days} days`
  const [title = '', ...more] = wrap(
    `Commonweal: ${nodes.length} nodes forecast the weather of Seattle, ${asked} from ${first} on (network ${network}, seed ${seed}).`,
    width,
  )
  return [
    title.replace('Commonweal', style.bold('Commonweal')),
    ...more,
    ...wrap(
      'Two questions about each day: does it rain, and which of five classes of weather is it?',
      width,
    ),
    'Nobody goes by more than what was known the day before.',
    '',
    ...fitTable(columns, nodes, style.dim, {
      width: width - 2,
      dropOrder: ['weight', 'role'],
    }).map((line) => `  ${line}`),
    '',
    ...wrap(
      'These keys are public test keys: whoever knows the seed can sign with them. Put nothing of worth behind them.',
      width,
    ).map(style.yellow),
    style.dim(`Logs: ${COMMAND} logs 0 … ${nodes.length - 1}`),
    '',
  ]
}

/** Names while they are few, then how many of each kind: `2 data, 2 feature`. */
function nameSuppliers(names: readonly string[], nodes: readonly StartedChainNode[]): string {
  if (names.length <= 2) return names.join(', ')
  const kinds = Map.groupBy(names, (name) => nodes.find((node) => node.name === name)?.kind ?? '')
  return [...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(', ')
}

function describeRole({ kind, role, model }: StartedChainNode): string {
  if (kind === 'seller') return `${role}, an adversary`
  if (model === null) return role
  const isModel = model !== 'assistant' && !isPluginPath(model)
  return `${role}, ${isModel ? `llm ${model}` : model}`
}
