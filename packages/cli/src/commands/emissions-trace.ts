import { traceAgent } from '../forecast/agent-trace.ts'
import { traceEpoch } from '../forecast/epoch-trace.ts'
import { findByName } from '../forecast/find-by-name.ts'
import { loadMarket, type Market } from '../forecast/load-market.ts'
import type { EpochEmission, MarketHistory } from '../forecast/market-history.ts'
import { renderAgentTrace } from '../forecast/render-agent-trace.ts'
import { renderEpochTrace } from '../forecast/render-epoch-trace.ts'
import { formatAgentDot, formatEpochDot } from '../forecast/trace-dot.ts'
import { createOutput, type Output } from '../output.ts'
import { UsageError } from '../usage-error.ts'
import type { NetworkFlags } from './ps.ts'

export interface TraceFlags extends NetworkFlags {
  readonly dot: boolean
}

/** Shows where every token of an epoch, or of an agent, came from and went. */
export async function runEmissionsTrace(
  of: string | undefined,
  flags: TraceFlags,
  output: Output = createOutput(flags),
): Promise<void> {
  if (flags.dot && flags.json) {
    throw new UsageError('--dot and --json are both given; accepted is one of them')
  }
  showTrace(await loadMarket(flags, output), of, flags, output)
}

export function showTrace(
  { history, accounts, nameOf }: Market,
  of: string | undefined,
  { dot }: Pick<TraceFlags, 'dot'>,
  output: Output,
): void {
  const { style, width } = output
  if (of === undefined || /^\d{1,15}$/.test(of)) {
    const trace = traceEpoch(history, findEpoch(history, of), nameOf)
    output.json(trace)
    if (dot) output.line(formatEpochDot(trace))
    else output.lines(renderEpochTrace(trace, nameOf, style, width))
    return
  }
  const named = accounts.map(({ agent, name }) => ({ id: agent, name }))
  const { id } = findByName(of, named, 'agent')
  const trace = traceAgent(history, id, nameOf)
  output.json(trace)
  if (dot) output.line(formatAgentDot(trace))
  else output.lines(renderAgentTrace(trace, style, width))
}

/** The emission of an epoch, or the latest that paid somebody. */
function findEpoch({ emissions }: MarketHistory, text: string | undefined): EpochEmission {
  const [first, last] = [emissions[0], emissions.at(-1)]
  if (first === undefined || last === undefined) {
    throw new UsageError('no epoch has ended with an emission so far')
  }
  if (text === undefined) return emissions.findLast(({ payments }) => payments.length > 0) ?? last
  const found = emissions.find(({ epoch }) => epoch === Number(text))
  if (found !== undefined) return found
  throw new UsageError(
    `epoch ${text}: it has no emission so far; accepted are ${first.epoch} to ${last.epoch}, or the name or id of an agent`,
  )
}
