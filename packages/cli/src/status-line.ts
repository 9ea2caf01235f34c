import type { CommonsParams } from '@commonweal/protocol'
import type { StatusView } from './node-view.ts'
import type { Style } from './output.ts'

/** Where a network stands, as one of its nodes sees it. */
export interface StatusFacts {
  readonly height: number
  /** Height of the last final block. */
  readonly final: number
  readonly round: number
  readonly rounds: number
  readonly phase: string
  readonly peers: number
  /** Contracts in force. */
  readonly contracts: number
  readonly stock: number
  readonly capacity: number
}

/** The status line; the stock has a gauge of ten cells. */
export function formatStatus(facts: StatusFacts, style: Style): string {
  const label = labelIn(style)
  return [
    label('height', facts.height),
    label('final', facts.final),
    label('round', `${facts.round}/${facts.rounds}`),
    label('phase', facts.phase.padEnd(9)),
    label('peers', facts.peers),
    label('contracts', facts.contracts),
    label('stock', `${gauge(facts.stock, facts.capacity)} ${facts.stock}`),
  ].join('  ')
}

/** The same where there is no commons. */
export function formatChainStatus(status: StatusView, style: Style): string {
  const label = labelIn(style)
  return [
    label('height', status.height),
    label('final', status.finalHeight),
    label('epoch', status.epoch),
    label('peers', status.peers.length),
  ].join('  ')
}

function labelIn(style: Style): (name: string, value: string | number) => string {
  return (name, value) => `${style.dim(name)} ${value}`
}

function gauge(value: number, max: number): string {
  const full = Math.round((10 * Math.min(value, max)) / Math.max(max, 1))
  return '█'.repeat(full) + '░'.repeat(10 - full)
}

/** The facts of a node's status; undefined where it has no commons. */
export function factsOf(
  status: StatusView,
  params: CommonsParams | undefined,
): StatusFacts | undefined {
  const [instance] = status.instances
  if (instance === undefined) return undefined
  return {
    height: status.height,
    final: status.finalHeight,
    round: instance.state.round,
    rounds: params?.rounds ?? instance.state.round,
    phase: instance.status === 'ended' ? 'ended' : status.phase,
    peers: status.peers.length,
    contracts: instance.agreements.length,
    stock: instance.state.stock,
    capacity: params?.capacity ?? Math.max(instance.state.stock, 1),
  }
}
