import type { NetworkConditions } from '../experiment.ts'
import type { Metrics } from '../run-result.ts'
import type { SimReport } from './play-sim.ts'

interface MeasuredRun
  extends Pick<
    SimReport,
    'heights' | 'virtualMs' | 'transactionCount' | 'finalityMs' | 'traffic' | 'errorMicro'
  > {
  readonly events: readonly { readonly event: { readonly kind: string } }[]
}

/**
 * What a run cost the network.
 *
 * Hops are finality in links of mean latency; three where nothing goes wrong. What a contract cost is all that was sent, by
 * the agreements that formed; null where none did. Goodput is final transactions a second of virtual time.
 */
export function systemMetrics(
  report: MeasuredRun,
  { latencyMs, jitterMs }: NetworkConditions,
): Metrics {
  const { events, heights, virtualMs, transactionCount, finalityMs, traffic, errorMicro } = report
  const contractCount = events.filter(({ event }) => event.kind === 'agreement-formed').length
  const sorted = finalityMs.toSorted((a, b) => a - b)
  const [p50, p95] = [quantileOf(sorted, 0.5), quantileOf(sorted, 0.95)]
  const linkMs = latencyMs + jitterMs / 2
  const hops = (ms: number | null): number | null =>
    ms === null || linkMs === 0 ? null : ms / linkMs
  return {
    'net.heights': heights,
    'net.virtualMs': virtualMs,
    'net.messages': traffic.messages,
    'net.bytes': traffic.bytes,
    'net.messagesPerContract': ratioOf(traffic.messages, contractCount),
    'net.bytesPerContract': ratioOf(traffic.bytes, contractCount),
    goodput: ratioOf(transactionCount * 1000, virtualMs),
    'finality.p50Ms': p50,
    'finality.p95Ms': p95,
    'finality.p50Hops': hops(p50),
    'finality.p95Hops': hops(p95),
    conservationError: Number(errorMicro),
  }
}

function ratioOf(amount: number, whole: number): number | null {
  return whole === 0 ? null : amount / whole
}

/** The least value that so much of all reach at most. */
function quantileOf(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null
}
