import type { AgentId } from '@commonweal/protocol'
import type { Agent } from '../agent.ts'
import type { Forecaster } from '../forecast/forecaster.ts'
import { type Derive, partOf } from '../game/draw.ts'
import type { Prosociality } from '../prosocial.ts'

/** An agent of the operator's own: one module, loaded, and not asked anything yet. */
export interface Plugin {
  /** The name of its file, for logs and tables. */
  readonly name: string
  readonly path: string
  /** SHA-256 of the file, in hex. What the file imports is not in it. */
  readonly digest: string
  /** Its export of that name; null where it has none. What it returns is anybody's guess. */
  readonly createAgent: ((options: AgentPluginOptions) => unknown) | null
  /** The same. */
  readonly createForecaster: ((options: ForecasterPluginOptions) => unknown) | null
}

/** The exports by which a module is an agent: of one that has a seat, and of one that forecasts. */
export type PluginDoor = 'createAgent' | 'createForecaster'

/** What a module is told when its agent is made, whatever that does. */
interface PluginOptions {
  /** The agent's own id. */
  readonly agent: AgentId
  /** How much it is to care for the others. */
  readonly prosociality: Prosociality
  /**
   * Chance: a number from 0 to below 1 for a purpose such as "round 3". For one key, network and purpose it is always the same,
   * so that a run can be repeated; nobody without the key can foresee it.
   */
  readonly draw: (purpose: string) => number
}

/** What `createAgent` of a module is given. */
export interface AgentPluginOptions extends PluginOptions {
  /** The built-in agent that would play here: to be asked where one's own has no better idea. */
  readonly policy: Agent
}

/** What `createForecaster` of a module is given. */
export interface ForecasterPluginOptions extends PluginOptions {
  /** Whose signals it is to ask for. */
  readonly suppliers: readonly AgentId[]
  /** What the network calls an agent. */
  readonly nameOf: (agent: AgentId) => string
  /** The built-in forecaster that would play here. It learns from what it is shown alone. */
  readonly policy: Forecaster
}

/** Draws of a plug-in: none of them is one of a policy's with the same key. */
export function createDraw(derive: Derive): PluginOptions['draw'] {
  return (purpose) => partOf(derive(`plugin/${purpose}`))
}
