import type { AgentId, Digest, Finding } from '@commonweal/protocol'
import type { Signal } from '../forecaster.ts'

/** A finding, and the statement that it was read in. */
export interface SourcedFinding extends Finding {
  readonly author: AgentId
  readonly digest: Digest
}

/**
 * What these suppliers found, one value for each name: that of the statement sealed first in the earliest snapshot. What others
 * say is left out: anybody may open a false finding.
 */
export function gatherFindings(
  signals: readonly Signal[],
  suppliers: readonly AgentId[],
): readonly SourcedFinding[] {
  const found = new Map<string, SourcedFinding>()
  for (const { author, digest, statement } of signals.toSorted(bySeal)) {
    if (!suppliers.includes(author)) continue
    for (const { name, value } of statement.findings) {
      if (!found.has(name)) found.set(name, { name, value, author, digest })
    }
  }
  return [...found.values()]
}

/** The statements that these were read in, each once. */
export function parentsOf(findings: readonly SourcedFinding[]): readonly Digest[] {
  return [...new Set(findings.map(({ digest }) => digest))]
}

function bySeal(one: Signal, other: Signal): number {
  return one.snapshot - other.snapshot || one.order - other.order
}
