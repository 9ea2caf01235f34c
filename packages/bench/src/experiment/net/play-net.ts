import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  describeExit,
  type LocalAgent,
  type LocalNetwork,
  launchLocalNetwork,
  OperationalError,
} from '@commonweal/node/local'
import { type Law, present } from '@commonweal/protocol'
import type { NetworkConditions } from '../experiment.ts'
import type { RunNetwork } from '../network-setup.ts'
import { carryOutFaults } from './carry-out-faults.ts'
import { readEvents } from './event-stream.ts'

/** Longest that a run may take: some seconds a round, on a machine that does much besides. */
const RUN_MS_MAX = 600_000

export interface NetOptions<Told> {
  readonly network: Pick<RunNetwork, 'genesis'>
  readonly seed: string
  /** By seat. */
  readonly agents: readonly LocalAgent[]
  /** The limit of a cap that all bargain over, or a law that all propose; null leaves them theirs. */
  readonly law: string | Law | null
  readonly conditions: NetworkConditions
  /** What of all that a node tells is read; undefined for the rest. */
  readonly parse: (told: unknown) => Told | undefined
  /** Whether the run ends with it; asked of each once, in their order. */
  readonly isLast: (told: Told) => boolean
}

/** - `node-ended`: a process ended during the run · `run-too-long` · `stream-ended`: a node stopped telling. */
export class NetRunError extends OperationalError<'node-ended' | 'run-too-long' | 'stream-ended'> {
  override readonly name = 'NetRunError'
}

/**
 * Plays a network to the end of its run among real processes on this machine, and gives what one of them told.
 *
 * No process and no file is left when the promise is settled, however it is.
 * Errors  LaunchError, NetRunError; the reason of the signal where that aborts.
 */
export async function playNet<Told>(
  options: NetOptions<Told>,
  signal: AbortSignal,
): Promise<readonly Told[]> {
  const folder = await mkdtemp(join(tmpdir(), 'commonweal-bench-'))
  const over = new AbortController()
  const { latencyMs, jitterMs, loss } = options.conditions
  let network: LocalNetwork | undefined
  try {
    network = await launchLocalNetwork({
      genesis: options.network.genesis,
      seed: options.seed,
      folder,
      agents: options.agents,
      law: options.law,
      links: { latencyMs, jitterMs, loss },
      signal,
      onEnd: (node, exit) => {
        over.abort(new NetRunError('node-ended', `${node.name} ${describeExit(exit)}`))
      },
    })
    const ending = AbortSignal.any([signal, over.signal, AbortSignal.timeout(RUN_MS_MAX)])
    const faults = carryOutFaults(network, options.conditions, ending).catch((error: unknown) => {
      if (!ending.aborted) over.abort(error)
    })
    const events = await follow(network, options, ending)
    over.abort()
    await faults
    return events
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    await network?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The first node that no condition ends: it can be asked all the time. */
export function firstThatStays({ crashes }: Pick<NetworkConditions, 'crashes'>): number {
  const crashing = new Set(crashes.map(({ node }) => node))
  let node = 0
  while (crashing.has(node)) node += 1
  return node
}

/** What a node tells of its chain, from its first block to the end of the run. */
async function follow<Told>(
  network: LocalNetwork,
  { conditions, parse, isLast }: NetOptions<Told>,
  signal: AbortSignal,
): Promise<readonly Told[]> {
  const { api } = present(network.nodes[firstThatStays(conditions)], 'one node of a run stays')
  const events: Told[] = []
  try {
    const response = await fetch(new URL('/events?after=0', api), {
      signal,
      headers: { accept: 'text/event-stream' },
    })
    for await (const told of readEvents(present(response.body, 'a stream has a body'))) {
      const event = parse(told)
      if (event === undefined) continue
      events.push(event)
      if (isLast(event)) return events
    }
  } catch (error) {
    if (!signal.aborted) throw error
    if (signal.reason instanceof OperationalError) throw signal.reason
    const sentence = `the run was not over after ${RUN_MS_MAX} ms`
    throw new NetRunError('run-too-long', sentence, { cause: error })
  }
  throw new NetRunError('stream-ended', 'the node stopped telling before the run was over')
}
