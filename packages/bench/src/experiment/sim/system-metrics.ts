import type { NetworkConditions } from '../experiment.ts'
import type { Metrics } from '../run-result.ts'
import type { SimReport } from './play-sim.ts'

/** What a run cost the network. Hops are finality in links of mean latency; three where nothing goes wrong. */
export function systemMetrics(
  { heights, virtualMs, finalityMs, traffic, errorMicro }: SimReport,
  { latencyMs, jitterMs }: NetworkConditions,
): Metrics {
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
    'finality.p50Ms': p50,
    'finality.p95Ms': p95,
    'finality.p50Hops': hops(p50),
    'finality.p95Hops': hops(p95),
    conservationError: Number(errorMicro),
  }
}

/** The least value that so much of all reach at most. */
function quantileOf(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null
}
