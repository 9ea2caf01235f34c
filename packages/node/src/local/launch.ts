import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Genesis, Law } from '@commonweal/protocol'
import type { AssistantConfigFile } from '../agent/assistant/assistant-config.ts'
import type { AgentOptions } from '../agent/create-agent.ts'
import type { ModelConfigFile } from '../agent/llm/model-config.ts'
import type { Prosociality } from '../agent/prosocial.ts'
import { formatPolicy, type Policy } from '../agent/utility/policy.ts'
import type { WeatherConfig } from '../config.ts'
import { formatGenesis } from '../genesis-file.ts'
import type { LinkConditions } from '../network/impaired-host.ts'
import { localName } from './genesis.ts'
import { LocalProcess, type ProcessExit } from './local-process.ts'
import {
  connectTo,
  type LocalNetwork,
  type LocalNode,
  RunningNetwork,
  STOP_GRACE_MS,
  untilRunning,
} from './running-network.ts'

export interface LaunchOptions {
  readonly genesis: Genesis
  /** Of the genesis: keys and shares follow from it. */
  readonly seed: string
  /** The network's own folder: `genesis.json`, and a folder for each node. */
  readonly folder: string
  /** How each node's agent plays, in the order of the genesis' accounts. */
  readonly agents: readonly LocalAgent[]
  /** The one law that agents bargain over or propose; null leaves them theirs. */
  readonly law: string | Law | null
  /** What lies between any two nodes; without it, nothing but this machine. */
  readonly links?: LinkConditions
  /** Calls the launch off: no process is left when it rejects. */
  readonly signal?: AbortSignal
  /** A node ended without having been asked to by {@link LocalNetwork.stop}. */
  readonly onEnd?: (node: LocalNode, exit: ProcessExit) => void
}

/** What the agent of one node does. */
export interface LocalAgent {
  readonly policy: Policy
  readonly prosociality: Prosociality
  /** The policy that it turns to from a round on. */
  readonly turn?: AgentOptions['turn']
  /** Its part in forecasting the weather; without one it has none. */
  readonly weather?: WeatherConfig
  /** The language model that decides in the place of the policy. */
  readonly model?: ModelConfigFile
  /** The assistant outside that decides, the policy standing in for it. */
  readonly assistant?: AssistantConfigFile
}

/**
 * Launches one process for each account of a genesis, on ports that the system chooses, and connects them all.
 *
 * Errors  LaunchError; no process is left behind then.
 */
export async function launchLocalNetwork(options: LaunchOptions): Promise<LocalNetwork> {
  const { genesis, folder } = options
  writeFileSync(join(folder, 'genesis.json'), formatGenesis(genesis))
  const processes = genesis.accounts.map((_, index) => spawnNode(options, index))
  const callOff = (): void => processes.forEach((node) => node.kill())
  options.signal?.addEventListener('abort', callOff, { once: true })
  try {
    options.signal?.throwIfAborted()
    const nodes = await Promise.all(processes.map((node, index) => untilRunning(node, index)))
    await Promise.all(nodes.map((node) => connectTo(node, nodes)))
    const spawn = (node: LocalNode): LocalProcess =>
      spawnNode(options, node.index, node.addresses.map(withoutPeerId))
    return new RunningNetwork(processes, nodes, { spawn, onEnd: options.onEnd })
  } catch (error) {
    await Promise.all(processes.map((node) => node.stop(STOP_GRACE_MS)))
    throw error
  } finally {
    options.signal?.removeEventListener('abort', callOff)
  }
}

/** @param listen multiaddrs; without them on ports that the system chooses. */
function spawnNode(
  options: LaunchOptions,
  index: number,
  listen?: readonly string[],
): LocalProcess {
  const { folder, seed, agents, law, genesis, links = null } = options
  const agent = agents[index]
  const name = genesis.accounts[index]?.name ?? localName(index)
  return new LocalProcess(name, join(folder, name), {
    genesis: '../genesis.json',
    key: { seed, index },
    isBootNode: index === 0,
    ...(listen === undefined ? {} : { listen: [...listen] }),
    seed,
    links,
    agent: {
      ...(agent === undefined
        ? {}
        : {
            policy: formatPolicy(agent.policy),
            prosociality: formatWeight(agent.prosociality),
            turn: formatTurn(agent.turn),
            weather: agent.weather ?? null,
            model: agent.model ?? null,
            assistant: agent.assistant ?? null,
          }),
      law,
    },
  })
}

function formatTurn(turn: LocalAgent['turn']): { policy: string; fromRound: number } | null {
  if (turn === undefined || turn === null) return null
  return { policy: formatPolicy(turn.policy), fromRound: turn.fromRound }
}

/** λ in the form that a config reads back to the same number. */
export function formatWeight({ lambda }: Prosociality): string {
  if (lambda === Number.POSITIVE_INFINITY) return 'inf'
  const text = String(lambda)
  return text.includes('e') ? lambda.toFixed(18) : text
}

/** A multiaddr to listen on, of one to dial. */
function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '')
}
