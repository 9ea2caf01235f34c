import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { invariant, present } from '../invariant.ts'
import type { Payment } from './emission-share.ts'
import { WHOLE_BPS } from './log-table.ts'
import { checkStream, type StreamShares } from './stream.ts'

/** A transfer below this stays with its sender; waves end when nobody has as much to pass on. [EMI-10] */
export const FLOW_DUST_MICRO = 10n
/** After so many waves what is pending stays where it is: 0.8⁶⁴ ≈ 6·10⁻⁷. [EMI-11] */
export const FLOW_WAVE_COUNT_MAX = 64
/** So many shares are looked at in all that one settlement passes on: a tenth of a second, and as many transfers at most. [EMI-11] */
export const FLOW_STEP_COUNT_MAX: number = 2 ** 20

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

/** One agent that a source reaches, and what of it stays and goes. */
interface Holder {
  readonly agent: AgentId
  readonly edges: readonly Edge[]
  netMicro: bigint
}

interface Edge {
  readonly to: AgentId
  readonly bps: bigint
  sentMicro: bigint
}

type Pending = Map<AgentId, bigint>

/** Whom an agent passes on what; undefined where it never said. */
export type StreamsInForce = Pick<ReadonlyMap<AgentId, StreamShares>, 'get'>

/**
 * Passes emissions down the streams, wave by wave: what arrives in one wave goes on in the next.
 *
 * Shape   payments of any sources, an agent any number of times; streams that {@link checkStream} admits. Any graph, with cycles.
 * Units   micro-tokens (bigint, ≥ 0n); streams in basis points; `stepCountMax`: shares looked at, for each source.
 * Formula of a holder's a, for each receiver by id: cum += bps; send = ⌊a·cum/10⁴⌋ − sent so far; below 10 it stays.
 * Result  Σ nets = Σ payments exactly, for every source apart, and no net is negative. Half the sum of differences to
 *         n = (1 − δ)g, g = e + Mᵀg, is at most δ_max^waves·E + 10·edges·waves micro-units.
 * Errors  none.
 * Cost    O(edges · waves · sources) over the streams that are reached, and no more than the first wave and `stepCountMax`
 *         for each source.
 * Source  spec/emission.md [EMI-9] … [EMI-12]
 */
export function computeFlow(
  payments: readonly Payment[],
  streams: StreamsInForce,
  stepCountMax: number = FLOW_STEP_COUNT_MAX,
): Flow {
  const sources = [...new Set(payments.map(({ source }) => source))].toSorted(compareText)
  const bySource = Map.groupBy(payments, ({ source }) => source)
  const nets: Payment[] = []
  const transfers: FlowTransfer[] = []
  let waveCount = 0
  for (const source of sources) {
    // [EMI-12] A source flows apart from the others: every token of it can be followed.
    const paid = present(bySource.get(source), 'the source has payments')
    const flowed = flowOneSource(paid, streams, stepCountMax)
    waveCount = Math.max(waveCount, flowed.waveCount)
    for (const { agent, netMicro, edges } of flowed.holders) {
      if (netMicro > 0n) nets.push({ source, agent, amountMicro: netMicro })
      for (const { to, sentMicro } of edges) {
        if (sentMicro > 0n) transfers.push({ source, from: agent, to, amountMicro: sentMicro })
      }
    }
  }
  return { nets, transfers, waveCount }
}

/** Everybody whom a source reaches, by id. */
function flowOneSource(
  payments: readonly Payment[],
  streams: StreamsInForce,
  stepCountMax: number,
): { readonly holders: readonly Holder[]; readonly waveCount: number } {
  // Only who is reached is looked up: what strangers have set costs nothing.
  const reached = new Map<AgentId, Holder>()
  const holderOf = (agent: AgentId): Holder => {
    const holder = reached.get(agent) ?? { agent, edges: edgesOf(agent, streams), netMicro: 0n }
    reached.set(agent, holder)
    return holder
  }
  let pending: Pending = new Map()
  for (const { agent, amountMicro } of payments) {
    invariant(amountMicro >= 0n, 'a payment is not negative')
    addTo(pending, agent, amountMicro)
  }
  let waveCount = 0
  let stepCount = 0
  while (waveCount < FLOW_WAVE_COUNT_MAX && hasMoreThanDust(pending)) {
    const holders = [...pending.keys()].map(holderOf)
    stepCount += holders.reduce((sum, { edges }) => sum + edges.length, 0)
    // [EMI-11] The first wave is paid for by those who reported; who only set streams may not make the others ever longer.
    if (waveCount > 0 && stepCount > stepCountMax) break
    // Sums of integers: the order of holders changes nothing.
    const next: Pending = new Map()
    for (const holder of holders) {
      const amountMicro = present(pending.get(holder.agent), 'who holds something has it')
      holder.netMicro += passOn(amountMicro, holder.edges, next)
    }
    pending = next
    waveCount += 1
  }
  for (const [agent, amountMicro] of pending) holderOf(agent).netMicro += amountMicro
  const holders = [...reached.values()].toSorted((a, b) => compareAgents(a.agent, b.agent))
  invariant(
    sumBigint(holders.map(({ netMicro }) => netMicro)) ===
      sumBigint(payments.map(({ amountMicro }) => amountMicro)),
    'what flows is kept by somebody',
  )
  return { holders, waveCount }
}

function edgesOf(agent: AgentId, streams: StreamsInForce): readonly Edge[] {
  const shares = streams.get(agent) ?? []
  invariant(checkStream(agent, shares).ok, 'a stream was checked when it was set')
  return shares.map(({ to, bps }) => ({ to, bps: BigInt(bps), sentMicro: 0n }))
}

/** Sends on one holder's pending amount and gives back what stays with it. [EMI-10] */
function passOn(amountMicro: bigint, edges: readonly Edge[], next: Pending): bigint {
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

function hasMoreThanDust(pending: Pending): boolean {
  for (const amountMicro of pending.values()) if (amountMicro >= FLOW_DUST_MICRO) return true
  return false
}

function addTo(amounts: Pending, agent: AgentId, amountMicro: bigint): void {
  amounts.set(agent, (amounts.get(agent) ?? 0n) + amountMicro)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
