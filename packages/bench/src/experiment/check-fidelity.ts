import { FAULT_KINDS, isFaultKind, LIFELONG_FAULTS } from '@commonweal/node/adversary'
import type { ConditionFault } from './condition-fault.ts'
import type { Condition } from './experiment.ts'
import { seatsOf } from './seat-plan.ts'
import { countWeatherNodes } from './weather-setup.ts'

/** What of a condition does not fit its fidelity. Null where all can be run. */
export function checkFidelity(condition: Condition): ConditionFault | null {
  return checkMarket(condition) ?? checkAdversaries(condition) ?? checkNetwork(condition)
}

/** A buyer of coins is a bench for rules of credit: no ledger scores or pays it. */
function checkMarket({ scenario, fidelity }: Condition): ConditionFault | null {
  if (scenario.kind !== 'forecast' || scenario.market !== 'credit' || fidelity === 'rounds') {
    return null
  }
  const sentence = `scenario.market: credit, which compares rules of credit in one process; accepted with fidelity ${fidelity}: weather`
  return { path: ['scenario', 'market'], sentence }
}

function checkAdversaries({ adversaries, fidelity }: Condition): ConditionFault | null {
  for (const [index, { kind, fromRound }] of adversaries.entries()) {
    if (!isFaultKind(kind)) continue
    if (fidelity !== 'sim') {
      const sentence = `adversaries.${index}.kind: ${kind} is a replica's fault; accepted with fidelity sim alone`
      return { path: ['adversaries', index, 'kind'], sentence }
    }
    if (LIFELONG_FAULTS.includes(kind) && fromRound !== 1) {
      const sentence = `adversaries.${index}.fromRound: ${fromRound}; accepted for ${kind}: 1`
      return { path: ['adversaries', index, 'fromRound'], sentence }
    }
  }
  return null
}

/** Partitions and crashes name nodes that there are, and last. */
function checkNetwork(condition: Condition): ConditionFault | null {
  const { network, fidelity, scenario } = condition
  if (fidelity === 'rounds') return null
  const count =
    scenario.kind === 'forecast' ? countWeatherNodes(scenario) : seatsOf(condition).length
  const cuts = network.partitions.map(({ nodes, fromMs, toMs }) => ({ nodes, fromMs, toMs }))
  const crashes = network.crashes.map(({ node, atMs, restartAtMs }) => {
    return { nodes: [node], fromMs: atMs, toMs: restartAtMs }
  })
  for (const [field, spells] of [
    ['partitions', cuts],
    ['crashes', crashes],
  ] as const) {
    for (const [index, { nodes, fromMs, toMs }] of spells.entries()) {
      const path = ['network', field, index]
      const missing = nodes.find((node) => node >= count)
      if (missing !== undefined) {
        const sentence = `${path.join('.')}: node ${missing}; accepted: 0 to ${count - 1}`
        return { path, sentence }
      }
      if (toMs <= fromMs) {
        const sentence = `${path.join('.')}: it ends at ${toMs} ms; accepted: after ${fromMs} ms`
        return { path, sentence }
      }
    }
  }
  const crashing = new Set(network.crashes.map(({ node }) => node))
  if (fidelity === 'net' && crashing.size === count) {
    const sentence = 'network.crashes: every node; accepted with fidelity net: all but one'
    return { path: ['network', 'crashes'], sentence }
  }
  return null
}

/** Names of the adversaries that only a simulated network has. */
export const FAULT_NAMES: string = FAULT_KINDS.join(', ')
