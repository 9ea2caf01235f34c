import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Genesis, Law } from '@commonweal/protocol'
import type { Fault } from '../adversary/kinds.ts'
import type { AssistantConfigFile } from '../agent/assistant/assistant-config.ts'
import type { AgentOptions } from '../agent/create-agent.ts'
import type { ModelConfigFile } from '../agent/llm/model-config.ts'
import type { PluginConfigFile } from '../agent/plugin/plugin-config.ts'
import type { Prosociality } from '../agent/prosocial.ts'
import { formatPolicy, type Policy } from '../agent/utility/policy.ts'
import type { ConfigFile, WeatherConfig } from '../config.ts'
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

const NEWCOMER = 'newcomer'
/** Of its key: beyond those of all nodes. */
const NEWCOMER_INDEX = 1_000
const BOOT_NODES_MAX = 64
/** It waits for as many as keep the rules, up to so many. */
const HEADS_COMPARED_MAX = 8
/** How long it waits for peers. */
const JOIN_PATIENCE_MS = 5_000

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

/** What one node does, its agent above all. */
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
  /** The operator's own module that decides, the policy standing in for it. */
  readonly plugin?: PluginConfigFile
  /** What it does against the protocol; without one it keeps the rules. A crash ends its process, which is started again. */
  readonly fault?: Fault
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
    const network = new RunningNetwork(processes, nodes, {
      spawn: (node) => spawnNode(options, node.index, changeAfterCrash(node)),
      revivesAfterMs: ({ index }) => crashMsOf(options.agents[index]),
      spawnNewcomer: () => spawnNewcomer(options, nodes),
      onEnd: options.onEnd,
    })
    await Promise.all(nodes.map((node) => connectFirst(node, nodes, options)))
    return network
  } catch (error) {
    await Promise.all(processes.map((node) => node.stop(STOP_GRACE_MS)))
    throw error
  } finally {
    options.signal?.removeEventListener('abort', callOff)
  }
}

function spawnNewcomer(options: LaunchOptions, nodes: readonly LocalNode[]): LocalProcess {
  const { folder, seed, agents } = options
  const isFaulty = ({ index }: LocalNode): boolean => agents[index]?.fault !== undefined
  const faultyCount = nodes.filter(isFaulty).length
  const met = nodes.toSorted((a, b) => Number(isFaulty(b)) - Number(isFaulty(a)))
  return new LocalProcess(NEWCOMER, join(folder, NEWCOMER), {
    genesis: '../genesis.json',
    key: { seed, index: NEWCOMER_INDEX },
    bootNodes: met.flatMap(({ addresses }) => addresses).slice(0, BOOT_NODES_MAX),
    join: {
      headCountMin: Math.max(1, Math.min(HEADS_COMPARED_MAX, nodes.length - faultyCount)),
      patienceMs: JOIN_PATIENCE_MS,
    },
    votes: false,
  })
}

/** How long a node is away that crashes by itself; null for one that does not. */
function crashMsOf(agent: LocalAgent | undefined): number | null {
  return agent?.fault?.kind === 'crash' ? agent.fault.spellMs : null
}

async function connectFirst(
  node: LocalNode,
  nodes: readonly LocalNode[],
  { agents }: LaunchOptions,
): Promise<void> {
  const connecting = connectTo(node, nodes)
  // It may die while it is asked.
  await (crashMsOf(agents[node.index]) === null ? connecting : connecting.catch(() => undefined))
}

/** Where it was before, and well from here on. */
function changeAfterCrash({ addresses, api }: LocalNode): Partial<ConfigFile> {
  return {
    fault: null,
    listen: addresses.map(withoutPeerId),
    api: { port: Number(new URL(api).port) },
  }
}

function spawnNode(
  options: LaunchOptions,
  index: number,
  change: Partial<ConfigFile> = {},
): LocalProcess {
  const { folder, seed, agents, law, genesis, links = null } = options
  const agent = agents[index]
  const name = genesis.accounts[index]?.name ?? localName(index)
  return new LocalProcess(name, join(folder, name), {
    genesis: '../genesis.json',
    key: { seed, index },
    isBootNode: index === 0,
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
            plugin: agent.plugin ?? null,
          }),
      law,
    },
    fault: agent?.fault ?? null,
    ...change,
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
