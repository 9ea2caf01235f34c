import type { AgentId, Verified } from '@commonweal/protocol'
import type { Instance } from '../engine/instance.ts'
import type { Checker, Failure, VerdictEffect } from './checker.ts'

/** [SIM-6] Verdicts: no honest instance rejects, and so punishes, what an honest agent signed; it may ignore it. */
export class VerdictChecker implements Checker {
  readonly #honestAgents: ReadonlySet<AgentId>

  constructor(honestAgents: ReadonlySet<AgentId>) {
    this.#honestAgents = honestAgents
  }

  onVerdict(
    instance: Instance,
    { message, verdict }: { readonly message: Verified; readonly verdict: VerdictEffect },
    nowMs: number,
  ): readonly Failure[] {
    const { author, kind } = message.message
    if (verdict.verdict !== 'reject' || !this.#honestAgents.has(author)) return []
    const sentence = `instance ${instance.index} rejected a ${kind} of an honest agent: ${verdict.code ?? 'no code'}`
    return [{ property: 'verdict', atMs: nowMs, sentence }]
  }
}
