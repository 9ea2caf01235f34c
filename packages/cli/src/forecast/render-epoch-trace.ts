import type { Style } from '../output.ts'
import { wrap } from '../table.ts'
import { formatTokens } from '../tokens.ts'
import type { NameOf } from './agent-names.ts'
import type { EmissionFault } from './check-emission.ts'
import type { EpochTrace, SourceTrace } from './epoch-trace.ts'
import { renderTree, type TreeNode } from './tree.ts'

/** The trace of an epoch as a tree: the emission, its questions, who was paid, and what went down each stream. */
export function renderEpochTrace(
  trace: EpochTrace,
  nameOf: NameOf,
  style: Style,
  width: number,
): readonly string[] {
  const { epoch, emissionMicro, unmintedMicro, sources, faults } = trace
  const unminted: TreeNode = {
    text: `${formatTokens(unmintedMicro)}  not minted`,
    notes: [
      sources.length === 0
        ? 'no question paid anybody in this epoch'
        : 'left by the house, by weight that was absent or above the cap, and by rounding',
    ],
    branches: [],
  }
  return [
    `${style.bold(`Epoch ${epoch}`)}  ${formatTokens(emissionMicro)} tokens to emit`,
    ...renderTree([...sources.map(sourceTree), unminted], width),
    '',
    ...describeSums(trace).flatMap((line) =>
      wrap(line, width).map(faults.length === 0 ? style.green : style.red),
    ),
    ...faults.flatMap((fault) =>
      wrap(`  ${describeFault(fault, nameOf)}`, width, '    ').map(style.red),
    ),
  ]
}

function describeSums({ sources, faults }: EpochTrace): readonly string[] {
  if (faults.length > 0) return ['The sums do not agree, this is a defect:']
  const questions = sources.length === 1 ? 'the question' : `each of ${sources.length} questions`
  return sources.length === 0
    ? ['Nothing was paid: it adds up to the last micro-unit.']
    : [
        `It adds up to the last micro-unit: what was paid and what was not minted are the emission, and of ${questions} all that was paid is kept by somebody.`,
      ]
}

/** In micro-tokens: what is off may be one of them. */
export function describeFault(fault: EmissionFault, nameOf: NameOf): string {
  switch (fault.kind) {
    case 'emission': {
      const { paidMicro, unmintedMicro, emissionMicro } = fault
      return `paid ${paidMicro} + not minted ${unmintedMicro} is not the emission ${emissionMicro} (micro-tokens)`
    }
    case 'source':
      return `question ${fault.source}: paid ${fault.paidMicro}, kept ${fault.keptMicro} (micro-tokens)`
    case 'agent':
      return `question ${fault.source}, ${nameOf(fault.agent)}: got ${fault.inMicro}, passed on and kept ${fault.outMicro} (micro-tokens)`
  }
}

function sourceTree(source: SourceTrace): TreeNode {
  const met = new Set<string>()
  const paid = source.agents.filter(({ paidMicro }) => paidMicro > 0n)
  const branches = paid.map(({ agent, name, paidMicro }) => {
    const text = `${formatTokens(paidMicro)}  paid to ${name}`
    return agentTree(source, agent, text, met)
  })
  return {
    text: `${formatTokens(source.paidMicro)}  ${source.title}`,
    notes: [],
    branches,
  }
}

/** An agent where it is met first, with all that it passes on; met again, it is only named. */
function agentTree(source: SourceTrace, agent: string, text: string, met: Set<string>): TreeNode {
  if (met.has(agent)) return { text: `${text} (see above)`, notes: [], branches: [] }
  met.add(agent)
  const sums = source.agents.find((one) => one.agent === agent)
  const branches = source.transfers
    .filter(({ from }) => from === agent)
    .map(({ to, toName, amountMicro, edge }) => {
      const line = `${formatTokens(amountMicro)}  → ${toName}`
      if (edge === 'back') return { text: `${line} (back in a cycle)`, notes: [], branches: [] }
      return agentTree(source, to, line, met)
    })
  const all = (sums?.paidMicro ?? 0n) + (sums?.receivedMicro ?? 0n)
  const keptMicro = sums?.keptMicro ?? 0n
  const kept =
    keptMicro === all ? 'keeps all' : `keeps ${formatTokens(keptMicro)} of ${formatTokens(all)}`
  return { text: `${text}; ${kept}`, notes: [], branches }
}
