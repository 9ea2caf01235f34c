import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Genesis, Law } from '@commonweal/protocol'
import type { AgentOptions } from '../agent/create-agent.ts'
import type { ModelConfigFile } from '../agent/llm/model-config.ts'
import type { Prosociality } from '../agent/prosocial.ts'
import { formatPolicy, type Policy } from '../agent/utility/policy.ts'
import { TOKEN_FILE } from '../api/guard.ts'
import type { WeatherConfig } from '../config.ts'
import { formatGenesis } from '../genesis-file.ts'
import { localName } from './genesis.ts'
import { LocalProcess, type ProcessExit, type RunningProcess } from './local-process.ts'

/** Longest wait for a node to run: several of them share a few cores. */
const START_MS_MAX = 60_000
/** How long a node may take to stop before it is ended. */
const STOP_GRACE_MS = 5_000
const CONNECT_MS_MAX = 20_000

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
}

/** One node of a launched network. */
export interface LocalNode extends RunningProcess {
  readonly index: number
  readonly dataFolder: string
}

/** Node processes on this machine, connected to one another. */
export interface LocalNetwork {
  readonly nodes: readonly LocalNode[]
  readonly networkId: string
  isRunning(index: number): boolean
  /** Resolves when no process is left. */
  stop(): Promise<void>
  /** Ends every process at once. */
  kill(): void
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
    const nodes = await Promise.all(
      processes.map(async (node, index) => {
        const running = await node.ready(START_MS_MAX)
        return { ...running, index, dataFolder: node.dataFolder }
      }),
    )
    await Promise.all(nodes.map((node) => connectTo(node, nodes)))
    return superviseNodes(processes, nodes, options)
  } catch (error) {
    await stopAll(processes)
    throw error
  } finally {
    options.signal?.removeEventListener('abort', callOff)
  }
}

function spawnNode(options: LaunchOptions, index: number): LocalProcess {
  const { folder, seed, agents, law, genesis } = options
  const agent = agents[index]
  const name = genesis.accounts[index]?.name ?? localName(index)
  return new LocalProcess(name, join(folder, name), {
    genesis: '../genesis.json',
    key: { seed, index },
    isBootNode: index === 0,
    seed,
    agent: {
      ...(agent === undefined
        ? {}
        : {
            policy: formatPolicy(agent.policy),
            prosociality: formatWeight(agent.prosociality),
            turn: formatTurn(agent.turn),
            weather: agent.weather ?? null,
            model: agent.model ?? null,
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

/** Of two nodes the one with the lower peer id dials, so that no two dials cross. */
async function connectTo(node: LocalNode, others: readonly LocalNode[]): Promise<void> {
  const addresses = others
    .filter(({ peerId }) => peerId > node.peerId)
    .flatMap((other) => other.addresses.slice(0, 1))
  const token = readFileSync(join(node.dataFolder, TOKEN_FILE), 'utf8').trim()
  await fetch(new URL('/peers', node.api), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ addresses }),
    signal: AbortSignal.timeout(CONNECT_MS_MAX),
  })
}

function superviseNodes(
  processes: readonly LocalProcess[],
  nodes: readonly LocalNode[],
  { onEnd }: LaunchOptions,
): LocalNetwork {
  let isStopping = false
  for (const node of nodes) {
    void processes[node.index]?.ended.then((exit) => {
      if (!isStopping) onEnd?.(node, exit)
    })
  }
  return {
    nodes,
    networkId: nodes[0]?.networkId ?? '',
    isRunning: (index) => processes[index]?.isRunning ?? false,
    async stop() {
      isStopping = true
      await stopAll(processes)
    },
    kill() {
      isStopping = true
      for (const node of processes) node.kill()
    },
  }
}

async function stopAll(processes: readonly LocalProcess[]): Promise<void> {
  await Promise.all(processes.map((node) => node.stop(STOP_GRACE_MS)))
}
