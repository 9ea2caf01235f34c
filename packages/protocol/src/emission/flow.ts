import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { invariant, present } from '../invariant.ts'
import type { Payment } from './emission-share.ts'
import { WHOLE_BPS } from './log-table.ts'
import { checkStream, type StreamShares } from './stream.ts'

/** A transfer below this stays with its sender; waves end when nobody has as much to pass on. [EMI-10] */
export const FLOW_DUST_MICRO = 10n
/** After so many waves what is pending stays where it is: 0.8⁶⁴ ≈ 6·10⁻⁷. [EMI-10] */
export const FLOW_WAVE_COUNT_MAX = 64

/** All that passed from one agent to another, of one source. */
export interface FlowTransfer {
  readonly source: string
  readonly from: AgentId
  readonly to: AgentId
  readonly amountMicro: bigint
}

export interface Flow {
  /** What everybody keeps in the end, by source and agent; every amount is above 0. */
  readonly nets: readonly Payment[]
  /** By source, sender, receiver: received + paid = passed on + kept, for every agent and source. */
  readonly transfers: readonly FlowTransfer[]
  /** The most waves that a source took. */
  readonly waveCount: number
}

interface Edge {
  readonly to: number
  readonly bps: bigint
  sentMicro: bigint
}

/** Everybody who pays or is paid, by id, with edges between places in that order. */
interface Graph {
  readonly agents: readonly AgentId[]
  readonly places: ReadonlyMap<AgentId, number>
  readonly edges: readonly Edge[][]
}

/**
 * Passes emissions down the streams, wave by wave: what arrives in one wave goes on in the next.
 *
 * Shape   payments of any sources, an agent any number of times; streams that {@link checkStream} admits. Any graph, with cycles.
 * Units   micro-tokens (bigint, ≥ 0n); streams in basis points.
 * Formula of a holder's a, for each receiver by id: cum += bps; send = ⌊a·cum/10⁴⌋ − sent so far; below 10 it stays.
 * Result  Σ nets = Σ payments exactly, for every source apart, and no net is negative. Half the sum of differences to
 *         n = (1 − δ)g, g = e + Mᵀg, is at most δ_max^waves·E + 10·edges·waves micro-units.
 * Errors  none.
 * Cost    O(edges · waves · sources).
 * Source  spec/emission.md [EMI-9] … [EMI-12]
 */
export function computeFlow(
  payments: readonly Payment[],
  streams: ReadonlyMap<AgentId, StreamShares>,
): Flow {
  const graph = createGraph(payments, streams)
  const sources = [...new Set(payments.map(({ source }) => source))].toSorted(compareText)
  const bySource = Map.groupBy(payments, ({ source }) => source)
  const nets: Payment[] = []
  const transfers: FlowTransfer[] = []
  let waveCount = 0
  for (const source of sources) {
    // [EMI-12] A source flows apart from the others: every token of it can be followed.
    const kept = flowOneSource(graph, present(bySource.get(source), 'the source has payments'))
    waveCount = Math.max(waveCount, kept.waveCount)
    for (const [place, agent] of graph.agents.entries()) {
      const amountMicro = kept.netMicro[place] ?? 0n
      if (amountMicro > 0n) nets.push({ source, agent, amountMicro })
      for (const edge of graph.edges[place] ?? []) {
        if (edge.sentMicro === 0n) continue
        const to = present(graph.agents[edge.to], 'the receiver is in the graph')
        transfers.push({ source, from: agent, to, amountMicro: edge.sentMicro })
        // Ready for the next source.
        edge.sentMicro = 0n
      }
    }
  }
  return { nets, transfers, waveCount }
}

function createGraph(
  payments: readonly Payment[],
  streams: ReadonlyMap<AgentId, StreamShares>,
): Graph {
  for (const [owner, shares] of streams) {
    invariant(checkStream(owner, shares).ok, 'a stream was checked when it was set')
  }
  const known = new Set(payments.map(({ agent }) => agent))
  // Streams whose owners receive nothing carry nothing: only who can be reached has a place.
  for (const agent of known) for (const { to } of streams.get(agent) ?? []) known.add(to)
  const agents = [...known].toSorted(compareAgents)
  const places = new Map(agents.map((agent, place) => [agent, place]))
  const edges = agents.map((agent) =>
    (streams.get(agent) ?? []).map(({ to, bps }) => ({
      to: present(places.get(to), 'who is reached has a place'),
      bps: BigInt(bps),
      sentMicro: 0n,
    })),
  )
  return { agents, places, edges }
}

function flowOneSource(
  { agents, places, edges }: Graph,
  payments: readonly Payment[],
): { readonly netMicro: readonly bigint[]; readonly waveCount: number } {
  const netMicro = agents.map(() => 0n)
  let pending = new Map<number, bigint>()
  for (const { agent, amountMicro } of payments) {
    invariant(amountMicro >= 0n, 'a payment is not negative')
    addTo(pending, present(places.get(agent), 'who is paid has a place'), amountMicro)
  }
  let waveCount = 0
  while (waveCount < FLOW_WAVE_COUNT_MAX && hasMoreThanDust(pending)) {
    // Sums of integers: the order of holders changes nothing.
    const next = new Map<number, bigint>()
    for (const [place, amountMicro] of pending) {
      const keptMicro = passOn(amountMicro, edges[place] ?? [], next)
      netMicro[place] = (netMicro[place] ?? 0n) + keptMicro
    }
    pending = next
    waveCount += 1
  }
  for (const [place, amountMicro] of pending) {
    netMicro[place] = (netMicro[place] ?? 0n) + amountMicro
  }
  invariant(
    sumBigint(netMicro) === sumBigint(payments.map(({ amountMicro }) => amountMicro)),
    'what flows is kept by somebody',
  )
  return { netMicro, waveCount }
}

/** Sends on one holder's pending amount and gives back what stays with it. [EMI-10] */
function passOn(amountMicro: bigint, edges: readonly Edge[], next: Map<number, bigint>): bigint {
  let cumulativeBps = 0n
  let countedMicro = 0n
  let keptMicro = amountMicro
  for (const edge of edges) {
    cumulativeBps += edge.bps
    const sendMicro = (amountMicro * cumulativeBps) / BigInt(WHOLE_BPS) - countedMicro
    countedMicro += sendMicro
    if (sendMicro < FLOW_DUST_MICRO) continue
    edge.sentMicro += sendMicro
    keptMicro -= sendMicro
    addTo(next, edge.to, sendMicro)
  }
  return keptMicro
}

function hasMoreThanDust(pending: ReadonlyMap<number, bigint>): boolean {
  for (const amountMicro of pending.values()) if (amountMicro >= FLOW_DUST_MICRO) return true
  return false
}

function addTo(amounts: Map<number, bigint>, place: number, amountMicro: bigint): void {
  amounts.set(place, (amounts.get(place) ?? 0n) + amountMicro)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
