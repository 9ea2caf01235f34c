import type { Style } from '../output.ts'
import { wrap } from '../table.ts'
import { formatTokens } from '../tokens.ts'
import type { AgentSource, AgentTrace, Partner } from './agent-trace.ts'
import { renderTree, type TreeNode } from './tree.ts'

/** Questions that are shown; the rest is counted. */
export const SOURCES_SHOWN_MAX = 20

/** All that an agent got and gave, in sum and then by question, latest first. */
export function renderAgentTrace(
  trace: AgentTrace,
  style: Style,
  width: number,
): readonly string[] {
  const { name, agent, sources, suppliers, customers, isBalanced } = trace
  const shown = sources.slice(0, SOURCES_SHOWN_MAX)
  const rest = sources.length - shown.length
  return [
    `${style.bold(name)}  ${style.dim(agent)}`,
    ...(sources.length === 0
      ? ['nothing was ever paid to it, or passed on to it']
      : [
          ...renderTree(
            [
              leaf(`${formatTokens(trace.paidMicro)}  paid for what it said itself`),
              withPartners(`${formatTokens(trace.receivedMicro)}  received`, 'from', customers),
              withPartners(`${formatTokens(trace.passedOnMicro)}  passed on`, 'to', suppliers),
              leaf(`${formatTokens(trace.keptMicro)}  kept`),
            ],
            width,
          ),
          '',
          style.bold('By question'),
          ...renderTree(shown.map(sourceTree), width),
          ...(rest > 0 ? [style.dim(`and ${rest} more; --json has all of them`)] : []),
          '',
          ...wrap(
            isBalanced
              ? 'It adds up to the last micro-unit: of every question, what it was paid and received is what it passed on and kept.'
              : 'The sums do not agree, this is a defect: see the trace of the epochs.',
            width,
          ).map(isBalanced ? style.green : style.red),
        ]),
  ]
}

function sourceTree(source: AgentSource): TreeNode {
  const { epoch, title, paidMicro, receivedFrom, passedTo, keptMicro } = source
  return {
    text: `${title}, epoch ${epoch}`,
    notes: [],
    branches: [
      ...(paidMicro > 0n ? [leaf(`${formatTokens(paidMicro)}  paid`)] : []),
      ...receivedFrom.map((one) => leaf(`${formatTokens(one.amountMicro)}  from ${one.name}`)),
      ...passedTo.map((one) => leaf(`${formatTokens(one.amountMicro)}  to ${one.name}`)),
      leaf(`${formatTokens(keptMicro)}  kept`),
    ],
  }
}

function withPartners(text: string, word: string, partners: readonly Partner[]): TreeNode {
  const branches = partners.map((one) =>
    leaf(`${formatTokens(one.amountMicro)}  ${word} ${one.name}`),
  )
  return { text, notes: [], branches }
}

function leaf(text: string): TreeNode {
  return { text, notes: [], branches: [] }
}
