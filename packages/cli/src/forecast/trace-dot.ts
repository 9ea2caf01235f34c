import { formatTokens } from '../tokens.ts'
import type { AgentTrace } from './agent-trace.ts'
import type { EpochTrace } from './epoch-trace.ts'

/** The trace of an epoch as a Graphviz graph; each question has a cluster of its own, since its tokens flow apart. */
export function formatEpochDot(trace: EpochTrace): string {
  const { epoch, emissionMicro, unmintedMicro, sources } = trace
  const lines = [
    node('emission', `epoch ${epoch}\n${formatTokens(emissionMicro)} to emit`),
    node('unminted', 'not minted', 'dashed'),
    edge('emission', 'unminted', unmintedMicro),
  ]
  for (const [index, source] of sources.entries()) {
    const { title, paidMicro, agents, transfers } = source
    const idOf = (agent: string): string => `${index}/${agent}`
    lines.push(
      `subgraph ${quoted(`cluster_${index}`)} {`,
      `label=${quoted(title)}`,
      node(`${index}`, `${title}\n${formatTokens(paidMicro)} paid`),
      ...agents.map(({ agent, name, keptMicro }) =>
        node(idOf(agent), `${name}\nkeeps ${formatTokens(keptMicro)}`),
      ),
      ...agents
        .filter((agent) => agent.paidMicro > 0n)
        .map((agent) => edge(`${index}`, idOf(agent.agent), agent.paidMicro)),
      ...transfers.map((transfer) =>
        edge(
          idOf(transfer.from),
          idOf(transfer.to),
          transfer.amountMicro,
          transfer.edge === 'back',
        ),
      ),
      '}',
      edge('emission', `${index}`, paidMicro),
    )
  }
  return graph(lines)
}

/** What passed to and from one agent, all questions together. */
export function formatAgentDot(trace: AgentTrace): string {
  const { agent, name, paidMicro, keptMicro, customers, suppliers } = trace
  return graph([
    ...(paidMicro === 0n
      ? []
      : [node('emission', 'emissions'), edge('emission', agent, paidMicro)]),
    node(agent, `${name}\nkeeps ${formatTokens(keptMicro)}`),
    // Whoever is on both sides stands on both, so that the way is from left to right.
    ...customers.flatMap((one) => [
      node(`from/${one.agent}`, one.name),
      edge(`from/${one.agent}`, agent, one.amountMicro),
    ]),
    ...suppliers.flatMap((one) => [
      node(`to/${one.agent}`, one.name),
      edge(agent, `to/${one.agent}`, one.amountMicro),
    ]),
  ])
}

function graph(lines: readonly string[]): string {
  return ['digraph emissions {', 'rankdir=LR', 'node [shape=box]', ...lines, '}'].join('\n')
}

function node(id: string, label: string, style?: string): string {
  const extra = style === undefined ? '' : ` style=${style}`
  return `${quoted(id)} [label=${quoted(label)}${extra}]`
}

/** A transfer back into a cycle is dashed, and does not pull its end to the right. */
function edge(from: string, to: string, amountMicro: bigint, isBack = false): string {
  const extra = isBack ? ' style=dashed constraint=false' : ''
  return `${quoted(from)} -> ${quoted(to)} [label=${quoted(formatTokens(amountMicro))}${extra}]`
}

/** A quoted id of the DOT language: names are anybody's words, and a backslash in a label would begin an escape. */
function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `"${escaped}"`
}
