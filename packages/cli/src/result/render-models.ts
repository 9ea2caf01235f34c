import { isPluginPath, type ModelUsage } from '@commonweal/node/agent'
import type { Style } from '../output.ts'
import { type Column, formatTable } from '../table.ts'

/** What agents asked of models, assistants and files of their operators: failures stand apart from choices. Nothing where only policies decided. */
export function renderModels(
  agents: readonly { readonly name: string; readonly model: ModelUsage | null }[],
  style: Style,
): readonly string[] {
  const asked = agents.flatMap(({ name, model }) => (model === null ? [] : [{ name, model }]))
  if (asked.length === 0) return []
  const columns: readonly Column<(typeof asked)[number]>[] = [
    { title: 'agent', cell: ({ name }) => name },
    { title: 'model', cell: ({ model }) => model.model },
    { title: 'choices', align: 'right', cell: ({ model }) => String(model.choices) },
    { title: 'failed turns', cell: ({ model }) => describeCounts(model.failures) },
    { title: 'faults on the way', cell: ({ model }) => describeCounts(model.faults) },
    { title: 'calls', align: 'right', cell: ({ model }) => String(model.calls) },
    { title: 'tokens in', align: 'right', cell: ({ model }) => String(model.promptTokens) },
    { title: 'out', align: 'right', cell: ({ model }) => String(model.completionTokens) },
    { title: 'cost', align: 'right', cell: ({ model }) => formatDollars(model.costMicroUsd) },
  ]
  return [
    '',
    style.bold(nameAsked(asked.map(({ model }) => model.model))),
    ...formatTable(columns, asked, style.dim).map((line) => `  ${line}`),
  ]
}

/** "Models and assistants": of which kinds there are any. */
function nameAsked(names: readonly string[]): string {
  const kindOf = (name: string): string => {
    if (name === 'assistant') return 'assistants'
    return isPluginPath(name) ? 'own agents' : 'models'
  }
  const kinds = new Set(names.map(kindOf))
  const present = ['models', 'assistants', 'own agents'].filter((kind) => kinds.has(kind))
  const text = present.join(' and ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** "2: 1 timed-out, 1 wrong-shape" */
function describeCounts(counts: ModelUsage['failures']): string {
  const entries = Object.entries(counts)
  if (entries.length === 0) return '0'
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  return `${total}: ${entries.map(([code, count]) => `${count} ${code}`).join(', ')}`
}

function formatDollars(microUsd: bigint): string {
  return microUsd === 0n ? '0' : `$${(Number(microUsd) / 1_000_000).toFixed(4)}`
}
