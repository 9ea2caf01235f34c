import type { AgentId } from '@commonweal/protocol'
import type { Agent } from '../agent/agent.ts'
import { createMandate } from '../agent/llm/mandate.ts'
import type { NodeConfig } from '../config.ts'
import { computeAgentTimeout } from '../node-agent.ts'
import type { NodeEvents } from '../node-event.ts'
import type { ClockPort, LogPort } from '../ports.ts'
import { bringOffers } from './bring-offers.ts'
import { OfferBook } from './offer-book.ts'
import { OUTSIDE_DEFAULT } from './outside-config.ts'
import type { OutsideParts } from './outside-parts.ts'

export interface OutsideSurroundings {
  readonly id: AgentId
  readonly events: NodeEvents
  readonly clock: ClockPort
  readonly log: LogPort
  /** Aborts when the node stops. */
  readonly signal: AbortSignal
}

/** What of a configuration bears on agents outside. */
type OutsideNodeConfig = Pick<NodeConfig, 'genesis' | 'api' | 'secretKey' | 'outside'> & {
  readonly agent: Pick<NodeConfig['agent'], 'timeoutMs'>
}

/** A node's agent as it sits in the network, and its ear for agents outside; null where they are kept out. */
export interface OpenAgent {
  readonly agent: Agent
  readonly outside: OutsideParts | null
}

/** Opens an agent to what comes from outside, where the configuration lets it. */
export function createOutside(
  config: OutsideNodeConfig,
  agent: Agent,
  { id, events, clock, log, signal }: OutsideSurroundings,
): OpenAgent {
  const { outside = OUTSIDE_DEFAULT, api, secretKey } = config
  if (outside === null || api === null) return { agent, outside: null }
  const mandate = createMandate(outside.mandate)
  const offers = new OfferBook(id)
  events.listen((event) => offers.hear(event))
  const timeoutMs = computeAgentTimeout(config)
  const { url } = outside
  return {
    agent: bringOffers(agent, offers, mandate),
    outside: { agent, id, secretKey, offers, mandate, clock, log, signal, timeoutMs, url },
  }
}
