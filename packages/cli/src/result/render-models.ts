import type { ModelUsage } from '@commonweal/node/agent'
import type { Style } from '../output.ts'
import { type Column, formatTable } from '../table.ts'

/** What agents asked of models and assistants: failures stand apart from choices. Nothing where only policies decided. */
export function renderModels(
  agents: readonly { readonly name: string; readonly model: ModelUsage | null }[],
  style: Style,
): readonly string[] {
  const asked = agents.flatMap(({ name, model }) => (model === null ? [] : [{ name, model }]))
  if (asked.length === 0) return []
  const hasAssistant = asked.some(({ model }) => model.model === 'assistant')
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
    style.bold(hasAssistant ? 'Models and assistants' : 'Models'),
    ...formatTable(columns, asked, style.dim).map((line) => `  ${line}`),
  ]
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
