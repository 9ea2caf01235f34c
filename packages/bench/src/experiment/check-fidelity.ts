import {
  FAULT_KINDS,
  isFaultKind,
  isWireKind,
  LIFELONG_FAULTS,
  WIRE_KINDS,
} from '@commonweal/node/adversary'
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
    const accepted = fidelitiesOf(kind)
    if (!accepted.includes(fidelity)) {
      const sentence = `adversaries.${index}.kind: ${kind} breaks the protocol, not the rules of play; accepted with fidelity ${accepted.join(' or ')}`
      return { path: ['adversaries', index, 'kind'], sentence }
    }
    if (!isFaultKind(kind)) continue
    if (LIFELONG_FAULTS.includes(kind) && fromRound !== 1) {
      const sentence = `adversaries.${index}.fromRound: ${fromRound}; accepted for ${kind}: 1`
      return { path: ['adversaries', index, 'fromRound'], sentence }
    }
  }
  return null
}

/** A simulated network carries messages: what is none, it cannot carry. */
function fidelitiesOf(kind: string): readonly Condition['fidelity'][] {
  if (isWireKind(kind)) return ['net']
  return isFaultKind(kind) ? ['sim', 'net'] : ['rounds', 'sim', 'net']
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

/** Names of the adversaries in the protocol, by where they may be. */
export const FAULT_NAMES: string = `with fidelity sim or net ${FAULT_KINDS.join(', ')}; with fidelity net ${WIRE_KINDS.join(', ')}`
