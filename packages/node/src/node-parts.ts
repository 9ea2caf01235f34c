import type { Agent } from './agent/agent.ts'
import { FORECASTER_ROLE } from './agent/forecast/weather/roles.ts'
import { loadPlugin } from './agent/plugin/load-plugin.ts'
import type { Plugin } from './agent/plugin/plugin.ts'
import type { NodeConfig } from './config.ts'
import type { NetworkLimits } from './network/limits.ts'
import type { NodeEvent } from './node-event.ts'
import type { ClockPort, LogPort, StorePort } from './ports.ts'
import type { OpenReplica } from './replica-port.ts'
import type { AnswerSync } from './sync/responder.ts'

/** Other hosts of a node. */
export interface Companions {
  addresses(): readonly string[]
  stop(): Promise<void>
}

/** What a test, or a fault, puts in the place of the real thing. */
export interface NodeParts {
  readonly log?: LogPort
  readonly clock?: ClockPort
  readonly store?: StorePort
  readonly agent?: Agent
  /** The operator's own module, loaded. */
  readonly plugin?: Plugin
  readonly limits?: Partial<NetworkLimits>
  readonly openReplica?: OpenReplica
  readonly answerSync?: AnswerSync
  /** What peers are told at the handshake instead of the height of the last final block. */
  readonly claimHeight?: (finalHeight: number) => number
  /** Starts other hosts that belong to the node. */
  readonly startCompanions?: (config: NodeConfig, store: StorePort) => Promise<Companions>
  /** Ends the process at once. */
  readonly die?: () => void
  /** Hears of everything from the start on, joining included. */
  readonly onEvent?: (event: NodeEvent) => void
}

/** The log of a node that was given none. */
export const SILENT: LogPort = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

/** An honest node does not load what faulty ones do. */
export async function withFault({ fault }: NodeConfig, parts: NodeParts): Promise<NodeParts> {
  if (fault === null) return parts
  const { sabotage } = await import('./adversary/sabotage.ts')
  return sabotage(fault, parts)
}

/** Loads the module of the operator's own, where the configuration names one. Errors  PluginError */
export async function withPlugin({ agent }: NodeConfig, parts: NodeParts): Promise<NodeParts> {
  const { plugin, weather } = agent
  if (plugin === null) return parts
  const door = weather?.role === FORECASTER_ROLE ? 'createForecaster' : 'createAgent'
  return { ...parts, plugin: await loadPlugin(plugin.path, { door, digest: plugin.digest }) }
}
